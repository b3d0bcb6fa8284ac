"""Open the recoveries of a month's interest statements, in one statement however many there are.

The caller holds `statements` in the present transaction; the triggers and the unique constraint of the table are the
guard behind it.
"""

import datetime as dt

from django.db import connection

OPEN = """
    INSERT INTO subsidies_recovery (statement_id, amount, state, reason, arithmetic, opened_by_id, opened_at)
    SELECT id, -payable, 'open', '', '{}', %s, statement_timestamp()
    FROM subsidies_intereststatement
    WHERE month = %s AND state = 'issued' AND payable < 0
    ORDER BY company_id
    ON CONFLICT (statement_id) DO NOTHING
"""


def open_recoveries(month: dt.date, opened_by: int) -> int:
    """One for each issued statement of the month that is below 0 and has none; returns how many were opened."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [opened_by, month])
        return cursor.rowcount
