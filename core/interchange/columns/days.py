"""Columns of days and months."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from core.interchange import spellings
from core.interchange.columns.column import Column, Fault
from core.periods import EARLIEST, LATEST

DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MONTH_FORM = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, kw_only=True)
class Day(Column):
    """A day as `YYYY-MM-DD`. `empty_is_unknown`: an empty cell means that nobody knows the day, and not that there is
    none, as of an end; so a year alone can be left unknown."""

    empty_is_unknown: bool = False

    @property
    def may_be_unknown(self) -> bool:
        return self.empty_is_unknown

    @property
    def dtype(self) -> pl.DataType:
        return pl.Date()

    def _parsed(self) -> pl.Expr:
        well_formed = pl.when(self.cell.str.contains(DAY_FORM)).then(self.cell)
        return well_formed.str.to_date("%Y-%m-%d", strict=False).alias(self.name)

    def faults(self) -> Sequence[Fault]:
        bounds = {"earliest": EARLIEST, "latest": LATEST}
        return [
            (~self.cell.str.contains(DAY_FORM), _("is not a day: write it as YYYY-MM-DD")),
            (self.cell.is_not_null() & self._parsed().is_null(), _("is not a day of the calendar")),
            (
                ~self._parsed().is_between(EARLIEST, LATEST),
                _("lies outside %(earliest)s to %(latest)s; leave the cell empty for an open end") % bounds,
            ),
        ]

    def value(self) -> pl.Expr:
        return self._parsed()

    def spelled(self, text: str) -> str | None:
        return spellings.day(text)


@dataclass(frozen=True, kw_only=True)
class Month(Column):
    """A month as `YYYY-MM`; in frames its first day."""

    @property
    def dtype(self) -> pl.DataType:
        return pl.Date()

    def faults(self) -> Sequence[Fault]:
        return [(~self.cell.str.contains(MONTH_FORM), _("is not a month: write it as YYYY-MM"))]

    def value(self) -> pl.Expr:
        well_formed = pl.when(self.cell.str.contains(MONTH_FORM)).then(self.cell)
        return (well_formed + "-01").str.to_date("%Y-%m-%d", strict=False).alias(self.name)

    def text(self) -> pl.Expr:
        return self.cell.dt.strftime("%Y-%m")

    def spelled(self, text: str) -> str | None:
        return spellings.month(text)
