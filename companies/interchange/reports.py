"""The file `reports`: its columns, what contradicts the register, and its way in and out.

What the file says of `verified` is what the zone says: files come from the zone's own books. A void report is in no
file, and another one may take its place.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from companies.bulk.reports import upsert_reports
from companies.choices import ReportMonths
from companies.models.reports import MOST_PEOPLE
from core.interchange import checking, staging
from core.interchange.columns import Choice, Column, Day, Exact, Text, Whole, YesNo
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import MOST_YEARLY_YUAN, YUAN


def _yuan(name: str) -> Exact:
    return Exact(name=name, places=2, maximum=MOST_YEARLY_YUAN, money=YUAN)


REPORTS: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32, is_narrow=True),
    Day(name="period_end", required=True, key=True),
    Choice(name="months", required=True, values=tuple(str(months) for months in ReportMonths.values)),
    _yuan("revenue"),
    Exact(name="profit", places=2, minimum=-MOST_YEARLY_YUAN, maximum=MOST_YEARLY_YUAN, money=YUAN),
    _yuan("rd_spend"),
    Whole(name="employees", maximum=MOST_PEOPLE),
    _yuan("export_revenue"),
    YesNo(name="product_in_use"),
    YesNo(name="verified"),
)


def check_reports(rows: pl.DataFrame) -> pl.DataFrame:
    """Companies that the register does not have."""
    return checking.unknown_company(rows)


def store_reports(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the reports."""
    del on
    return upsert_reports(rows.drop(LINE), tick)


def all_reports(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All reports that are not void, by company and day."""
    del on, month
    return staging.frames_of(
        """SELECT company.code, held.period_end, held.months::text, held.revenue, held.profit, held.rd_spend,
                  held.employees, held.export_revenue, held.product_in_use, held.verified_at IS NOT NULL
           FROM companies_report held JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL ORDER BY company.code COLLATE "C", held.period_end""",
        {column.name: column.dtype for column in REPORTS},
    )


register(
    ImportKind("reports", REPORTS, check=check_reports, store=store_reports, about="company"),
    ExportKind("reports", all_reports, REPORTS),
)
