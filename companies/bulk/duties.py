"""What companies owe, out of the rules, the register and the history of stages, for a few periods at once.

One set of statements for any number of companies; 150,000 of them take seconds a period when all is new, and less when
nothing changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from core.locks import lock_for_transaction
from core.periods import Day

# A company owes a report of a period on whose last day it is known to be registered or to operate. The stage is that of
# the last day; before the first that is on record it is presumed to have been the same.
OWED = """
    CREATE TEMPORARY TABLE owed ON COMMIT DROP AS
    WITH ends AS (SELECT unnest(%(ends)s::date[]) AS period_end),
    known AS (
        SELECT company_id, stage, since, id,
               lead(since) OVER (PARTITION BY company_id ORDER BY since, id) AS until,
               row_number() OVER (PARTITION BY company_id ORDER BY since, id) AS number
        FROM companies_stagechange
    )
    SELECT DISTINCT ON (ends.period_end, company.id)
           company.id AS company_id, ends.period_end, rule.months, ends.period_end + rule.days AS due_on,
           rule.id AS rule_id
    FROM ends
    JOIN companies_company company ON company.merged_into_id IS NULL AND (
        (lower(company.registration) <= ends.period_end AND company.registration @> ends.period_end)
        OR (lower(company.operation) <= ends.period_end AND company.operation @> ends.period_end)
    )
    LEFT JOIN known ON known.company_id = company.id
        AND (known.since <= ends.period_end OR known.number = 1)
        AND (known.until > ends.period_end OR known.until IS NULL)
    JOIN companies_reportingrule rule ON rule.voided_at IS NULL AND rule.valid @> ends.period_end
        AND rule.kind IN ('', company.kind) AND rule.stage IN ('', coalesce(known.stage, company.stage))
    ORDER BY ends.period_end, company.id, rule.place, rule.id
"""
NOT_OWED = """
    DELETE FROM owed WHERE months IS NULL OR (months = 12 AND extract(month FROM period_end) <> 12)
"""
GONE = """
    DELETE FROM companies_reportduty held WHERE held.period_end = ANY(%(ends)s::date[]) AND NOT EXISTS (
        SELECT FROM owed WHERE owed.company_id = held.company_id AND owed.period_end = held.period_end
    )
"""
WRITTEN = """
    INSERT INTO companies_reportduty AS held (company_id, period_end, months, due_on, rule_id)
    SELECT company_id, period_end, months, due_on, rule_id FROM owed ORDER BY period_end, company_id
    ON CONFLICT (company_id, period_end) DO UPDATE
        SET months = excluded.months, due_on = excluded.due_on, rule_id = excluded.rule_id
        WHERE (held.months, held.due_on, held.rule_id)
            IS DISTINCT FROM (excluded.months, excluded.due_on, excluded.rule_id)
"""
COUNTED = """
    SELECT count(*) FILTER (WHERE report.verified_at IS NOT NULL),
           count(*) FILTER (WHERE report.id IS NOT NULL AND report.verified_at IS NULL),
           count(*) FILTER (WHERE report.id IS NULL AND excuse.id IS NOT NULL),
           count(*) FILTER (WHERE report.id IS NULL AND excuse.id IS NULL AND duty.due_on < %(on)s),
           count(*) FILTER (WHERE report.id IS NULL AND excuse.id IS NULL AND duty.due_on >= %(on)s)
    FROM companies_reportduty duty
    LEFT JOIN companies_report report ON report.company_id = duty.company_id AND report.period_end = duty.period_end
        AND report.voided_at IS NULL AND report.months >= duty.months
    LEFT JOIN companies_reportexcuse excuse ON excuse.company_id = duty.company_id
        AND excuse.period_end = duty.period_end AND excuse.voided_at IS NULL
    WHERE duty.period_end = %(end)s
"""


@dataclass(frozen=True)
class Counted:
    """How many reports of a period are in each state."""

    verified: int
    sent: int
    excused: int
    late: int
    due: int

    @property
    def total(self) -> int:
        return self.verified + self.sent + self.excused + self.late + self.due


@transaction.atomic
def write_duties(ends: Sequence[Day]) -> int:
    """Bring what is owed for the periods that ended on these days in step with the rules and the register; returns how
    many rows are new, changed or gone. Safe to run twice and at once."""
    lock_for_transaction("companies.duties")
    words = {"ends": list(ends)}
    with connection.cursor() as cursor:
        cursor.execute(OWED, words)
        cursor.execute(NOT_OWED)
        cursor.execute("ANALYZE owed")
        cursor.execute(GONE, words)
        gone = cursor.rowcount
        cursor.execute(WRITTEN)
        written = cursor.rowcount
        cursor.execute("DROP TABLE owed")
    return int(gone + written)


def counted(end: Day, on: Day) -> Counted:
    """The states of all reports owed for the period, as of the day; one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"end": end, "on": on})
        return Counted(*cursor.fetchone())
