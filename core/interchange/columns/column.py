"""What all columns of files have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

Fault = tuple[pl.Expr, str]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a kind. `required`: the header must have it and every row must fill it. `key`: part of the key."""

    name: str
    required: bool = False
    key: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The type of the values in frames."""
        raise NotImplementedError

    @property
    def cell(self) -> pl.Expr:
        return pl.col(self.name)

    def faults(self) -> Sequence[Fault]:
        """Conditions on the text of a cell, each with what to tell about it."""
        raise NotImplementedError

    def value(self) -> pl.Expr:
        """The typed value; null for an empty cell, and for one with a fault."""
        raise NotImplementedError

    def text(self) -> pl.Expr:
        """A typed value as it stands in a CSV file."""
        return self.cell.cast(pl.String)

    def spelled(self, text: str) -> str | None:
        """What a text with a fault says in the spelling of the format, where it can mean only one thing (`tidying`)."""
        del text
        return None

    @property
    def may_be_unknown(self) -> bool:
        """Whether an empty cell means that nobody knows."""
        return not self.required


def first_fault(column: Column) -> pl.Expr:
    """What to tell about each cell of a column; null where all is well."""
    told = pl.lit(None, pl.String)
    for condition, reason in reversed(column.faults()):
        told = pl.when(condition.fill_null(value=False)).then(pl.lit(reason)).otherwise(told)
    if column.required:
        told = pl.when(column.cell.is_null()).then(pl.lit(_("is missing"))).otherwise(told)
    return told.alias("reason")
