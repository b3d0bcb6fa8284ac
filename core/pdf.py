"""PDF/A, tagged for screen readers, set by Typst from a template of ours and data as JSON.

A template is set after `pdf.typ`, which holds what papers have in common, as one source. It evaluates none of its data,
and can read no file but those of this folder. The data of every paper name `language`, `words` (with `portal` and
`page`) and `paper`: the `name` of the document, and what stands at the foot of each page, `label`, `number` and `note`.
"""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from core.markup import NARROW_SPACE

PAPER = Path(__file__).parent / "pdf.typ"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
SPACE = "\N{NO-BREAK SPACE}"  # for the narrow one, which the typeface lacks


def pdf(template: Path, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The template set with the data. The same moment gives the same bytes."""
    text = json.dumps(data, ensure_ascii=False).replace(NARROW_SPACE, SPACE)
    made = at.astimezone(dt.UTC).replace(microsecond=0)
    source: Any = PAPER.read_bytes() + template.read_bytes()
    found = typst.compile(
        source, root=PAPER.parent, font_paths=_fonts(), sys_inputs={"data": text}, format="pdf",
        pdf_standards=STANDARDS, timestamp=made,
    )  # fmt: skip
    return bytes(found)


@functools.cache
def _fonts() -> typst.Fonts:
    """One family for all scripts, out of its wheel, and none of the machine: the same paper everywhere."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise RuntimeError("the package noto-cjk-sans-otc is not installed: install the portal's requirements again")
    folder = Path(found.origin).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
