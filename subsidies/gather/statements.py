"""What is billed already: months, statements, and what was granted for issued months. A fixed number of queries."""

import datetime as dt
from decimal import Decimal

import polars as pl
from django.db import connection

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.models.statements import RELIEF
from subsidies.statement_kinds import KINDS, Kind

DAY, WHOLE, TEXT = pl.Date(), pl.Int64(), pl.String()

# One probe of the index for each month, however many statements a month has.
MONTHS = """
    SELECT month::date,
           EXISTS (SELECT FROM {statement} s WHERE s.month = months.month AND s.state = 'issued')
    FROM generate_series(
        (SELECT min(month) FROM {statement}), (SELECT max(month) FROM {statement}), '1 month'
    ) AS months (month)
    WHERE EXISTS (SELECT FROM {statement} s WHERE s.month = months.month)
"""

# Those of one month that are to be issued.
WAITING = "WITH s AS (SELECT id, month, {granted} FROM {statement} WHERE month = %s AND state = 'open') {relief}"

STATEMENTS = """
    SELECT id, company_id, month, state, fingerprint FROM {statement} WHERE {condition}
"""
STATEMENT_TYPES = {"statement_id": WHOLE, "company": WHOLE, "month": DAY, "state": TEXT, "fingerprint": WHOLE}

# What issued statements say about an item and month: the line of the month itself, and every adjustment since. Those of
# a company that was merged say it of the one into which it was: its leases and loans are billed there now. Both kinds
# of companies are looked for by themselves: an OR of the two would read every statement for each shard.
POSTED = """
    WITH told AS (
        SELECT s.id, s.month, s.company_id FROM {statement} s JOIN companies_company c ON c.id = s.company_id
        WHERE s.state = 'issued' AND {own} AND c.merged_into_id IS NULL
        UNION ALL
        SELECT s.id, s.month, c.merged_into_id FROM {statement} s JOIN companies_company c ON c.id = s.company_id
        WHERE s.state = 'issued' AND {merged}
    )
    SELECT company_id, item_id, month, {sums} FROM (
        SELECT told.company_id, l.{item} AS item_id, told.month, {amounts}
        FROM told JOIN {line} l ON l.statement_id = told.id
        UNION ALL
        SELECT told.company_id, l.{item}, l.month, {amounts}
        FROM told JOIN {adjustment} l ON l.statement_id = told.id
    ) AS posted GROUP BY company_id, item_id, month
"""

# The arithmetic that was last shown for an item and month, of the newest adjustment, else of the line, and when it was
# worked out, in microseconds since 1970.
SHOWN = """
    SELECT DISTINCT ON (wanted.company_id, wanted.item_id, wanted.month)
           wanted.company_id, wanted.item_id, wanted.month, shown.segments::text,
           (extract(epoch FROM shown.computed_at) * 1000000)::bigint
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS wanted (company_id, item_id, month)
    CROSS JOIN LATERAL (
        SELECT s.month AS told, a.segments, a.created_at AS computed_at FROM {adjustment} a
        JOIN {statement} s ON s.id = a.statement_id JOIN companies_company c ON c.id = s.company_id
        WHERE a.{item} = wanted.item_id AND a.month = wanted.month
              AND coalesce(c.merged_into_id, c.id) = wanted.company_id AND s.state = 'issued'
        UNION ALL
        SELECT '-infinity', l.segments, s.computed_at FROM {line} l
        JOIN {statement} s ON s.id = l.statement_id JOIN companies_company c ON c.id = s.company_id
        WHERE l.{item} = wanted.item_id AND s.month = wanted.month
              AND coalesce(c.merged_into_id, c.id) = wanted.company_id AND s.state = 'issued'
    ) AS shown
    ORDER BY wanted.company_id, wanted.item_id, wanted.month, shown.told DESC
"""
SHOWN_TYPES = {"company": WHOLE, "item_id": WHOLE, "month": DAY, "shown": TEXT, "shown_at": WHOLE}


def billed_months() -> dict[dt.date, bool]:
    """Every month that was billed, in order, and whether it is closed: a statement of it was issued, of either kind."""
    found: dict[dt.date, bool] = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(MONTHS.format(**kind.tables))
            for month, is_closed in cursor.fetchall():
                found[month] = found.get(month, False) or is_closed
    return dict(sorted(found.items()))


def waiting_relief(month: dt.date) -> dict[str, Decimal]:
    """By point, what the open statements of a month will take from its budget once they are issued, in yuan."""
    found: dict[str, Decimal] = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            relief = RELIEF.format(granted=kind.granted, adjustment=kind.adjustment)
            cursor.execute(WAITING.format(granted=kind.granted, statement=kind.statement, relief=relief), [month])
            found[kind.point] = sum((relief for _year, relief in cursor.fetchall()), Decimal(0))
    return found


def statements(kind: Kind, selection: Selection) -> pl.DataFrame:
    """statement_id, company, month, state, fingerprint."""
    query = STATEMENTS.format(condition=selection.condition("company_id"), **kind.tables)
    return read_frame(query, selection.parameters, STATEMENT_TYPES)


def posted(kind: Kind, selection: Selection) -> pl.DataFrame:
    """company, item_id, month and, as `posted_<name>`, the amounts of the kind (fen): what issued statements add up
    to."""
    names = [f"posted_{name}" for name in kind.amounts]
    query = POSTED.format(
        amounts=", ".join(f"l.{name} * 100 AS {name}" for name in kind.amounts),
        sums=", ".join(f"sum({name})::bigint" for name in kind.amounts),
        own=selection.condition("s.company_id"),
        merged=selection.condition("c.merged_into_id"),
        **kind.tables,
    )
    types = {"company": WHOLE, "item_id": WHOLE, "month": DAY} | dict.fromkeys(names, WHOLE)
    return read_frame(query, selection.parameters * 2, types)


def shown(kind: Kind, wanted: pl.DataFrame) -> pl.DataFrame:
    """company, item_id, month, shown (JSON of segments), shown_at (microseconds since 1970) for the rows of `wanted`;
    none where nothing was issued."""
    lists = [wanted[name].to_list() for name in ("company", "item_id", "month")]
    return read_frame(SHOWN.format(**kind.tables), lists, SHOWN_TYPES)
