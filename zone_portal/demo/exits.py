"""Exit interviews of the demo zone: what companies that left said to the officer."""

from collections.abc import Iterator
from datetime import date
from itertools import cycle

from accounts.models import User
from companies.choices import LeavingReason
from companies.models import Company
from core.periods import DAY
from spaces.leaving import is_leaving, last_day_of
from spaces.services.exits import record_exit
from zone_portal.demo.zone import Zone

ASKED = 14  # of those who left; the others were not
TOLD = (
    (LeavingReason.PREMISES, "杭州", "需要三百平方米以上的整层，园区没有合适房源。"),
    (LeavingReason.RELIEF_ENDED, "Suzhou", "The full rent was beyond the budget."),
    (LeavingReason.MERGED, "Shanghai", "Bought by a customer; the team moved in with it."),
    (LeavingReason.CLOSED, "", "No second round of funding."),
    (LeavingReason.MARKET, "深圳", "主要客户都在深圳。"),
    (LeavingReason.PEOPLE, "Nanjing", "Sound engineers were hard to find."),
    (LeavingReason.RELIEF_ENDED, "无锡", ""),
)


def ask_all(zone: Zone, *, officer: User) -> None:
    """Ask the first of those who left, within a month of their last day."""
    for (company, last), (reason, destination, notes) in zip(_gone(zone), cycle(TOLD), strict=False):
        record_exit(
            company=company,
            held_on=min(last + 20 * DAY, zone.today),
            reason=reason,
            destination=destination,
            notes=notes,
            by=officer,
            on=zone.today,
        )


def _gone(zone: Zone) -> Iterator[tuple[Company, date]]:
    codes = [company.code for company in zone.of_story("leaves")][:ASKED]
    for company in Company.objects.filter(code__in=codes).order_by("code"):
        last = last_day_of(company)
        if last is not None and is_leaving(company, zone.today):
            yield company, last
