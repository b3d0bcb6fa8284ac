"""A floor as numbers for SVG: where each unit's box is and which words fit into it. Pure; CSS has the colours."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from spaces.layout import Box, packed

WIDTH = 1000  # of the drawing; its units are about pixels
LINE, TOP, SIDE = 16, 26, 8  # the height of a line, and where words begin in a box
WIDE, NARROW = 12.5, 7.0  # what a Chinese and a Latin sign take
GAP = Fraction(2)  # metres between what was measured and what is packed


class Placed(Protocol):
    """A unit as the drawing needs it: its area, and its box where somebody measured it."""

    area_m2: Any

    @property
    def box(self) -> Box | None: ...


@dataclass(frozen=True)
class Shape:
    """A unit's box with the words that fit, the first of them its code."""

    held: Any
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]

    @property
    def text_x(self) -> float:
        return round(self.x + SIDE, 1)

    @property
    def band(self) -> dict[str, float]:
        """The strip along the top whose pattern tells the state."""
        return {"x": round(self.x + 1, 1), "y": round(self.y + 1, 1), "width": round(max(self.width - 2, 0), 1)}


@dataclass(frozen=True)
class Drawing:
    shapes: list[Shape]
    width: int
    height: float

    @property
    def view(self) -> str:
        """The box that is seen: the drawing with room for its outline."""
        return f"-2 -2 {self.width + 4} {self.height + 4}"


def boxes_of(units: Sequence[Placed]) -> list[Box]:
    """The measured boxes, and below them those of the other units."""
    measured = [unit.box for unit in units if unit.box is not None]
    others = iter(packed([unit.area_m2 for unit in units if unit.box is None]))
    below = max((box.y + box.depth for box in measured), default=Fraction(0)) + (GAP if measured else 0)
    return [unit.box if unit.box is not None else next(others).lowered(below) for unit in units]


def drawing_of(rows: Sequence[tuple[Any, Placed, Iterable[str]]]) -> Drawing:
    """Of each row: what the shape is about, its unit, and the words for it, the most important first."""
    boxes = boxes_of([unit for _held, unit, _words in rows])
    across = max((box.x + box.width for box in boxes), default=Fraction(1))
    scale = WIDTH / across
    shapes = [_shape(held, box, scale, words) for (held, _unit, words), box in zip(rows, boxes, strict=True)]
    height = max((float((box.y + box.depth) * scale) for box in boxes), default=0.0)
    return Drawing(shapes, WIDTH, round(height, 1))


def _shape(held: Any, box: Box, scale: Fraction, words: Iterable[str]) -> Shape:
    x, y, width, height = (round(float(side * scale), 1) for side in (box.x, box.y, box.width, box.depth))
    room = max(int((height - TOP + LINE) // LINE), 0)
    fitting = [fitted(text, width - 2 * SIDE) for text in list(words)[:room]]
    lines = tuple((round(y + TOP + number * LINE, 1), text) for number, text in enumerate(fitting) if text)
    return Shape(held, x, y, width, height, lines)


def fitted(text: str, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room; "" where not even that fits."""
    if sum(map(_width, text)) <= room:
        return text
    kept, left = "", room - WIDE
    for sign in text:
        left -= _width(sign)
        if left < 0:
            break
        kept += sign
    return f"{kept.rstrip()}…" if kept else ""


def _width(sign: str) -> float:
    return WIDE if unicodedata.east_asian_width(sign) in "WF" else NARROW
