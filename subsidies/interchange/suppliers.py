"""The file `suppliers`: whom companies pay, and when the zone admits them. Both days of an admission are included."""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _

from core.frames import read_frame
from core.interchange import checking, problems, staging
from core.interchange.columns import Column, Day, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from subsidies.bulk import costs

ADMITTED = ("admitted_from", "admitted_until")

SUPPLIERS: tuple[Column, ...] = (
    numbered("supplier"),
    Text(name="name", required=True, max_length=200),
    Text(name="company", max_length=32, is_narrow=True),
    Day(name="admitted_from"),
    Day(name="admitted_until"),
)


def check_suppliers(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, and admissions without a first day or that end before it."""
    found = [checking.unknown_company(rows)]
    given = set(ADMITTED) & set(rows.columns)
    if given:
        whole = checking.with_stored(rows, _held(rows), ["supplier"])
        column = "admitted_until" if "admitted_until" in given else "admitted_from"
        open_start = pl.col("admitted_from").is_null() & pl.col("admitted_until").is_not_null()
        found.append(problems.where(whole, open_start, column, _("an admission needs its first day")))
        found.append(checking.reversed_period(whole, *ADMITTED, named=given))
    return problems.together(found)


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    return read_frame(
        "SELECT code, lower(admission), upper(admission) - 1 FROM subsidies_supplier WHERE code = ANY(%s)",
        [rows["supplier"].to_list()],
        {"supplier": pl.String(), "admitted_from": pl.Date(), "admitted_until": pl.Date()},
    )


def store_suppliers(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the suppliers."""
    del on
    return costs.upsert_suppliers(rows.drop(LINE), tick)


def all_suppliers(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All suppliers, by code."""
    del on, month
    return staging.frames_of(
        """SELECT held.code, held.name, company.code, lower(held.admission), upper(held.admission) - 1
           FROM subsidies_supplier held LEFT JOIN companies_company company ON company.id = held.company_id
           ORDER BY held.code COLLATE "C" """,
        {column.name: column.dtype for column in SUPPLIERS},
    )


register(
    ImportKind("suppliers", SUPPLIERS, check=check_suppliers, store=store_suppliers, about="company"),
    ExportKind("suppliers", all_suppliers, SUPPLIERS),
)
