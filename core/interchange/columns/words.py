"""Columns of words: texts, codes of a list, yes and no."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.constraints import NUMBER_LENGTH
from core.interchange import spellings
from core.interchange.columns.column import Column, Fault
from core.text import TURNING_MARKS


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


def numbered(name: str) -> Text:
    """The key of a kind whose rows have a number or code: any characters, on one line."""
    return Text(name=name, required=True, key=True, max_length=NUMBER_LENGTH)
