"""Desks in Shuqiwan: a shared office in a unit that nobody leases, with teams and residents at its desks.

Teams come to a desk while they lease rooms already, so that no story of the zone begins earlier for it.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from accounts.models import User
from companies.choices import CompanyKind
from companies.models import Company
from core.periods import DAY
from spaces import services
from spaces.models import Lease, Unit
from zone_portal.demo.places import SHUQIWAN

DESKS, TEAMS = 24, 9
PRICE_FIXED, PRICE_FLEXIBLE = Decimal("680.00"), Decimal("480.00")
RESIDENTS = (("Lin Xia", "lin.xia"), ("Tomás Ortega", "tomas.ortega"), ("王若晴", "wang.ruoqing"))
SINCE = 200  # days


def give_out(*, today: dt.date, officer: User) -> None:
    """Turn a unit into a shared office and fill a good half of its desks."""
    unit = _shared_office(today, officer)
    for number, (company, first) in enumerate(_teams(today), start=1):
        fixed = number % 3 == 0
        services.sign_membership(
            number=f"SQ-D-{number:03}",
            unit=unit,
            company=company,
            desk=f"F{number}" if fixed else "",
            desks=1 if fixed else 1 + number % 2,
            price_per_desk_month=PRICE_FIXED if fixed else PRICE_FLEXIBLE,
            first_day=first,
            last_day=today + 45 * DAY if number % 4 == 0 else None,
            by=officer,
        )
    for number, (person, mailbox) in enumerate(RESIDENTS, start=TEAMS + 1):
        services.sign_membership(
            number=f"SQ-D-{number:03}",
            unit=unit,
            person=person,
            email=f"{mailbox}@example.org",
            price_per_desk_month=PRICE_FLEXIBLE,
            first_day=today - 30 * DAY,
            by=officer,
        )


def _shared_office(today: dt.date, officer: User) -> Unit:
    """The largest unit of Shuqiwan that nobody leases from today on."""
    taken = Lease.objects.valid().filter(term__endswith__gt=today) | Lease.objects.valid().filter(term__upper_inf=True)
    free = Unit.objects.filter(building__campus__code=SHUQIWAN.code).exclude(pk__in=taken.values("unit"))
    unit: Unit = free.select_related("building").order_by("-area_m2", "code")[0]
    return services.change_unit(
        unit=unit, building=unit.building, floor=unit.floor, area_m2=unit.area_m2, desks=DESKS, by=officer
    )


def _teams(today: dt.date) -> Iterator[tuple[Company, dt.date]]:
    """Teams that lease a room in Shuqiwan today, with the day on which they take a desk."""
    leases = Lease.objects.in_force_on(today).filter(unit__building__campus__code=SHUQIWAN.code)
    of_teams = leases.filter(company__kind=CompanyKind.TEAM).select_related("company").order_by("company__code", "term")
    seen = {lease.company: lease.first_day for lease in of_teams[: 2 * TEAMS]}
    for company, first in list(seen.items())[:TEAMS]:
        yield company, max(first, today - SINCE * DAY)
