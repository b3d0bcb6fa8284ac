"""Acts on the schedule of reports: set and end its rules, excuse a company, and keep what is owed in step.

Rules are told in the outbox as `reporting_rule.changed`, and a worker then brings what is owed in step: over a large
zone that takes too long for a page. Excuses are told as `report.excused`.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies import permissions
from companies.bulk import duties
from companies.models import Company, ReportExcuse, ReportingRule
from companies.reporting.calendar import BACK, ended
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day, first_day, period

RULES = "reporting_rule.changed"


def write_duties(*, on: Day) -> int:
    """Bring what is owed for the periods that ended in the last year and a half before the day in step with the rules,
    the register and the history of stages; what is older stays as it was. Returns how many rows are new, changed or
    gone. Safe to run twice."""
    return duties.write_duties(ended(on, BACK))


@transaction.atomic
def set_rule(
    *,
    place: int,
    stage: str = "",
    kind: str = "",
    months: int | None,
    days: int,
    first: Day,
    last: Day | None = None,
    by: User,
) -> ReportingRule:
    """Of periods that end on `first` or later, up to `last`, companies of this stage and kind ("": of any) report each
    quarter (3) or year (12), or nothing (None), within so many `days`."""
    _refuse_strangers(by)
    rule = ReportingRule(place=place, stage=stage, kind=kind, months=months, days=days)
    return _governing(rule, first, last)


@transaction.atomic
def end_rule(*, rule: ReportingRule, last: Day, by: User) -> ReportingRule:
    """It governs the periods that end on the day `last` or before. To change a rule, end it and set another."""
    _refuse_strangers(by)
    held = records.hold(rule)
    return _governing(held, first_day(held.valid), last)


@transaction.atomic
def void_rule(*, rule: ReportingRule, reason: str, by: User) -> ReportingRule:
    """It was set in error: nothing is owed by it, nor was."""
    _refuse_strangers(by)
    return _told(records.declare_void(records.hold(rule), reason))


@transaction.atomic
def excuse(*, company: Company, period_end: Day, reason: str, by: User) -> ReportExcuse:
    """The company need not report of the period that ended on the day."""
    _refuse_excusing(by, company)
    if not company.report_duties.filter(period_end=period_end).exists():
        words = {"company": company.code, "day": period_end}
        raise Conflict(_("%(company)s owes no report up to %(day)s.") % words, code="not_owed")
    made = records.save(ReportExcuse(company=company, period_end=period_end, reason=reason.strip(), by=by))
    outbox.record("report.excused", str(made), {"company": company.code})
    return made


@transaction.atomic
def take_excuse_back(*, excuse: ReportExcuse, reason: str, by: User) -> ReportExcuse:
    """The report is owed after all."""
    _refuse_excusing(by, excuse.company)
    held = records.declare_void(records.hold(excuse), reason)
    outbox.record("report.excused", str(held), {"company": held.company.code, "taken_back": True})
    return held


def _refuse_strangers(by: User) -> None:
    if not permissions.can_set_reporting(by):
        raise NotAllowed(_("Officers say who reports what, how often and by when."))


def _refuse_excusing(by: User, company: Company) -> None:
    if not permissions.can_excuse(by, company):
        raise NotAllowed(_("Officers excuse companies from reports, and nobody his own."))


def _governing(rule: ReportingRule, first: Day | None, last: Day | None) -> ReportingRule:
    try:
        rule.valid = period(first, last)
    except ValueError as error:
        raise Incomplete(str(error), fields={"last": [str(error)]}) from error
    return _told(records.save(rule))


def _told(rule: ReportingRule) -> ReportingRule:
    outbox.record(RULES, str(rule.pk))
    return rule
