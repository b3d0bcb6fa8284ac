"""In what a month's rent statements differ from those of the month before, for whoever issues them.

A month has other days than the one before, so that every amount differs. What is told is what the days do not explain:
who is new, who is gone, whose rent or relief is another one a day, and whom a correction reaches.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import polars as pl
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core.frames import read_frame
from core.interchange.columns import Exact, Text
from core.markup import listed
from core.money import FEN
from core.periods import DAY, next_month, previous_month
from subsidies.models import RentStatement

WHAT: dict[str, Promise] = {
    "new": pgettext_lazy("differs from last month", "new"),
    "gone": pgettext_lazy("differs from last month", "no rent any more"),
    "rent": pgettext_lazy("differs from last month", "rent"),
    "relief_begins": pgettext_lazy("differs from last month", "relief begins"),
    "relief_ends": pgettext_lazy("differs from last month", "relief ends"),
    "relief": pgettext_lazy("differs from last month", "relief"),
    "corrections": pgettext_lazy("differs from last month", "corrections"),
}

BOTH_MONTHS = """
    SELECT c.code, c.name, c.name_zh, coalesce(now.public_id, past.public_id)::text,
           {now}, (SELECT count(*) FROM subsidies_rentline l WHERE l.statement_id = now.id),
           {past}, (SELECT count(*) FROM subsidies_rentline l WHERE l.statement_id = past.id)
    FROM (SELECT * FROM subsidies_rentstatement WHERE month = %s) now
    FULL JOIN (SELECT * FROM subsidies_rentstatement WHERE month = %s) past USING (company_id)
    JOIN companies_company c ON c.id = company_id
"""
SUMS = ("rent", "waived", "adjustment", "payable")
TYPES = {
    **dict.fromkeys(("code", "name", "name_zh", "public_id"), pl.String()),
    **dict.fromkeys((*SUMS, "lines", *(f"{name}_before" for name in (*SUMS, "lines"))), pl.Int64()),
}
AMOUNTS = ("rent_before", "rent", "waived_before", "waived", "adjustment", "payable_before", "payable")
COLUMNS = (
    Text(name="company", max_length=32),
    Text(name="what", max_length=64),
    *(Exact(name=name, places=2) for name in AMOUNTS),
)


@dataclass(frozen=True)
class Sums:
    """Of all rent statements of a month, in yuan."""

    month: dt.date
    count: int
    rent: Decimal
    waived: Decimal
    adjustment: Decimal
    payable: Decimal


@dataclass(frozen=True)
class Difference:
    """Of one company, in yuan; `kinds` are codes of `WHAT`. `public_id` is its statement's, of one that is gone that of
    the month before."""

    company: Any  # its `code`, `name` and `name_zh`
    public_id: str
    kinds: tuple[str, ...]
    rent_before: Decimal
    rent: Decimal
    waived_before: Decimal
    waived: Decimal
    adjustment: Decimal
    payable_before: Decimal
    payable: Decimal

    @property
    def what(self) -> str:
        """In words."""
        return listed(WHAT[kind] for kind in self.kinds)

    @property
    def change(self) -> Decimal:
        """By how much more, or less, is to be paid."""
        return self.payable - self.payable_before


def sums_of(month: dt.date) -> Sums:
    """The totals of a month."""
    nothing = Decimal(0)
    found = RentStatement.objects.filter(month=month).aggregate(
        count=Count("pk"), **{name: Coalesce(Sum(name), nothing) for name in SUMS}
    )
    return Sums(month=month, **found)


def differences(month: dt.date) -> list[Difference]:
    """Of the companies that differ, those first whose amount to pay changes most. One query, and as many rows in memory
    as there are tenants."""
    before = previous_month(month)
    found = read_frame(_query(), [month, before], TYPES)
    marked = found.with_columns(pl.col(pl.Int64).fill_null(0)).with_columns(**_marks(_days(month), _days(before)))
    differing = marked.filter(pl.any_horizontal(*map(_mark, WHAT)))
    change = (pl.col("payable") - pl.col("payable_before")).abs()
    return list(_told(differing.sort(-change, "code")))


def frame(found: list[Difference]) -> pl.DataFrame:
    """The same for a file."""
    rows = [(one.company.code, ";".join(one.kinds), *(getattr(one, name) for name in AMOUNTS)) for one in found]
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in COLUMNS}, orient="row")


def _query() -> str:
    def amounts(side: str) -> str:
        return ", ".join(f"({side}.{name} * 100)::bigint" for name in SUMS)

    return BOTH_MONTHS.format(now=amounts("now"), past=amounts("past"))


def _days(month: dt.date) -> int:
    return (next_month(month) - DAY).day


def _marks(days: int, days_before: int) -> dict[str, pl.Expr]:
    """Of each kind, whether a company differs by it. What it is called is not what a column of amounts is called."""
    has_rent, had_rent = pl.col("rent") > 0, pl.col("rent_before") > 0
    stays, relieved, was_relieved = has_rent & had_rent, pl.col("waived") > 0, pl.col("waived_before") > 0

    def differs(name: str) -> pl.Expr:
        """More than the days and the rounding of each line to a fen, once, explain. In halves of a fen, times days of
        the other month."""
        apart = (pl.col(name) * days_before - pl.col(f"{name}_before") * days).abs() * 2
        return apart > pl.col("lines") * days_before + pl.col("lines_before") * days

    marks = {
        "new": has_rent & ~had_rent,
        "gone": had_rent & ~has_rent,
        "rent": stays & differs("rent"),
        "relief_begins": stays & relieved & ~was_relieved,
        "relief_ends": stays & ~relieved & was_relieved,
        "relief": stays & relieved & was_relieved & differs("waived"),
        "corrections": (pl.col("adjustment") != 0) | (pl.col("adjustment_before") != 0),
    }
    return {_mark(kind): found for kind, found in marks.items()}


def _mark(kind: str) -> str:
    return f"by_{kind}"


def _told(rows: pl.DataFrame) -> Iterator[Difference]:
    for row in rows.iter_rows(named=True):
        yield Difference(
            company=SimpleNamespace(code=row["code"], name=row["name"], name_zh=row["name_zh"]),
            public_id=row["public_id"],
            kinds=tuple(kind for kind in WHAT if row[_mark(kind)]),
            **{name: row[name] * FEN for name in AMOUNTS},
        )
