"""When a room can be had: the time that nothing keeps it, as machines ask for it."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from spaces.models import Booking, Room
from spaces.slots import QUARTER, WEEK, Slot, is_open

LONGEST = dt.timedelta(days=WEEK)


def free_times(room: Room, asked: Slot) -> list[Slot]:
    """The free times of a room in `asked`, by the quarter, without what it takes to set up and clear it."""
    around = asked.wider(room.minutes_before, room.minutes_after)
    taken = Booking.objects.filter(room=room).in_the_way_of(around).values_list("blocked", flat=True)
    closed = room.closures.filter(period__overlap=asked.span).values_list("period", flat=True)
    kept = [Slot.of(blocked).wider(room.minutes_after, room.minutes_before) for blocked in taken]
    kept += [Slot.of(period) for period in closed]
    zone = timezone.get_default_timezone()
    quarters = (
        quarter
        for quarter in _quarters(asked)
        if is_open(room.opening, quarter, zone) and not any(quarter.overlaps(slot) for slot in kept)
    )
    return list(_joined(quarters))


def _quarters(asked: Slot) -> Iterator[Slot]:
    moment = asked.begins
    while moment < asked.ends:
        yield Slot(moment, moment + QUARTER)
        moment += QUARTER


def _joined(quarters: Iterator[Slot]) -> Iterator[Slot]:
    """Neighbours as one."""
    last: Slot | None = None
    for quarter in quarters:
        if last is not None and last.ends == quarter.begins:
            last = Slot(last.begins, quarter.ends)
            continue
        if last is not None:
            yield last
        last = quarter
    if last is not None:
        yield last
