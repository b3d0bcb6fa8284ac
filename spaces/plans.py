"""A floor on a day: each unit with who has it, and what of it a person may see.

Staff see all names. Founders see where their own company is, and of everything else whether it is let, not to whom nor
until when. Three queries, whatever the number of units.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.periods import DAY, Day, holds_on, last_day
from spaces.models import Building, Lease, Unit
from spaces.path import floor_order

ENDING_DAYS = 90


class UnitState(TextChoices):
    FREE = "free", _("free")
    LET = "let", _("let")
    ENDING = "ending", _("ending soon")
    COMING = "coming", _("let from a later day on")
    SHARED = "shared", _("shared desks")


@dataclass(frozen=True)
class Held:
    """A unit on the day; one with desks and without a lease is shared. `lease` is the one in force, or else the next
    one; None also where the viewer may not see it."""

    unit: Unit
    state: UnitState
    lease: Lease | None
    desks_taken: int = 0

    @property
    def code(self) -> str:
        return self.unit.code

    @property
    def day(self) -> Day | None:
        """The last day of the lease in force, or the first of the next one."""
        if self.lease is None:
            return None
        return self.lease.first_day if self.state == UnitState.COMING else self.lease.last_day


def floors_of(building: Building) -> list[str]:
    """The names of the floors, from the lowest."""
    return sorted(building.units.order_by().values_list("floor", flat=True).distinct(), key=floor_order)


def units_on(building: Building, floor: str, day: Day, viewer: User) -> list[Held]:
    """The units of a floor in the order of their codes; the caller decides that the viewer sees the building."""
    units: Any = building.units.filter(floor=floor).select_related("building")
    found = list(units.with_let_on(day).with_desks_taken_on(day).order_by("code"))
    leases = _leases(found, day, viewer)
    return [_held(unit, leases.get(unit.pk, []), day) for unit in found]


def _leases(units: Sequence[Unit], day: Day, viewer: User) -> dict[int, list[Lease]]:
    """Of those that the viewer sees, the lease in force and the later ones, by unit."""
    then = Q(term__contains=day) | Q(term__startswith__gt=day)
    seen = Lease.objects.visible_to(viewer).valid().filter(then, unit__in=units)
    found: dict[int, list[Lease]] = {}
    for lease in seen.select_related("company").order_by("term"):
        found.setdefault(lease.unit_id, []).append(lease)
    return found


def _held(unit: Any, leases: Sequence[Lease], day: dt.date) -> Held:
    first = leases[0] if leases else None
    if not unit.is_let and unit.desks:
        return Held(unit, UnitState.SHARED, None, unit.desks_taken)
    if not unit.is_let:
        return Held(unit, UnitState.COMING if first else UnitState.FREE, first)
    if first is None or not holds_on(first.term, day):
        return Held(unit, UnitState.LET, None)  # to somebody whom the viewer does not see
    return Held(unit, UnitState.ENDING if _ends_soon(leases, day) else UnitState.LET, first)


def _ends_soon(leases: Sequence[Lease], day: Day) -> bool:
    """Within ninety days, and nobody has the unit from the next day on."""
    last = last_day(leases[0].term)
    if last is None or last > day + ENDING_DAYS * DAY:
        return False
    return not any(lease.first_day == last + DAY for lease in leases[1:])
