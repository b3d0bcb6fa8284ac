"""Which leases of a file cannot be, because another has the unit on some of their days. Pure.

Frames have `lease`, `company`, `unit` (String), `first_day`, `until` (Date; half-open, null for open) and `line`, null
for a lease that is stored and that the file does not mention.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

FOREVER = dt.date(9999, 12, 31)
COLUMNS = ["line", "lease", "company", "unit", "first_day", "until"]


@dataclass(frozen=True)
class Let:
    """A unit let from its first day until the day after its last."""

    line: int | None
    lease: str
    company: str
    unit: str
    first_day: dt.date
    until: dt.date

    def overlaps(self, other: "Let") -> bool:
        return self.first_day < other.until and other.first_day < self.until


@dataclass(frozen=True)
class Clash:
    """A row of the file and the lease that was there before it, stored or on an earlier line."""

    row: Let
    other: Let


def clashes(leases: pl.DataFrame) -> list[Clash]:
    """One clash for each row that cannot be. Stored leases come first, then the file's rows by line; what clashed does
    not stand in the way of later rows."""
    ordered = leases.select(COLUMNS).with_columns(pl.col("until").fill_null(FOREVER)).sort("unit", "first_day")
    before = pl.col("until").cum_max().shift(1).over("unit")
    crowded = ordered.filter((before > pl.col("first_day")).any().over("unit"))
    return list(_one_by_one(crowded.sort("unit", "line", "first_day", nulls_last=False)))


def _one_by_one(crowded: pl.DataFrame) -> Iterator[Clash]:
    standing: list[Let] = []
    for row in (Let(*values) for values in crowded.iter_rows()):
        if standing and standing[0].unit != row.unit:
            standing = []
        other = next((let for let in standing if let.overlaps(row)), None)
        if other is None or row.line is None:
            standing.append(row)
        else:
            yield Clash(row, other)
