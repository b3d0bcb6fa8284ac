"""The grid of bookings: a row for each room of a day, or for each day of a room, in 96 quarters of an hour.

Three queries, whatever the number of rows. A row is a run of cells that lie side by side: free time, closed time, and
bookings with the time to set up and clear up. What a stranger may not know never arrives here (`as_seen_by`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any
from unicodedata import east_asian_width

from accounts.models import User
from core.markup import plain_name
from spaces.models import Booking, Closure, Room
from spaces.slots import SLOTS, STEP, WEEK, Slot, clock, day_slot, minute_of

FREE, CLOSED = "free", "closed"


@dataclass(frozen=True)
class Cell:
    """`span` quarters of an hour. `booking` is what the person may know of it."""

    span: int
    is_free: bool
    booking: Any = None

    @property
    def text(self) -> str:
        """As much of the title as there is room for, a Chinese character as wide as two letters; all of it is on the
        booking's page."""
        title = self.booking.seen_title if self.booking else ""
        ends = accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in title)
        return title[: sum(end <= max(self.span * 2, 4) for end in ends)]


@dataclass(frozen=True)
class Row:
    room: Room
    day: dt.date
    cells: Sequence[Cell]

    @property
    def name(self) -> str:
        """The room's, without markup: sixty of them are a part of what the page weighs."""
        return plain_name(self.room)

    @property
    def free_times(self) -> list[tuple[str, str]]:
        """From when until when nothing stands in the way of the room itself."""
        ends = list(accumulate(cell.span * STEP for cell in self.cells))
        times = zip(self.cells, [0, *ends[:-1]], ends, strict=True)
        return [(clock(begins), clock(end)) for cell, begins, end in times if cell.is_free]


def day_rows(rooms: Iterable[Room], day: dt.date, user: User, zone: dt.tzinfo) -> list[Row]:
    """The rooms on a day."""
    found = list(rooms)
    kept = _Kept(found, day_slot(day, zone), user)
    return [_row(room, day, kept, zone) for room in found]


def week_rows(room: Room, first: dt.date, user: User, zone: dt.tzinfo) -> list[Row]:
    """A room on seven days."""
    kept = _Kept([room], day_slot(first, zone, WEEK), user)
    days = [first + dt.timedelta(days=number) for number in range(WEEK)]
    return [_row(room, day, kept, zone) for day in days]


class _Kept:
    """What keeps the rooms in a time, by room."""

    def __init__(self, rooms: Sequence[Room], slot: Slot, user: User):
        bookings = Booking.objects.in_the_way_of(slot).filter(room__in=rooms).as_seen_by(user).order_by()
        self.bookings = _by_room(bookings.only("room_id", "blocked", "period"))
        self.closures = _by_room(Closure.objects.filter(room__in=rooms, period__overlap=slot.span).order_by())


def _by_room(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.room_id, []).append(row)
    return found


def _row(room: Room, day: dt.date, kept: _Kept, zone: dt.tzinfo) -> Row:
    """Later strokes paint over earlier ones: what was booked before a room was closed is still seen."""
    marks: list[Any] = [FREE] * SLOTS
    opens, closes = room.opening[day.weekday()]
    _paint(marks, 0, opens, CLOSED)
    _paint(marks, closes, SLOTS * STEP, CLOSED)
    for closure in kept.closures.get(room.pk, ()):
        _paint(marks, *_minutes_on(day, Slot.of(closure.period), zone), CLOSED)
    for booking in kept.bookings.get(room.pk, ()):
        _paint(marks, *_minutes_on(day, Slot.of(booking.blocked), zone), booking)
    return Row(room, day, list(_cells(marks)))


def _minutes_on(day: dt.date, slot: Slot, zone: dt.tzinfo) -> tuple[int, int]:
    """The part of the time that lies in the day, in its minutes; nothing of another day."""
    begins, ends = slot.begins.astimezone(zone), slot.ends.astimezone(zone)
    first = 0 if begins.date() < day else minute_of(begins) if begins.date() == day else SLOTS * STEP
    until = SLOTS * STEP if ends.date() > day else minute_of(ends) if ends.date() == day else 0
    return first, until


def _paint(marks: list[Any], first: int, until: int, mark: Any) -> None:
    for slot in range(first // STEP, -(-until // STEP)):
        marks[slot] = mark


def _cells(marks: Sequence[Any]) -> Iterator[Cell]:
    for _key, run in groupby(marks, key=id):
        same = list(run)
        yield Cell(len(same), same[0] is FREE, None if isinstance(same[0], str) else same[0])
