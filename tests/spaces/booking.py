"""How tests of bookings name a time, and book."""

import datetime as dt
from typing import Any

from accounts.models import User
from spaces.models import Booking, Room
from spaces.services import bookings
from spaces.services.bookings import Wish
from spaces.slots import Slot, slot_on
from tests.factories import TODAY, ZONE

NOON = dt.datetime.combine(TODAY, dt.time(12), ZONE)
"""The present of these tests: TODAY at noon in the zone."""

TOMORROW = TODAY + dt.timedelta(days=1)


def at(begins: str, ends: str, day: dt.date = TOMORROW) -> Slot:
    """A time of the day after TODAY, in the zone: `at("09:00", "10:30")`."""
    return slot_on(day, dt.time.fromisoformat(begins), dt.time.fromisoformat(ends), ZONE)


def book(room: Room, slot: Slot, by: User, *, now: dt.datetime = NOON, **holder: Any) -> Booking:
    """Book by the service."""
    return bookings.book(wish=Wish(room, slot, holder.pop("title", "Demo"), **holder), by=by, now=now)
