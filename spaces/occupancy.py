"""How much of each campus was let in each month, and will be by the leases on record.

The area of a month is the average of its days, exact to 0.01 m². Units have no history: shares are of the area that a
campus has now. The database goes over the leases once, whatever their number: it gives the days on which the area of
a campus changes, and `day_averages` does the rest.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef, Sum

from core.money import round_half_up
from core.periods import Day, next_month, previous_month
from spaces.models import Campus, Lease, Unit
from spaces.querysets.places import LeaseQuerySet

MONTHS_BACK, MONTHS_AHEAD = 12, 12
NOTHING = Decimal(0)

CHANGES = """
    WITH held AS (
        SELECT building.campus_id AS campus, lease.area_m2 AS area,
               greatest(lower(lease.term), %(start)s) AS first_day, upper(lease.term) AS until
        FROM spaces_lease lease JOIN spaces_unit unit ON unit.id = lease.unit_id
        JOIN spaces_building building ON building.id = unit.building_id
        WHERE lease.voided_at IS NULL AND lease.term && daterange(%(start)s, %(end)s)
    )
    SELECT campus, day, sum(change) FROM held
    CROSS JOIN LATERAL (VALUES (first_day, area), (until, -area)) AS of (day, change)
    WHERE day < %(end)s GROUP BY campus, day ORDER BY campus, day
"""

Change = tuple[int, Day, Decimal]


@dataclass(frozen=True)
class Let:
    """The area that was let in a month on the average of its days, of the area that there is; in m²."""

    campus: Campus
    month: Day
    area: Decimal
    let: Decimal

    @property
    def share(self) -> Decimal | None:
        return share_of(self.let, self.area)


def share_of(let: Decimal, area: Decimal) -> Decimal | None:
    """To three decimals, so that it reads as a percentage with one; None where there is no area."""
    return (let / area).quantize(Decimal("0.001")) if area else None


def months_around(day: Day) -> list[Day]:
    """Twelve months back, the present one, twelve ahead: the first day of each."""
    months = [day.replace(day=1)]
    for _month in range(MONTHS_BACK):
        months.insert(0, previous_month(months[0]))
    for _month in range(MONTHS_AHEAD):
        months.append(next_month(months[-1]))
    return months


def occupancy(campuses: Iterable[Campus], months: Sequence[Day]) -> list[Let]:
    """By campus and month; `months` follow each other. Two queries."""
    areas = dict(Unit.objects.order_by().values_list("building__campus").annotate(Sum("area_m2")))
    let = day_averages(_changes(months[0], next_month(months[-1])), months)
    none = [NOTHING] * len(months)
    return [
        Let(campus, month, areas.get(campus.pk, NOTHING), area)
        for campus in campuses
        for month, area in zip(months, let.get(campus.pk, none), strict=True)
    ]


def _changes(start: Day, end: Day) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {"start": start, "end": end})
        return list(cursor.fetchall())


def day_averages(changes: Iterable[Change], months: Sequence[Day]) -> Mapping[int, list[Decimal]]:
    """For each campus its level in each month, averaged over the days and rounded half up to 0.01, once.

    `changes`: campus, day, by how much the level is another one from that day on; by day for each campus, none before
    the first of the months. The months follow each other.
    """
    steps: dict[int, list[tuple[Day, Decimal]]] = {}
    for campus, day, change in changes:
        steps.setdefault(campus, []).append((day, change))
    return {campus: _averages(changed, months) for campus, changed in steps.items()}


def _averages(steps: list[tuple[Day, Decimal]], months: Sequence[Day]) -> list[Decimal]:
    level, place, found = NOTHING, 0, []
    for month in months:
        end, at, total = next_month(month), month, NOTHING
        while place < len(steps) and steps[place][0] < end:
            day, change = steps[place]
            total += level * (day - at).days
            level, at, place = level + change, day, place + 1
        total += level * (end - at).days
        found.append(round_half_up(total / (end - month).days))
    return found


def coming_free(first: dt.date, until: dt.date) -> LeaseQuerySet:
    """Leases whose last day lies in `[first, until)`, and after which nobody has the unit yet; the first to end
    first."""
    ending = Lease.objects.ending_within(first, until).annotate(until=F("term__endswith"))
    next_ones = Lease.objects.valid().filter(unit=OuterRef("unit"), term__contains=OuterRef("until"))
    return ending.filter(~Exists(next_ones)).order_by("until", "number")
