"""A file as people keep it, in the spelling of the format: read with care, told cell by cell, never guessed.

Only what the format would refuse is looked at, and only what can mean one thing is read (`spellings`). What names a
year or a month where a day should stand is left unknown where the column may be, as long as nothing else is stored.
Why each of this is so: docs/adr/0039.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from core.interchange import problems, spellings
from core.interchange.columns import Column, Day, Exact, Text, first_fault
from core.interchange.kinds import ImportKind
from core.interchange.problems import LINE
from core.interchange.reading import Table

READINGS = {LINE: pl.Int64, "column": pl.String, "value": pl.String, "read": pl.String}
SPANS = {LINE: pl.Int64, "column": pl.String, "value": pl.String, "first": pl.Date, "last": pl.Date}
ALIKE = 0.75  # a column of another name that is so much like one of the kind is a typing error of it


@dataclass(frozen=True)
class Tidied:
    """The rows in the spelling of the format; each cell that was read so: line, column, value, read; the problems
    that were found in doing so; and the years and months where days should be: line, column, value, first, last."""

    table: Table
    readings: pl.DataFrame
    problems: pl.DataFrame = field(default_factory=problems.none)
    spans: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SPANS))


def untouched(table: Table) -> Tidied:
    """A file that is taken at its word."""
    return Tidied(table, pl.DataFrame(schema=READINGS))


# --- The header


def header_name(name: str) -> str:
    """`Founded On` as `founded_on`."""
    return re.sub(r"[\s-]+", "_", spellings.plain(name).casefold())


def strangers(kind: ImportKind, header: Sequence[str], others: Sequence[str]) -> list[str]:
    """The columns of a header that this kind does not know and that are no typing errors of those it does: they can be
    left out. `others` may stand beside those of the kind."""
    known = [column.name for column in kind.columns]
    return [name for name in header if name and name not in known and name not in others and not meant(name, known)]


def meant(name: str, known: Sequence[str]) -> str:
    """The column that somebody may have meant; "" for none."""
    return next(iter(difflib.get_close_matches(header_name(name), known, n=1, cutoff=ALIKE)), "")


def with_header(table: Table, header: Sequence[str]) -> Table:
    """The table under another header."""
    renamed = table.rows.rename(dict(zip(table.header, header, strict=True)))
    return Table(tuple(header), renamed, table.ragged)


def without_columns(table: Table, left_out: Sequence[str]) -> Table:
    """The table without some of its columns."""
    header = tuple(name for name in table.header if name not in left_out)
    return Table(header, table.rows.drop(left_out), table.ragged)


# --- The cells


def tidied(kind: ImportKind, table: Table) -> Tidied:
    """Read each cell that the format would refuse, where it can mean one thing only."""
    columns = [column for column in kind.columns if column.name in table.header]
    known = _Reading(table.rows)
    for column in columns:
        known.blank(column)
        if isinstance(column, Text) and column.is_narrow:
            known.narrow(column)
    for column in columns:
        if not (isinstance(column, Exact) and column.money):
            known.spell(column)
        if isinstance(column, Day):
            known.spell_in_order(column)
            known.leave_spans(column)
    for column in columns:  # the currency of a row was read before
        if isinstance(column, Exact) and column.money:
            known.spell_money(column)
    return known.outcome(table)


class _Reading:
    """The rows as far as they were read, and what was found in doing so."""

    def __init__(self, rows: pl.DataFrame):
        self.rows = rows
        self.readings: list[pl.DataFrame] = []
        self.spans: list[pl.DataFrame] = []
        self.found: list[tuple[int, str, str]] = []

    def outcome(self, table: Table) -> Tidied:
        readings = pl.concat([pl.DataFrame(schema=READINGS), *self.readings])
        # A cell that was read twice, a currency and then another one, is told once.
        first = readings.group_by(LINE, "column", maintain_order=True).agg(
            pl.col("value").first(), pl.col("read").last()
        )
        return Tidied(
            Table(table.header, self.rows, table.ragged),
            first.sort(LINE, maintain_order=True),
            problems.of(self.found),
            pl.concat([pl.DataFrame(schema=SPANS), *self.spans]),
        )

    def blank(self, column: Column) -> None:
        """Empty what says that there is nothing to say."""
        if column.required or column.key:
            return
        said = self._texts(self.rows, column)
        words = [text for text in said if spellings.is_blank(text, unknown=column.may_be_unknown)]
        self._read(column, dict.fromkeys(words, ""))

    def narrow(self, column: Column) -> None:
        """Codes in narrow signs, whatever the column takes."""
        folded = {text: spellings.plain(text) for text in self._texts(self.rows, column)}
        self._read(column, {text: read for text, read in folded.items() if read and read != text})

    def spell(self, column: Column) -> None:
        """Write what has a fault as the format does."""
        texts = [*self._texts(self._faulty(column), column), *(column.nicknames if isinstance(column, Text) else ())]
        spelled = {text: column.spelled(text) for text in texts}
        self._read(column, {text: read for text, read in spelled.items() if read and read != text})

    def spell_in_order(self, column: Day) -> None:
        """Days whose year stands last, in the order that the column has: one of its cells at least can be read in that
        order alone, and none in the other alone."""
        faulty = self._faulty(column)
        days = {text: spellings.either_day(text) for text in self._texts(faulty, column)}
        days = {text: both for text, both in days.items() if any(both)}
        alone = {0 if both[0] else 1 for both in days.values() if not all(both)}
        if len(alone) == 1:
            place = alone.pop()
            read = {text: both[place] for text, both in days.items()}
        else:
            read = {text: both[0] for text, both in days.items() if both[0] == both[1]}
        self._read(column, {text: day for text, day in read.items() if day})
        for line, text in self._faulty(column).select(LINE, column.name).iter_rows():
            if text in days and all(days[text]):
                words = dict(zip(("one", "other"), days[text], strict=True))
                self.found.append(
                    (line, column.name, _("may be %(one)s or %(other)s: write the one that is meant") % words)
                )

    def leave_spans(self, column: Day) -> None:
        """Empty the years and months where the day may be unknown; elsewhere say what is wrong with them."""
        faulty = self._faulty(column)
        spans = {text: span for text in self._texts(faulty, column) if (span := spellings.span(text))}
        cells = faulty.filter(pl.col(column.name).is_in(list(spans))).select(LINE, column.name)
        if not column.empty_is_unknown:
            reason = _("names no day: write it as YYYY-MM-DD")
            self.found += [(line, column.name, reason) for line in cells[LINE]]
            return
        rows = [(line, column.name, text, *spans[text]) for line, text in cells.iter_rows()]
        self.spans.append(pl.DataFrame(rows, schema=SPANS, orient="row"))
        self._read(column, dict.fromkeys(spans, ""))

    def spell_money(self, column: Exact) -> None:
        """Write amounts as the format does, whose currency is that of the column, or that of the row."""
        of_row = column.money if column.money in self.rows.columns else ""
        own = pl.col(of_row) if of_row else pl.lit(column.money if column.money.isupper() else None, pl.String)
        read: dict[int, str] = {}
        currencies: dict[int, str] = {}
        for line, text, currency in self._faulty(column).select(LINE, column.name, own.alias("own")).iter_rows():
            amount = spellings.amount(text, column.places)
            if amount is None:
                continue
            given, told = _agreed(amount, currency, of_row)
            if told:
                self.found.append((line, column.name, told))
                continue
            read[line] = amount.number
            if given:
                currencies[line] = given
        self._write(column.name, read)
        self._write(of_row, currencies)

    # --- How

    def _texts(self, rows: pl.DataFrame, column: Column) -> list[str]:
        return rows[column.name].drop_nulls().unique().to_list()

    def _faulty(self, column: Column) -> pl.DataFrame:
        fault = self.rows.select(first_fault(column))["reason"].is_not_null()
        return self.rows.filter(fault & self.rows[column.name].is_not_null())

    def _read(self, column: Column, spelled: Mapping[str, str]) -> None:
        """Write each of the texts in another way; "" for an empty cell."""
        if not spelled:
            return
        cells = self.rows.select(LINE, pl.col(column.name).alias("value")).filter(pl.col("value").is_in(list(spelled)))
        if cells.is_empty():
            return
        read = cells.with_columns(pl.lit(column.name).alias("column"), pl.col("value").replace(spelled).alias("read"))
        self.readings.append(read.select(*READINGS))
        put = pl.col(column.name).replace(spelled)
        self.rows = self.rows.with_columns(pl.when(put != "").then(put).alias(column.name))

    def _write(self, name: str, texts: Mapping[int, str]) -> None:
        """Write other texts into a column, by line."""
        if not texts:
            return
        new = pl.DataFrame(list(texts.items()), schema={LINE: pl.Int64, "read": pl.String}, orient="row")
        both = self.rows.join(new, on=LINE, how="left", maintain_order="left")
        value = pl.col(name).fill_null("").alias("value")
        told = both.filter(pl.col("read").is_not_null()).select(LINE, pl.lit(name).alias("column"), value, "read")
        self.readings.append(told)
        self.rows = both.with_columns(pl.coalesce("read", name).alias(name)).drop("read")


def _agreed(amount: spellings.Amount, own: str | None, of_row: str) -> tuple[str, str]:
    """The currency that an amount gives a row which names none in its column `of_row`, and why the amount cannot be in
    the currency `own`; both "" where all is well."""
    named = amount.currencies
    if not named or own in named:
        return "", ""
    if own in spellings.SHARED_SIGNS and named & spellings.SHARED_SIGNS[own]:
        named, own = named & spellings.SHARED_SIGNS[own], None
    words = {"named": ", ".join(sorted(named)), "own": own, "column": of_row or "currency"}
    if own:
        return "", _("is in %(named)s, and %(own)s is asked for here: convert it, or mend the currency") % words
    if not of_row:
        return "", _("names its currency, %(named)s: write that into a column %(column)s") % words
    if len(named) > 1:
        return "", _("may be in any of %(named)s: write the one that is meant into %(column)s") % words
    return next(iter(named)), ""


# --- Years where days should be


def settle(
    tidy: Tidied, typed: pl.DataFrame, held: pl.DataFrame, key: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows and further problems, after a look at what is stored of them (`held`, typed as they are): a day
    that lies in the span that the file names stays, another one contradicts it."""
    found = [problems.none()]
    for (name,), spans in tidy.spans.group_by("column", maintain_order=True):
        column = str(name)
        stored = held.select(*key, pl.col(column).alias("stored")).drop_nulls("stored")
        both = typed.join(spans.select(LINE, "first", "last"), on=LINE, how="left", maintain_order="left")
        both = both.join(stored, on=list(key), how="left", maintain_order="left")
        within = pl.col("stored").is_between(pl.col("first"), pl.col("last"))
        reason = pl.format(_("does not hold the day that is on record, {}"), pl.col("stored").cast(pl.String))
        found.append(problems.where(both, ~within, column, reason))
        typed = both.with_columns(pl.when(within).then("stored").otherwise(column).alias(column)).select(typed.columns)
    return typed, problems.together(found)
