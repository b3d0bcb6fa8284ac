"""What a company will have to report next, and the periods that a schedule can show."""

from dataclasses import dataclass

from django.db.models import Max

from companies.models import Company, ReportDuty, ReportingRule
from companies.reporting.calendar import before, coming, is_end_of
from core.periods import DAY, Day, holds_on

SHOWN = 8  # periods that a schedule offers


@dataclass(frozen=True)
class Coming:
    """A report of a period that is not over yet: it is sent after `period_end` and by `due_on`."""

    period_end: Day
    months: int
    due_on: Day


def next_duty(company: Company, on: Day) -> Coming | None:
    """The report that the company owes next, if it stays what it is on the day and the rules stay; None for nothing
    within a year. One query."""
    if company.merged_into_id is not None or not _is_here(company, on):
        return None
    rules = list(ReportingRule.objects.filter(voided_at=None))
    for end in coming(on):
        rule = next((one for one in rules if _fits(one, company, end)), None)
        if rule is not None and is_end_of(end, rule.months):
            return Coming(end, rule.months or 0, end + rule.days * DAY)
    return None


def _is_here(company: Company, on: Day) -> bool:
    return bool(holds_on(company.registration, on) or holds_on(company.operation, on))


def _fits(rule: ReportingRule, company: Company, end: Day) -> bool:
    fits = rule.kind in ("", company.kind) and rule.stage in ("", company.stage)
    return fits and bool(holds_on(rule.valid, end))


def periods_shown() -> list[Day]:
    """The last days of the periods of which reports are owed, the newest first, as many as a schedule offers. One
    query."""
    newest = ReportDuty.objects.aggregate(newest=Max("period_end"))["newest"]
    found: list[Day] = []
    while newest is not None and len(found) < SHOWN:
        found.append(newest)
        newest = before(newest)
    return found
