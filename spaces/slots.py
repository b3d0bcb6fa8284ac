"""The hours of a room: which of them it is open, what they cost, and how they are written. Pure.

Moments are aware; opening hours are minutes of a day in the zone's time zone, which is an argument. The finest step is
a quarter of an hour, so that a day is a grid of 96 of them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from core.money import round_half_up

STEP = 15  # minutes
QUARTER = dt.timedelta(minutes=STEP)
HOUR = dt.timedelta(hours=1)
WHOLE_DAY = 24 * 60
SLOTS = WHOLE_DAY // STEP
WEEK = 7

Opening = Sequence[Sequence[int]]
"""For Monday to Sunday the minutes of the day from and until which a room is open; closed where they are the same."""


def around_the_clock() -> list[list[int]]:
    return [[0, WHOLE_DAY] for _day in range(WEEK)]


@dataclass(frozen=True)
class Slot:
    """A time from `begins` until `ends`, this not included."""

    begins: dt.datetime
    ends: dt.datetime

    @classmethod
    def of(cls, span: Any) -> "Slot":
        """Of a range of the database."""
        return cls(span.lower, span.upper)

    @property
    def span(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.begins, self.ends, "[)")

    @property
    def length(self) -> dt.timedelta:
        return self.ends - self.begins

    def wider(self, before: int, after: int) -> "Slot":
        """With so many minutes around it, as far as there are moments."""
        return Slot(_moved(self.begins, -before), _moved(self.ends, after))

    def overlaps(self, other: "Slot") -> bool:
        return self.begins < other.ends and other.begins < self.ends

    def is_whole(self) -> bool:
        """Whether it lasts, and begins and ends on a quarter of an hour."""
        return self.begins < self.ends and not any(
            moment.minute % STEP or moment.second or moment.microsecond for moment in (self.begins, self.ends)
        )

    def written(self, zone: dt.tzinfo) -> str:
        """`2026-12-01 09:00–10:30`; the day of the end is named where it is another one."""
        begins, ends = self.begins.astimezone(zone), self.ends.astimezone(zone)
        shape = "%H:%M" if begins.date() == ends.date() else "%Y-%m-%d %H:%M"
        return f"{begins:%Y-%m-%d %H:%M}–{ends.strftime(shape)}"


def slot_on(day: dt.date, begins: dt.time, ends: dt.time, zone: dt.tzinfo) -> Slot:
    """A time of a day in the zone; an end that does not come after the beginning is of the next day."""
    last = day if ends > begins else day + dt.timedelta(days=1)
    return Slot(dt.datetime.combine(day, begins, zone), dt.datetime.combine(last, ends, zone))


def day_slot(day: dt.date, zone: dt.tzinfo, days: int = 1) -> Slot:
    """The whole day, or so many days from it on."""
    last = day + dt.timedelta(days=days)
    return Slot(dt.datetime.combine(day, dt.time(), zone), dt.datetime.combine(last, dt.time(), zone))


def is_open(opening: Opening, slot: Slot, zone: dt.tzinfo) -> bool:
    """Whether the room is open for all of the time."""
    begins, ends = slot.begins.astimezone(zone), slot.ends.astimezone(zone)
    day = begins.date()
    while day <= ends.date():
        first = minute_of(begins) if day == begins.date() else 0
        until = minute_of(ends) if day == ends.date() else WHOLE_DAY
        opens, closes = opening[day.weekday()]
        if first < until and not opens <= first < until <= closes:
            return False
        day += dt.timedelta(days=1)
    return True


def minute_of(moment: dt.datetime) -> int:
    """The minute of its day."""
    return moment.hour * 60 + moment.minute


def cost_of(rate: Decimal, slot: Slot) -> Decimal:
    """So much for each hour, rounded half up to a hundredth, once."""
    minutes = slot.length // dt.timedelta(minutes=1)
    return round_half_up(rate * minutes / 60)


def clock(minute: int) -> str:
    """A minute of the day as `08:30`; the end of the day is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _moved(moment: dt.datetime, minutes: int) -> dt.datetime:
    try:
        return moment + dt.timedelta(minutes=minutes)
    except OverflowError:  # in the year 1 or 9999: whatever rule refuses such a time answers, and no failure
        return moment
