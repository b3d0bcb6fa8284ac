"""Every tenancy there ever was, as one frame: what is counted over all of them and on many days is counted outside of
the database, which would look at each lease once for each of the days."""

import datetime as dt

import polars as pl

from core.frames import read_frame
from spaces.models import DeskMembership, Lease

TENANCIES = f"""
    SELECT company_id, (area_m2 * 100)::bigint, lower(term), upper(term)
    FROM {Lease._meta.db_table} WHERE voided_at IS NULL
    UNION ALL
    SELECT company_id, 0, lower(term), upper(term)
    FROM {DeskMembership._meta.db_table} WHERE voided_at IS NULL AND company_id IS NOT NULL
"""  # noqa: S608
SCHEMA = {"company": pl.Int64(), "area": pl.Int64(), "first_day": pl.Date(), "until": pl.Date()}


def tenancies() -> pl.DataFrame:
    """company (its row), area (0.01 m²), first_day and until (half-open, null = open) of each valid lease
    and, without an area, of each desk membership of a company."""
    return read_frame(TENANCIES, [], SCHEMA)


def in_force(on: dt.date) -> pl.Expr:
    """Whether a tenancy includes the day."""
    return (pl.col("first_day") <= on) & (pl.col("until").is_null() | (pl.col("until") > on))
