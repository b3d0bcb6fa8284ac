"""Acts on rooms: enter one, change its rules, close it for a time.

Each wants a person who keeps the zone's rooms (NotAllowed), and refuses what is malformed (Incomplete) and what is
there already (Conflict). What was booked before stays as it was booked.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox, records
from core.errors import NotAllowed
from spaces.models import Closure, Room
from spaces.permissions import can_keep_rooms
from spaces.slots import Slot


@transaction.atomic
def add_room(*, values: Mapping[str, Any], by: User) -> Room:
    """Enter a room; `values` are its fields."""
    _refuse_stranger(by)
    return _told(records.save(Room(**values)))


@transaction.atomic
def change_room(*, room: Room, values: Mapping[str, Any], by: User) -> Room:
    """Change what a room is and its rules, which hold for bookings from now on."""
    _refuse_stranger(by)
    held = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    for name, value in values.items():
        setattr(held, name, value)
    return _told(records.save(held, fields=list(values)))


@transaction.atomic
def close_room(*, room: Room, slot: Slot, reason: str, by: User) -> Closure:
    """Close a room for a time."""
    _refuse_stranger(by)
    return records.save(Closure(room=room, period=slot.span, reason=reason))


@transaction.atomic
def reopen_room(*, closure: Closure, by: User) -> None:
    """Take a closure back."""
    _refuse_stranger(by)
    closure.delete()


def _told(room: Room) -> Room:
    outbox.record("room.changed", room.code)
    return room


def _refuse_stranger(by: User) -> None:
    if not can_keep_rooms(by):
        raise NotAllowed(_("Only officers enter and change rooms."))
