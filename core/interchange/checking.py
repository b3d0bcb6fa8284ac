"""What a row may contradict in the zone's books, as several kinds of files ask: unknown codes, void records, periods.

Each answers with problems for all rows at once, with one query or none.
"""

import polars as pl
from django.utils.translation import gettext as _

from core.frames import read_frame
from core.interchange import problems
from core.interchange.problems import LINE


def unknown(rows: pl.DataFrame, column: str, table: str, reason: str, *, stored: str = "code") -> pl.DataFrame:
    """Cells that name nothing which `table` has in its column `stored`; an empty cell names nothing."""
    if column not in rows.columns:
        return problems.none()
    wanted = rows[column].drop_nulls().unique().to_list()
    known = read_frame(
        f"SELECT {stored} FROM {table} WHERE {stored} = ANY(%s)",  # noqa: S608 - an app's own names
        [wanted],
        {column: pl.String()},
    )
    return problems.where(rows.join(known, on=column, how="anti"), pl.col(column).is_not_null(), column, reason)


def unknown_company(rows: pl.DataFrame) -> pl.DataFrame:
    """Companies that the register does not have."""
    found = unknown(rows, "company", "companies_company", _("is no company of the register"))
    return pl.concat([found, _merged_company(rows)])


def _merged_company(rows: pl.DataFrame) -> pl.DataFrame:
    """Companies that were merged into others, to which nothing new is entered."""
    if "company" not in rows.columns:
        return problems.none()
    query = """
        SELECT merged.code, survivor.code FROM companies_company merged
        JOIN companies_company survivor ON survivor.id = merged.merged_into_id WHERE merged.code = ANY(%s)
    """
    wanted = rows["company"].drop_nulls().unique().to_list()
    merged = read_frame(query, [wanted], {"company": pl.String(), "survivor": pl.String()})
    again = rows.join(merged, on="company", how="inner")
    reason = pl.format(_("was merged: write {}"), pl.col("survivor"))
    return problems.where(again, pl.lit(value=True), "company", reason)


def declared_void(rows: pl.DataFrame, column: str, table: str, *, stored: str) -> pl.DataFrame:
    """Numbers of records that were declared void: they are not given out again."""
    void = read_frame(
        f"SELECT {stored} FROM {table} WHERE voided_at IS NOT NULL AND {stored} = ANY(%s)",  # noqa: S608
        [rows[column].to_list()],
        {column: pl.String()},
    )
    again = rows.join(void, on=column, how="semi")
    return problems.where(again, pl.lit(value=True), column, _("was declared void: use another number"))


def with_stored(rows: pl.DataFrame, held: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The rows with the columns of `held` that the file does not have, as they are stored."""
    absent = [name for name in held.columns if name not in rows.columns]
    return rows.join(held.select(*key, *absent), on=key, how="left", maintain_order="left") if absent else rows


def reversed_period(rows: pl.DataFrame, first: str, last: str, *, named: set[str]) -> pl.DataFrame:
    """Last days before their first ones; `named` are the columns of the file, of which one is to blame."""
    if last in named:
        reason = pl.format(_("lies before the first day {}"), pl.col(first).cast(pl.String))
        return problems.where(rows, pl.col(last) < pl.col(first), last, reason)
    reason = pl.format(_("lies after the last day {}"), pl.col(last).cast(pl.String))
    return problems.where(rows, pl.col(last) < pl.col(first), first, reason)


def without(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The rows that have no problem so far."""
    return rows.join(found, on=LINE, how="anti")
