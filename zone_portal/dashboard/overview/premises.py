"""How much of the zone is let on a day, how that went, and which leases end soon."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.db.models import QuerySet, Sum

from core.periods import DAY, month_start, previous_month
from spaces.models import Lease, Unit
from zone_portal.dashboard.overview.tenancies import in_force as tenancies_in_force
from zone_portal.dashboard.overview.tenancies import tenancies

ENDING_DAYS = 90
COURSE_MONTHS = 12


@dataclass(frozen=True)
class Occupancy:
    """Areas in m²; `total` is that of all units that the zone has today: units have no history."""

    let: Decimal
    total: Decimal

    @property
    def share(self) -> Decimal | None:
        return (self.let / self.total).quantize(Decimal("0.001")) if self.total else None


@dataclass(frozen=True)
class Course:
    """The zone on the last days of the months before the day, and on the day itself; the oldest first."""

    days: Sequence[dt.date]
    companies: Sequence[int]
    areas: Sequence[Decimal]


def course(on: dt.date, held: pl.DataFrame | None = None) -> Course:
    """Companies in the zone and m² let over a year. `held`: the frame of `tenancies`, where it was read already."""
    days = [on]
    month = month_start(on)
    for _month in range(COURSE_MONTHS):
        days.insert(0, month - DAY)
        month = previous_month(month)
    held = tenancies() if held is None else held
    there = [held.filter(tenancies_in_force(day)) for day in days]
    areas = [Decimal(int(one["area"].sum())).scaleb(-2) for one in there]
    return Course(days, [one["company"].n_unique() for one in there], areas)


def occupancy(let: Decimal) -> Occupancy:
    """`let` is the area of the leases in force, the last value of a `course`."""
    return Occupancy(let, Unit.objects.aggregate(total=Sum("area_m2", default=Decimal(0)))["total"])


def in_force(on: dt.date) -> QuerySet[Lease]:
    return Lease.objects.in_force_on(on).select_related("company", "unit__building__campus")


def ending(on: dt.date) -> QuerySet[Lease]:
    """Leases in force on the day whose last day comes within ninety days; the first to end first."""
    soon = on + ENDING_DAYS * DAY
    return in_force(on).filter(term__endswith__lte=soon + DAY).order_by("term__endswith", "number")
