"""Columns of a file: how their text is read, what is wrong with a cell, and how a value is written back.

Pure Polars expressions, one definition for any number of rows. Reading expects stripped text with null for an empty
cell; `faults` come in the order in which a reader would want to hear them, and the first that holds is reported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.constraints import NUMBER_LENGTH
from core.interchange import spellings
from core.periods import EARLIEST, LATEST
from core.text import TURNING_MARKS

DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MONTH_FORM = r"^[0-9]{4}-(0[1-9]|1[0-2])$"

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


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    """Text up to `max_length`, without control characters. `pattern` must match the whole; `form` says it in words.

    `spelling` knows other ways to write it than the pattern's, besides full-width signs, and is asked about `nicknames`
    too, which fit the pattern. `is_narrow`: no such text has full-width signs, as no code of a company has.
    """

    max_length: int
    pattern: str = ""
    form: str | Promise = ""
    spelling: Callable[[str], str | None] = spellings.plain
    nicknames: tuple[str, ...] = ()
    is_narrow: bool = False

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def faults(self) -> Sequence[Fault]:
        found: list[Fault] = [
            (
                self.cell.str.contains(rf"[\x00-\x1f\x7f{TURNING_MARKS}]"),
                _("contains a line break or another control character"),
            ),
            (
                self.cell.str.len_chars() > self.max_length,
                _("is longer than %(length)d characters") % {"length": self.max_length},
            ),
        ]
        if self.pattern:
            found.append((~self.cell.str.contains(self.pattern), str(self.form)))
        return found

    def value(self) -> pl.Expr:
        return self.cell

    def spelled(self, text: str) -> str | None:
        return self.spelling(text)


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One of a few codes."""

    values: tuple[str, ...]

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def faults(self) -> Sequence[Fault]:
        known = _("is none of %(values)s") % {"values": ", ".join(self.values)}
        return [(~self.cell.is_in(list(self.values)), known)]

    def value(self) -> pl.Expr:
        return self.cell

    def spelled(self, text: str) -> str | None:
        word = spellings.plain(text).casefold()
        return word if word in self.values else None


@dataclass(frozen=True, kw_only=True)
class YesNo(Column):
    """`yes` or `no`."""

    @property
    def dtype(self) -> pl.DataType:
        return pl.Boolean()

    def faults(self) -> Sequence[Fault]:
        return [(~self.cell.is_in(["yes", "no"]), _("is neither yes nor no"))]

    def value(self) -> pl.Expr:
        return pl.when(self.cell.is_in(["yes", "no"])).then(self.cell == "yes").alias(self.name)

    def spelled(self, text: str) -> str | None:
        return spellings.yes_or_no(text)

    def text(self) -> pl.Expr:
        return pl.when(self.cell).then(pl.lit("yes")).when(~self.cell).then(pl.lit("no")).alias(self.name)


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


def numbered(name: str) -> Text:
    """The key of a kind whose rows have a number or code: any characters, on one line."""
    return Text(name=name, required=True, key=True, max_length=NUMBER_LENGTH)


def first_fault(column: Column) -> pl.Expr:
    """What to tell about each cell of a column; null where all is well."""
    told = pl.lit(None, pl.String)
    for condition, reason in reversed(column.faults()):
        told = pl.when(condition.fill_null(value=False)).then(pl.lit(reason)).otherwise(told)
    if column.required:
        told = pl.when(column.cell.is_null()).then(pl.lit(_("is missing"))).otherwise(told)
    return told.alias("reason")
