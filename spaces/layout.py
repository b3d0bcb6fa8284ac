"""Where the units of a floor are drawn that nobody has measured: packed into rows, in proportion to their areas. Pure.

The floor becomes a rectangle about twice as wide as deep, whose sides are in metres: each unit has as many square
metres on it as in the register, and stands where its neighbours in the order stand, whoever comes to the floor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

ASPECT = 2


@dataclass(frozen=True)
class Box:
    """A rectangle on a floor, in metres from its upper left corner."""

    x: Fraction
    y: Fraction
    width: Fraction
    depth: Fraction

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.depth
            and other.y < self.y + self.depth
        )

    def lowered(self, by: Fraction) -> "Box":
        return Box(self.x, self.y + by, self.width, self.depth)


def packed(areas: Sequence[Decimal]) -> list[Box]:
    """A box for each area, in their order: row by row, and in a row from left to right. Areas are more than 0."""
    boxes: list[Box] = []
    if areas:
        width, y = _width(areas), Fraction(0)
        for row in _rows(areas):
            depth = Fraction(sum(row)) / width
            boxes.extend(_in_a_row(row, y, depth))
            y += depth
    return boxes


def _width(areas: Sequence[Decimal]) -> Fraction:
    """Of the whole floor, to the decimetre."""
    return Fraction(max(isqrt(int(Fraction(sum(areas)) * ASPECT * 100)), 1), 10)


def _rows(areas: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """About as many rows as make the boxes square, each with about the same area."""
    count = max(1, isqrt(len(areas) // ASPECT))
    share = Fraction(sum(areas)) / count
    rows: list[list[Decimal]] = [[] for _row in range(count)]
    before = Fraction(0)
    for area in areas:
        middle = before + Fraction(area) / 2
        rows[min(int(middle / share), count - 1)].append(area)
        before += Fraction(area)
    return (row for row in rows if row)


def _in_a_row(row: Sequence[Decimal], y: Fraction, depth: Fraction) -> Iterator[Box]:
    x = Fraction(0)
    for area in row:
        width = Fraction(area) / depth
        yield Box(x, y, width, depth)
        x += width
