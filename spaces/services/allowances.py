"""Acts on allowances: say what a stage or a company may use of the rooms each month."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import records
from core.errors import NotAllowed
from core.periods import month_start
from spaces.models import Allowance
from spaces.permissions import can_keep_rooms


@transaction.atomic
def grant_credits(
    *, since: dt.date, stage: str = "", company: Company | None = None, amount: Decimal, reason: str = "", by: User
) -> Allowance:
    """So many credits a month from the month on. What was booked stays booked, also where it is more."""
    _refuse_stranger(by)
    row = Allowance(since=month_start(since), stage=stage, company=company, credits=amount, reason=reason)
    return records.save(row)


@transaction.atomic
def withdraw_allowance(*, allowance: Allowance, by: User) -> None:
    """Take a row back; the one before it is in force again."""
    _refuse_stranger(by)
    allowance.delete()


def _refuse_stranger(by: User) -> None:
    if not can_keep_rooms(by):
        raise NotAllowed(_("Only officers say how many credits a company has."))
