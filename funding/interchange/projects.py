"""The file `projects`: its columns, what contradicts the zone's books, its way in and out."""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _

from core.frames import read_frame
from core.interchange import checking, problems, staging
from core.interchange.columns import Choice, Column, Day, Exact, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import MOST_YUAN, YUAN
from funding import bulk
from funding.choices import ProjectField, ProjectKind
from funding.models.projects import MOST_POINTS

PROJECTS: tuple[Column, ...] = (
    numbered("project"),
    Text(name="company", required=True, max_length=32, is_narrow=True),
    Text(name="title", required=True, max_length=200),
    Choice(name="field", values=tuple(ProjectField.values)),
    Choice(name="kind", required=True, values=tuple(ProjectKind.values)),
    Exact(name="score", places=2, maximum=MOST_POINTS),
    Day(name="scored_on"),
    Exact(name="amount_requested", places=2, above_minimum=True, maximum=MOST_YUAN, money=YUAN),
)


def check_projects(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, void projects, and a score without its day or a day without its score."""
    found = [
        checking.unknown_company(rows),
        checking.declared_void(rows, "project", "funding_project", stored="code"),
    ]
    if {"score", "scored_on"} & set(rows.columns):
        scored = checking.with_stored(rows, _held_scores(rows), ["project"])
        alone, without = pl.col("scored_on").is_null(), pl.col("score").is_null()
        column = "score" if "score" in rows.columns else "scored_on"
        found.append(problems.where(scored, alone & ~without, column, _("needs the day in scored_on")))
        column = "scored_on" if "scored_on" in rows.columns else "score"
        found.append(problems.where(scored, ~alone & without, column, _("is the day of no score")))
    return problems.together(found)


def _held_scores(rows: pl.DataFrame) -> pl.DataFrame:
    return read_frame(
        "SELECT code, score::text, scored_on FROM funding_project WHERE code = ANY(%s)",
        [rows["project"].to_list()],
        {"project": pl.String(), "score": pl.String(), "scored_on": pl.Date()},
    )


def store_projects(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the projects."""
    del on
    return bulk.upsert_projects(rows.drop(LINE), tick)


def all_projects(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All projects that are not void, by code."""
    del on, month
    return staging.frames_of(
        """SELECT held.code, company.code, held.title, held.field, held.kind, held.score, held.scored_on,
                  held.amount_requested
           FROM funding_project held JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL ORDER BY held.code COLLATE "C" """,
        {column.name: column.dtype for column in PROJECTS},
    )


register(
    ImportKind("projects", PROJECTS, check=check_projects, store=store_projects, about="company"),
    ExportKind("projects", all_projects, PROJECTS),
)
