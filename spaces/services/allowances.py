"""Acts on allowances: say what a stage or a company may use of the rooms each month."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import month_start
from spaces.models import Allowance, Campus
from spaces.permissions import can_keep_rooms


@transaction.atomic
def grant_credits(
    *, since: dt.date, stage: str = "", company: Company | None = None, amount: Decimal, reason: str = "", by: User
) -> Allowance:
    """So many credits a month from the month on. What was booked stays booked, also where it is more."""
    _refuse_stranger(by)
    if company is None:
        _refuse_said_by_package(stage, month_start(since))
    row = Allowance(since=month_start(since), stage=stage, company=company, credits=amount, reason=reason)
    return records.save(row)


@transaction.atomic
def grant_by_package(
    *,
    since: dt.date,
    until: dt.date | None,
    stage: str,
    for_teams: bool,
    campus: Campus | None,
    amount: Decimal,
    by: User,
) -> Allowance:
    """What a support package gives of room credits, from a month up to another that is not included."""
    _refuse_stranger(by)
    if since.day != 1 or (until is not None and until.day != 1):
        message = _("Credits for rooms are of whole months: a package with them begins and ends with a month.")
        raise Incomplete(message, code="not_a_month", fields={"since": [message]})
    row = Allowance(
        since=since, until=until, stage=stage, for_teams=for_teams, campus=campus, credits=amount, by_package=True
    )
    return records.save(row)


@transaction.atomic
def end_by_package(
    *, since: dt.date, until: dt.date | None, stage: str, for_teams: bool, campus: Campus | None, by: User
) -> None:
    """The package that gave them since that month gives none from the month `until` on; None: it goes on again. An
    allowance that ends where it begins gave nothing, and is taken away."""
    _refuse_stranger(by)
    if until is not None and until.day != 1:
        message = _("Credits for rooms are of whole months: a package with them begins and ends with a month.")
        raise Incomplete(message, code="not_a_month", fields={"since": [message]})
    rows = Allowance.objects.filter(since=since, stage=stage, for_teams=for_teams, campus=campus, by_package=True)
    if until is not None and until <= since:
        rows.delete()
    else:
        rows.update(until=until)


@transaction.atomic
def withdraw_allowance(*, allowance: Allowance, by: User) -> None:
    """Take a row back; the one before it is in force again. Conflict for what a support package says."""
    _refuse_stranger(by)
    if allowance.by_package:
        message = _("These credits are part of a support package: enter another version of it instead.")
        raise Conflict(message, code="said_by_package")
    allowance.delete()


def _refuse_said_by_package(stage: str, month: dt.date) -> None:
    """Else the list of support would say one amount and the bookings another."""
    said = Allowance.objects.filter(stage=stage, for_teams=False, campus=None, by_package=True, since__lte=month)
    if said.exclude(until__lte=month).exists():
        message = _("The support package of this stage says how many credits it has: enter another version of it.")
        raise Conflict(message, code="said_by_package", fields={"stage": [message]})


def _refuse_stranger(by: User) -> None:
    if not can_keep_rooms(by):
        raise NotAllowed(_("Only officers say how many credits a company has."))
