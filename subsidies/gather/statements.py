"""What is billed already: months, statements, and what was granted for issued months. A fixed number of queries."""

import datetime as dt

import polars as pl
from django.db import connection

from core.frames import read_frame
from subsidies.gather.selection import Selection

DAY, WHOLE, TEXT = pl.Date(), pl.Int64(), pl.String()

# One probe of the index for each month, however many statements a month has.
MONTHS = """
    SELECT month::date,
           EXISTS (SELECT FROM subsidies_rentstatement s WHERE s.month = months.month AND s.state = 'issued')
    FROM generate_series(
        (SELECT min(month) FROM subsidies_rentstatement), (SELECT max(month) FROM subsidies_rentstatement), '1 month'
    ) AS months (month)
    WHERE EXISTS (SELECT FROM subsidies_rentstatement s WHERE s.month = months.month)
    ORDER BY month
"""

STATEMENTS = """
    SELECT id, company_id, month, state, fingerprint FROM subsidies_rentstatement WHERE {condition}
"""
STATEMENT_TYPES = {"statement_id": WHOLE, "company": WHOLE, "month": DAY, "state": TEXT, "fingerprint": WHOLE}

# What issued statements say about a lease and month: the line of the month itself, and every adjustment since.
POSTED = """
    SELECT company_id, lease_id, month, sum(rent)::bigint, sum(waived)::bigint FROM (
        SELECT s.company_id, l.lease_id, s.month, l.rent * 100 AS rent, l.waived * 100 AS waived
        FROM subsidies_rentline l JOIN subsidies_rentstatement s ON s.id = l.statement_id
        WHERE s.state = 'issued' AND {condition}
        UNION ALL
        SELECT s.company_id, a.lease_id, a.month, a.rent * 100, a.waived * 100
        FROM subsidies_rentadjustment a JOIN subsidies_rentstatement s ON s.id = a.statement_id
        WHERE s.state = 'issued' AND {condition}
    ) AS posted GROUP BY company_id, lease_id, month
"""
POSTED_TYPES = {"company": WHOLE, "lease_id": WHOLE, "month": DAY, "posted_rent": WHOLE, "posted_waived": WHOLE}

# The arithmetic that was last shown for a lease and month, of the newest adjustment, else of the line, and when it was
# worked out, in microseconds since 1970.
SHOWN = """
    SELECT DISTINCT ON (wanted.company_id, wanted.lease_id, wanted.month)
           wanted.company_id, wanted.lease_id, wanted.month, shown.segments::text,
           (extract(epoch FROM shown.computed_at) * 1000000)::bigint
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS wanted (company_id, lease_id, month)
    CROSS JOIN LATERAL (
        SELECT s.month AS told, a.segments, a.created_at AS computed_at FROM subsidies_rentadjustment a
        JOIN subsidies_rentstatement s ON s.id = a.statement_id
        WHERE a.lease_id = wanted.lease_id AND a.month = wanted.month AND s.company_id = wanted.company_id
              AND s.state = 'issued'
        UNION ALL
        SELECT '-infinity', l.segments, s.computed_at FROM subsidies_rentline l
        JOIN subsidies_rentstatement s ON s.id = l.statement_id
        WHERE l.lease_id = wanted.lease_id AND s.month = wanted.month AND s.company_id = wanted.company_id
              AND s.state = 'issued'
    ) AS shown
    ORDER BY wanted.company_id, wanted.lease_id, wanted.month, shown.told DESC
"""
SHOWN_TYPES = {"company": WHOLE, "lease_id": WHOLE, "month": DAY, "shown": TEXT, "shown_at": WHOLE}


def billed_months() -> dict[dt.date, bool]:
    """Every month that was billed, in order, and whether it is closed: a statement of it was issued."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        return dict(cursor.fetchall())


def statements(selection: Selection) -> pl.DataFrame:
    """statement_id, company, month, state, fingerprint."""
    query = STATEMENTS.format(condition=selection.condition("company_id"))
    return read_frame(query, selection.parameters, STATEMENT_TYPES)


def posted(selection: Selection) -> pl.DataFrame:
    """company, lease_id, month, posted_rent, posted_waived (fen): what issued statements add up to."""
    query = POSTED.format(condition=selection.condition("s.company_id"))
    return read_frame(query, [*selection.parameters, *selection.parameters], POSTED_TYPES)


def shown(wanted: pl.DataFrame) -> pl.DataFrame:
    """company, lease_id, month, shown (JSON of segments), shown_at (microseconds since 1970) for the rows of `wanted`;
    none where nothing was issued."""
    lists = [wanted[name].to_list() for name in ("company", "lease_id", "month")]
    return read_frame(SHOWN, lists, SHOWN_TYPES)
