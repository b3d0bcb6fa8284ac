"""What statements of both kinds, rent and interest, have in common: the database refuses edits of what was issued, and
takes what it gives from the budget of the year."""

from typing import Any

import pgtrigger
from django.db.models import Q

from subsidies.choices import AdjustmentReason

MONTH_STARTS = Q(month__day=1)  # the month is named by its first day

# Once a statement of SQL, not once a row: a whole month is written by one, and a row's own trigger would take most of
# the time. The share lock makes it wait for somebody who issues one of them at this moment; then it reads what he did.
_OPEN_ONLY = """
    PERFORM FROM {table} WHERE id IN ({touched}) ORDER BY id FOR SHARE;
    IF EXISTS (SELECT FROM {table} WHERE id IN ({touched}) AND state <> 'open') THEN
        RAISE EXCEPTION '{refusal}'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_issued';
    END IF;
    RETURN NULL;
"""
_NEW, _OLD = "SELECT statement_id FROM new_values", "SELECT statement_id FROM old_values"

# The relief of the statements `s` by year: what their month takes from the budget. A correction of a month of the same
# year counts with it, one of an earlier year by what it adds: what comes back was spent in its year (ADR 25).
RELIEF = """
    SELECT extract(year FROM given.month)::int AS year, sum(given.relief) AS relief FROM (
        SELECT s.month, s.{granted} AS relief FROM s
        UNION ALL
        SELECT s.month, CASE WHEN is_of_year THEN sum(a.{granted}) ELSE greatest(sum(a.{granted}), 0) END
        FROM s JOIN {adjustment} a ON a.statement_id = s.id
        CROSS JOIN LATERAL (SELECT date_trunc('year', a.month) = date_trunc('year', s.month)) AS same (is_of_year)
        GROUP BY s.id, s.month, is_of_year
    ) AS given GROUP BY 1
"""

# An issued statement is never updated again, so that those of `new_values` are issued by this statement.
_KEEPS_BUDGET = """
    FOR spent IN
        WITH s AS (SELECT id, month, {granted} FROM new_values WHERE state = 'issued') {relief}
    LOOP
        CONTINUE WHEN spent.relief = 0;
        UPDATE subsidies_budget SET committed = committed + spent.relief
            WHERE point = '{point}' AND year = spent.year;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no budget for {point} in %', spent.year
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_has_budget';
        END IF;
    END LOOP;
    RETURN NULL;
"""


def keeps_budget(table: str, *, point: str, adjustment: str, granted: str) -> pgtrigger.Trigger:
    """Issuing statements commits their relief, the column `granted`: never more than the budget of the year holds. Once
    a statement of SQL, because a whole month is issued by one."""
    relief = RELIEF.format(adjustment=adjustment, granted=granted)
    return pgtrigger.Trigger(
        name="keeps_budget",
        level=pgtrigger.Statement,
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        declare=[("spent", "record")],
        func=_KEEPS_BUDGET.format(table=table, point=point, granted=granted, relief=relief),
    )


def only_while_open(table: str, refusal: str) -> list[pgtrigger.Trigger]:
    """Lines and adjustments change only while their statement, a row of `table`, is open; of one that is moved both."""
    return [
        _while_open("insert", pgtrigger.Insert, pgtrigger.Referencing(new="new_values"), table, refusal, _NEW),
        _while_open(
            "update", pgtrigger.Update, pgtrigger.Referencing(old="old_values", new="new_values"), table, refusal,
            f"{_NEW} UNION {_OLD}",
        ),
        _while_open("delete", pgtrigger.Delete, pgtrigger.Referencing(old="old_values"), table, refusal, _OLD),
    ]  # fmt: skip


def _while_open(
    name: str, operation: Any, referencing: pgtrigger.Referencing, table: str, refusal: str, touched: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"only_while_open_{name}",
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=referencing,
        func=_OPEN_ONLY.format(table=table, refusal=refusal, touched=touched),
    )


def issued_stays() -> list[pgtrigger.Trigger]:
    """A statement begins open; once it was issued, it is neither edited nor deleted."""
    return [
        pgtrigger.Protect(name="begins_open", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__state="open")),
        pgtrigger.Protect(
            name="issued_not_deleted", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state="issued")
        ),
        pgtrigger.Protect(
            name="issued_not_edited", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="issued")
        ),
    ]


def reasons_of(codes: str) -> list[str]:
    """What was corrected, in the reader's language: of codes of AdjustmentReason with `;` between."""
    return [str(AdjustmentReason(code).label) for code in codes.split(";") if code]
