"""The three steps of the path with their campuses, buildings and floors, and how much of each is let on a day.

Seven queries, whatever the zone's size. Companies are those with a lease or a desk. `let` is the area that the leases
in force cover, `free` that of units without a lease: of a unit that is let in part, the rest is neither.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, FilteredRelation, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from spaces.choices import PathStep
from spaces.models import Building, Campus, DayPass, DeskMembership, Unit
from spaces.occupancy import share_of
from spaces.querysets.places import DeskMembershipQuerySet, UnitQuerySet

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Space:
    """Areas in m²."""

    units: int = 0
    area: Decimal = NOTHING
    let: Decimal = NOTHING
    free: Decimal = NOTHING

    @property
    def share(self) -> Decimal | None:
        return share_of(self.let, self.area)

    def __add__(self, other: "Space") -> "Space":
        return Space(self.units + other.units, self.area + other.area, self.let + other.let, self.free + other.free)


@dataclass(frozen=True)
class FloorSpace:
    floor: str
    space: Space


@dataclass(frozen=True)
class BuildingSpace:
    """A building with its floors; one without units has none."""

    building: Building
    floors: list[FloorSpace]


@dataclass(frozen=True)
class CampusSpace:
    campus: Campus
    buildings: list[BuildingSpace]
    companies: int
    desks: int
    desks_taken: int

    @property
    def space(self) -> Space:
        return sum((floor.space for building in self.buildings for floor in building.floors), Space())


@dataclass(frozen=True)
class Step:
    """A step of the path; the last one, without a code, holds the campuses that stand for none."""

    code: str
    label: Any
    campuses: list[CampusSpace] = field(default_factory=list)


def path_on(day: dt.date, viewer: User) -> list[Step]:
    """All three steps, also those without a campus."""
    campuses = list(_campuses(day, viewer))
    steps = [Step(code, label) for code, label in PathStep.choices]
    if any(not found.campus.step for found in campuses):
        steps.append(Step("", _("On no step of the path")))
    by_code = {step.code: step for step in steps}
    for found in campuses:
        by_code[found.campus.step].campuses.append(found)
    return steps


def _campuses(day: dt.date, viewer: User) -> Iterator[CampusSpace]:
    units = let_on(Unit.objects.visible_to(viewer), day)
    floors: dict[int, list[FloorSpace]] = {}
    for building, floor, space in _floors(units):
        floors.setdefault(building, []).append(FloorSpace(floor, space))
    memberships = DeskMembership.objects.visible_to(viewer).in_force_on(day).order_by()
    companies = Counter(campus for campus, _company in _occupants(units, memberships))
    desks = dict(units.order_by().values_list("building__campus").annotate(Sum("desks")))
    taken = Counter(dict(memberships.values_list("unit__building__campus").annotate(Sum("desks"))))
    passes = DayPass.objects.visible_to(viewer).valid().filter(day=day).order_by()
    taken.update(dict(passes.values_list("unit__building__campus").annotate(Sum("desks"))))
    for campus in Campus.objects.prefetch_related("buildings"):
        buildings = [BuildingSpace(building, floors.get(building.pk, [])) for building in campus.buildings.all()]
        numbers = (counts.get(campus.pk, 0) for counts in (companies, desks, taken))
        yield CampusSpace(campus, buildings, *numbers)


def _occupants(units: UnitQuerySet, memberships: DeskMembershipQuerySet) -> Iterable[tuple[int, int]]:
    """Each campus with each company that has a lease or a desk there, once."""
    leases = units.order_by().exclude(current=None).values_list("building__campus", "current__company")
    desks = memberships.exclude(company=None).values_list("unit__building__campus", "company")
    return leases.union(desks)


def let_on(units: UnitQuerySet, day: dt.date) -> UnitQuerySet:
    """Join the lease in force on the day as `current`: a unit has one at most."""
    in_force = Q(leases__voided_at=None, leases__term__contains=day)
    return units.annotate(current=FilteredRelation("leases", condition=in_force))


def _floors(units: UnitQuerySet) -> Iterator[tuple[int, str, Space]]:
    """The building, the floor and its space, floor by floor as people count them."""
    found = (
        units.order_by()
        .values("building", "floor")
        .annotate(
            units=Count("pk"),
            area=Sum("area_m2"),
            let=Sum("current__area_m2", default=NOTHING),
            free=Sum("area_m2", filter=Q(current=None), default=NOTHING),
        )
    )
    for row in sorted(found, key=lambda row: floor_order(row["floor"])):
        yield row["building"], row["floor"], Space(row["units"], row["area"], row["let"], row["free"])


def floor_order(floor: str) -> tuple[int, str]:
    """Floors by their number, `-1` below `2` below `10`; names that are no number come after them."""
    digits = floor.removeprefix("-")
    return (int(floor), "") if digits.isascii() and digits.isdigit() else (10**6, floor)
