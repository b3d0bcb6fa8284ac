"""Acts on a company's reports: enter one, change, verify or void it. Told in the outbox as `report.changed`."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies import permissions
from companies.models import Company, Report
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed

FIGURES = frozenset({"months", "revenue", "profit", "rd_spend", "employees", "export_revenue", "product_in_use"})


@transaction.atomic
def enter_report(*, company: Company, period_end: dt.date, by: User, **figures: Any) -> Report:
    """Put the figures of a period on record: its last day, its `months` (3 or 12) and, of FIGURES, what is known.
    Amounts are in yuan."""
    if not permissions.can_enter_records(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers enter its reports."))
    return _stored(_with(Report(company=company, period_end=period_end), figures))


@transaction.atomic
def change_report(*, report: Report, figures: Mapping[str, Any], by: User) -> Report:
    """Change the given figures; its company and its last day stay. Once it is verified only officers do, and it stays
    verified."""
    return _stored(_with(_held_for_change(report, by), figures))


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
        setattr(report, name, value)
    return report


def _stored(report: Report) -> Report:
    records.save(report)
    _tell(report)
    return report


def _tell(report: Report) -> None:
    outbox.record("report.changed", str(report), {"company": report.company.code})
