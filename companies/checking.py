"""Which companies' official data are to be looked at again."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from companies.choices import CheckOutcome, CompanyKind
from companies.models import Company, OfficialCheck
from core.periods import Day

GOOD_FOR = dt.timedelta(days=365)
"""Companies report to the authorities once a year."""
UNSETTLED = (CheckOutcome.DIFFERS, CheckOutcome.NOT_FOUND)


def due_for_check(on: Day) -> Any:
    """Companies that are not archived, with `checked_on` (None: never), where that is older than a year or its last
    outcome was left unsettled. One query, also for 150,000 companies."""
    last = OfficialCheck.objects.valid().filter(company=OuterRef("pk")).order_by("-checked_on", "-pk")
    registered = Company.objects.current(on).exclude(kind=CompanyKind.TEAM)  # of a team nobody official knows
    companies = registered.annotate(
        checked_on=Subquery(last.values("checked_on")[:1]), last_outcome=Subquery(last.values("outcome")[:1])
    )
    old = Q(checked_on=None) | Q(checked_on__lte=on - GOOD_FOR) | Q(last_outcome__in=UNSETTLED)
    return companies.filter(old).order_by(F("checked_on").asc(nulls_first=True), "code")
