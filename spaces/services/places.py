"""Acts on places: enter a campus, a building, a unit, and correct them. A place's code stays: files name it by that.

Each wants a person who keeps the zone's spaces (NotAllowed), and refuses what is malformed (Incomplete) and what
contradicts a lease (Conflict, naming it).
"""

from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import User
from core.errors import conflict_from, incomplete_from
from spaces.models import Building, Campus, Unit
from spaces.permissions import refuse_stranger
from spaces.refusals import places as refusals

Row = TypeVar("Row", bound=models.Model)


def add_campus(*, code: str, name: str, name_zh: str = "", step: str = "", by: User) -> Campus:
    refuse_stranger(by)
    return _saved(Campus(code=code, name=name, name_zh=name_zh, step=step))


@transaction.atomic
def change_campus(*, campus: Campus, name: str, name_zh: str, step: str, by: User) -> Campus:
    refuse_stranger(by)
    held = _held(campus)
    held.name, held.name_zh, held.step = name, name_zh, step
    return _saved(held)


def add_building(*, campus: Campus, code: str, by: User) -> Building:
    refuse_stranger(by)
    return _saved(Building(campus=campus, code=code))


@transaction.atomic
def rename_building(*, building: Building, code: str, by: User) -> Building:
    """Correct what a building is called; it stays on its campus."""
    refuse_stranger(by)
    held = _held(building)
    held.code = code
    return _saved(held)


def add_unit(
    *,
    building: Building,
    code: str,
    area_m2: Decimal,
    floor: str = "",
    desks: int = 0,
    x_m: Decimal | None = None,
    y_m: Decimal | None = None,
    width_m: Decimal | None = None,
    depth_m: Decimal | None = None,
    by: User,
) -> Unit:
    """The four measures, in metres, say where the unit is on its floor; all of them or none."""
    refuse_stranger(by)
    place = {"x_m": x_m, "y_m": y_m, "width_m": width_m, "depth_m": depth_m}
    return _saved(Unit(building=building, code=code, floor=floor, area_m2=area_m2, desks=desks, **place))


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    building: Building,
    floor: str,
    area_m2: Decimal,
    desks: int = 0,
    x_m: Decimal | None = None,
    y_m: Decimal | None = None,
    width_m: Decimal | None = None,
    depth_m: Decimal | None = None,
    by: User,
) -> Unit:
    """Correct where a unit is and how large; a Conflict names a lease that is larger. Without measures its place on
    the floor is unknown."""
    refuse_stranger(by)
    held = _held(unit)
    held.building, held.floor, held.area_m2, held.desks = building, floor, area_m2, desks
    held.x_m, held.y_m, held.width_m, held.depth_m = x_m, y_m, width_m, depth_m
    largest = refusals.largest_of(held)
    if largest is not None and largest.area_m2 > area_m2:
        raise refusals.below_lease(held, largest)
    return _saved(held)


def _held(row: Row) -> Row:
    """The place as it is now, locked until the transaction ends."""
    held: Row = type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    return held


def _saved(row: Row) -> Row:
    """Check and save a place."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise incomplete_from(error) from error
    except IntegrityError as error:
        raise refusals.of_unit(error, row) if isinstance(row, Unit) else conflict_from(error, type(row)) from error
    return row
