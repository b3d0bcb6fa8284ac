"""What a company has left of its credits in a month.

The rows say what is granted, the bookings what is used: nothing is kept twice. What is used never exceeds what is
granted, by a trigger that holds the company's row (`spaces.models.bookings.within_allowance`).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils import timezone

from companies.choices import CompanyKind
from companies.models import Company
from core.periods import month_start, next_month
from spaces.campuses import campus_id
from spaces.models import Allowance, Booking
from spaces.slots import Slot

NONE = Decimal("0.00")


@dataclass(frozen=True)
class Balance:
    """A company's credits of a month."""

    month: dt.date
    granted: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        return max(self.granted - self.used, NONE)


def month_of(slot: Slot) -> dt.date:
    """The month in which a booking counts: that of its beginning, in the zone."""
    return month_start(slot.begins.astimezone(timezone.get_default_timezone()).date())


def balance_of(company: Company, month: dt.date, *, but: Booking | None = None) -> Balance:
    """In two queries; without what the booking `but` uses."""
    rows = Allowance.objects.filter(Q(company=company) | _of_stage(company, month), since__lte=month)
    rows = rows.exclude(until__lte=month)
    nearest = (F("company").asc(nulls_last=True), "-for_teams", F("campus").asc(nulls_last=True), "-since")
    found = rows.order_by(*nearest).first()
    charged = Booking.objects.filter(company=company, month=month, is_charged=True)
    if but is not None and but.pk is not None:
        charged = charged.exclude(pk=but.pk)
    used = charged.aggregate(sum=Sum("credits"))["sum"]
    return Balance(month, found.credits if found else NONE, used or NONE)


def _of_stage(company: Company, month: dt.date) -> Q:
    """What a company has by its stage: for teams alone where it is one, of a campus where it is there in the month."""
    here = Q(campus=None) | Q(campus_id=campus_id(company, month, next_month(month)))
    whose = Q() if company.kind == CompanyKind.TEAM else Q(for_teams=False)
    return Q(company=None, stage=company.stage or "-") & here & whose
