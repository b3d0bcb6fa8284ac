"""Columns of numbers: whole ones, and exact decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _

from core.interchange import spellings
from core.interchange.columns.column import Column, Fault


@dataclass(frozen=True, kw_only=True)
class Whole(Column):
    """A whole number between two bounds, both included."""

    minimum: int = 0
    maximum: int = 2_147_483_647

    @property
    def dtype(self) -> pl.DataType:
        return pl.Int64()

    def faults(self) -> Sequence[Fault]:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return [
            (~self.cell.str.contains(r"^-?[0-9]{1,18}$"), _("is not a whole number")),
            (
                ~self.value().is_between(self.minimum, self.maximum),
                _("is not between %(minimum)s and %(maximum)s") % bounds,
            ),
        ]

    def value(self) -> pl.Expr:
        return pl.when(self.cell.str.contains(r"^-?[0-9]{1,18}$")).then(self.cell).cast(pl.Int64).alias(self.name)

    def spelled(self, text: str) -> str | None:
        return spellings.whole(text)


@dataclass(frozen=True, kw_only=True)
class Exact(Column):
    """A decimal with up to `places` places and a point, between two bounds. More places are refused, never rounded.

    `money`: for amounts, their currency by its code, or the column of the file that names it.
    """

    places: int
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(9999999999999999)
    above_minimum: bool = False
    money: str = ""

    @property
    def dtype(self) -> pl.DataType:
        return pl.Decimal(precision=18, scale=self.places)

    @property
    def _form(self) -> str:
        places = rf"(\.[0-9]{{1,{self.places}}})?" if self.places else ""
        return rf"^-?[0-9]{{1,{18 - self.places}}}{places}$"

    def faults(self) -> Sequence[Fault]:
        number = self.cell.str.contains(r"^-?[0-9]+(\.[0-9]+)?$")
        return [
            (~number, _("is not a number: write digits, with a point before the decimals")),
            (
                number & self.cell.str.contains(rf"\.[0-9]{{{self.places + 1},}}$"),
                _("has more than %(places)d decimal places") % {"places": self.places},
            ),
            (number & ~self.cell.str.contains(self._form), _("is too large")),
            (~self._within(), self._bounds()),
        ]

    def _within(self) -> pl.Expr:
        # Compared in the column's own exact type: a literal of another scale would be converted by way of a float.
        least, most = (pl.lit(bound, dtype=self.dtype) for bound in self._ends())
        value = self.value()
        return (value > least if self.above_minimum else value >= least) & (value <= most)

    def _ends(self) -> tuple[Decimal, Decimal]:
        largest = Decimal(10 ** (18 - self.places) - 1)
        return self.minimum, min(self.maximum, largest)

    def _bounds(self) -> str:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        if self.above_minimum:
            return _("must be more than %(minimum)s and at most %(maximum)s") % bounds
        return _("must lie between %(minimum)s and %(maximum)s") % bounds

    def value(self) -> pl.Expr:
        well_formed = pl.when(self.cell.str.contains(self._form)).then(self.cell)
        return well_formed.cast(self.dtype).alias(self.name)

    def spelled(self, text: str) -> str | None:
        return spellings.number(text, self.places)
