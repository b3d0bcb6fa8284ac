"""Which files prove something: told by their content alone, never by their name or by what the browser says."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from companies.models.evidence import LONGEST_NAME

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, what its name ends with, its type, and how its content is known."""

    label: str
    suffix: str
    media_type: str
    fits: Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _office(part: str) -> Callable[[bytes], bool]:
    """A document of Office Open XML with this part, and without macros."""

    def fits(content: bytes) -> bool:
        if not content.startswith(b"PK"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        has_macros = any(PurePath(name).name.lower() == "vbaproject.bin" for name in names)
        return {"[Content_Types].xml", part} <= names and not has_macros

    return fits


KINDS = (
    Kind("PDF", ".pdf", "application/pdf", _begins(b"%PDF-")),
    Kind("PNG", ".png", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("JPEG", ".jpg", "image/jpeg", _begins(b"\xff\xd8\xff")),
    Kind("XLSX", ".xlsx", f"{OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    Kind("DOCX", ".docx", f"{OFFICE}.wordprocessingml.document", _office("word/document.xml")),
)


def kind_of(content: bytes) -> Kind | None:
    """The kind of a file; None for one that is not taken."""
    return next((kind for kind in KINDS if kind.fits(content)), None)


def name_for(name: str, kind: Kind) -> str:
    """The name without folders and unprintable characters, with the ending that its content has."""
    plain = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    stem = PurePath(plain).stem.strip(" .") or "evidence"
    return f"{stem[: LONGEST_NAME - len(kind.suffix)]}{kind.suffix}"
