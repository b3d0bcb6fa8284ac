"""Papers as PDF/A, tagged for screen readers, in the language that is active. Typst sets them.

A template is set after `paper.typ`, which holds what all papers have in common, as one source. It takes its data as
JSON and evaluates none of it; it can read no file but those of this folder. What a paper holds is bounded (some dozens
of rows) and takes some 50 ms, so that it is made while the reader waits.

The data of every paper name `language`, `words` (with `portal` and `page`) and `paper`: the `name` of the document, and
what stands at the foot of each page: `label` and `number`, and a `note`.
"""

import datetime as dt
import functools
import io
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst

from core.markup import NARROW_SPACE

PAPER = Path(__file__).parent / "paper.typ"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
SPACE = "\N{NO-BREAK SPACE}"  # for the narrow one, which the typeface lacks


def pdf(template: Path, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The paper as it stands at the moment `at`. The same data and moment give the same bytes."""
    made = at.astimezone(dt.UTC).replace(microsecond=0)
    compiled: bytes = _compiled(template, data, format="pdf", pdf_standards=STANDARDS, timestamp=made)
    return compiled


def image(template: Path, data: Mapping[str, Any]) -> list[bytes]:
    """Its pages as PNG, to look at."""
    pages = _compiled(template, data, format="png")
    return pages if isinstance(pages, list) else [pages]


def qr_code(address: str) -> str:
    """An address as a QR code, as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _compiled(template: Path, data: Mapping[str, Any], **options: Any) -> Any:
    source = PAPER.read_bytes() + template.read_bytes()
    words = json.dumps(data, ensure_ascii=False).replace(NARROW_SPACE, SPACE)
    return typst.compile(source, root=PAPER.parent, font_paths=_fonts(), sys_inputs={"data": words}, **options)


@functools.cache
def _fonts() -> typst.Fonts:
    """One family for all scripts, out of its wheel, and none of the machine: the same paper everywhere."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise RuntimeError("the package noto-cjk-sans-otc is not installed: install the portal's requirements again")
    folder = Path(found.origin).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
