"""The file `talents`: its columns, what contradicts the zone's books, and its way in and out.

In files both days of an employment are included. Who is void is in no file, and his code is not given out again.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _

from community import bulk
from community.choices import TalentGrade
from core.frames import read_frame
from core.interchange import checking, problems, staging
from core.interchange.columns import Choice, Column, Day, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE

EMPLOYED = ("employed_from", "employed_until")

TALENTS: tuple[Column, ...] = (
    numbered("talent"),
    Text(name="name", required=True, max_length=120),
    Choice(name="class", values=tuple(TalentGrade.values)),
    Text(name="company", max_length=32, is_narrow=True),
    Day(name="employed_from"),
    Day(name="employed_until"),
)


def check_talents(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, void talents, employments in no company, and those that end before they begin."""
    found = [
        checking.unknown_company(rows),
        checking.declared_void(rows, "talent", "community_talent", stored="code"),
    ]
    given = {"company", *EMPLOYED} & set(rows.columns)
    if given:
        whole = checking.with_stored(rows, _held(rows), ["talent"])
        found += [_employed_nowhere(whole, given), checking.reversed_period(whole, *EMPLOYED, named=given)]
    return problems.together(found)


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    return read_frame(
        """SELECT held.code, company.code, lower(held.employment), upper(held.employment) - 1
           FROM community_talent held LEFT JOIN companies_company company ON company.id = held.company_id
           WHERE held.code = ANY(%s)""",
        [rows["talent"].to_list()],
        {"talent": pl.String(), "company": pl.String(), "employed_from": pl.Date(), "employed_until": pl.Date()},
    )


def _employed_nowhere(rows: pl.DataFrame, given: set[str]) -> pl.DataFrame:
    employed = pl.any_horizontal(pl.col(*EMPLOYED).is_not_null())
    column = next(name for name in ("company", *EMPLOYED) if name in given)
    return problems.where(rows, employed & pl.col("company").is_null(), column, _("an employment needs its company"))


def store_talents(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the talents."""
    del on
    return bulk.upsert_talents(rows.drop(LINE), tick)


def all_talents(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All talents that are not void, by code."""
    del on, month
    return staging.frames_of(
        """SELECT held.code, held.name, held.grade, company.code, lower(held.employment), upper(held.employment) - 1
           FROM community_talent held LEFT JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL ORDER BY held.code COLLATE "C" """,
        {column.name: column.dtype for column in TALENTS},
    )


register(
    ImportKind("talents", TALENTS, check=check_talents, store=store_talents, about="company"),
    ExportKind("talents", all_talents, TALENTS),
)
