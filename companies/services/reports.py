"""Acts on a company's reports: enter one, change, verify or void it. Told in the outbox as `report.changed`.

Whoever enters figures that jump, beside the report before, says why: Incomplete at `jump_reason` otherwise. Files are
the zone's own books and are not asked. `answers` are those to the zone's questions, by code (`services.answers`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies import permissions
from companies.models import Company, JumpLimits, Question, Report
from companies.reporting.jumps import FIXED, answer_field, answers_of, compare, known_questions, previous_report
from companies.services.answers import keep_answers
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.markup import in_turn

FIGURES = frozenset({"months", *FIXED, "jump_reason"})


@transaction.atomic
def enter_report(
    *, company: Company, period_end: dt.date, by: User, answers: Mapping[str, Any] | None = None, **figures: Any
) -> Report:
    """Put the figures of a period on record: its last day, its `months` (3 or 12) and, of FIGURES, what is known.
    Amounts are in yuan."""
    if not permissions.can_enter_records(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers enter its reports."))
    report = records.save(_with(Report(company=company, period_end=period_end), figures))
    questions = known_questions()
    keep_answers(report, answers or {}, questions)
    _refuse_unexplained(report, questions)
    _tell(report)
    return report


@transaction.atomic
def change_report(
    *, report: Report, figures: Mapping[str, Any], by: User, answers: Mapping[str, Any] | None = None
) -> Report:
    """Change the given figures and answers; its company and its last day stay. Once it is verified only officers do,
    and it stays verified. Only jumps of what changes want a reason; all do once the reason or the length changes."""
    held = _held_for_change(report, by)
    before = _values(held)
    records.save(_with(held, figures))
    questions = known_questions()
    keep_answers(held, answers or {}, questions)
    after = _values(held)
    changed = {name for name, value in after.items() if before.get(name) != value}
    _refuse_unexplained(held, questions, None if changed & {"months", "jump_reason"} else changed)
    _tell(held)
    return held


@transaction.atomic
def verify_report(*, report: Report, by: User) -> Report:
    """The officer has seen the evidence: from now on the zone's decisions rest on these figures."""
    held = _held_for_verifying(report, by)
    if held.verified_at is not None:
        raise Conflict(_("The report %(report)s is verified already.") % {"report": held}, code="verified_already")
    held.verified_at, held.verified_by = timezone.now(), by
    return _stored(held)


@transaction.atomic
def unverify_report(*, report: Report, by: User) -> Report:
    """Take a verification back; the company may change the report again."""
    held = _held_for_verifying(report, by)
    held.verified_at = held.verified_by = None
    return _stored(held)


@transaction.atomic
def void_report(*, report: Report, reason: str, by: User) -> Report:
    """The report was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held_for_change(report, by), reason)
    _tell(held)
    return held


def _held_for_verifying(report: Report, by: User) -> Report:
    if not permissions.can_verify(by, report.company):
        raise NotAllowed(_("Officers verify reports, and nobody those of his own company."))
    return records.hold(report)


def _held_for_change(report: Report, by: User) -> Report:
    """Locked first: whether it is verified may have changed a moment ago."""
    held = records.hold(report)
    if permissions.can_change_report(by, held):
        return held
    if held.is_verified and permissions.can_enter_records(by, held.company):
        raise NotAllowed(_("The report %(report)s is verified: ask the zone to change it.") % {"report": held})
    raise NotAllowed(_("Owners and editors of the company and officers change its reports."))


def _with(report: Report, figures: Mapping[str, Any]) -> Report:
    if unknown := sorted(set(figures) - FIGURES):
        raise Incomplete(_("A report has no figure %(names)s.") % {"names": ", ".join(unknown)})
    for name, value in figures.items():
        setattr(report, name, value.strip() if name == "jump_reason" else value)
    return report


def _values(report: Report) -> dict[str, Any]:
    """Every figure and answer of a report that is on record, by the names that a comparison has for them; and why its
    figures jump."""
    told = {answer_field(answer.question): answer.value for answer in report.answers.select_related("question")}
    return {name: getattr(report, name) for name in ("months", *FIXED, "jump_reason")} | told


def _refuse_unexplained(report: Report, questions: Mapping[str, Question], names: set[str] | None = None) -> None:
    """Of the figures with these names (None: of all) those that jump want a reason."""
    if report.jump_reason:
        return
    before = previous_report(report.company, report.period_end)
    if before is None:
        return
    compared = compare(report, answers_of(report), before, JumpLimits.current(), questions)
    jumps = [figure.told for figure in compared if figure.is_jump and (names is None or figure.name in names)]
    if jumps:
        words = {"day": before.period_end, "figures": in_turn(jumps)}
        message = _("Say why it differs so much from the report up to %(day)s. %(figures)s.") % words
        raise Incomplete(message, code="unexplained_jump", fields={"jump_reason": [message]})


def _stored(report: Report) -> Report:
    records.save(report)
    _tell(report)
    return report


def _tell(report: Report) -> None:
    outbox.record("report.changed", str(report), {"company": report.company.code})
