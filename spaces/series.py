"""The days of a series: daily or weekly, until a day or so many times, with exceptions. Pure.

The time of day stays what the clocks show, whatever the zone does to its clocks in between.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice, takewhile

from spaces.choices import Frequency
from spaces.slots import Slot

MOST = 200  # a daily series of more than half a year
STEPS = {Frequency.DAILY: dt.timedelta(days=1), Frequency.WEEKLY: dt.timedelta(weeks=1)}


@dataclass(frozen=True)
class Pattern:
    """How a booking comes back: every `interval` days or weeks; `until` is a day that is included. `times` counts the
    exceptions, too, so that leaving one out moves no other."""

    frequency: Frequency
    interval: int = 1
    until: dt.date | None = None
    times: int | None = None
    exceptions: frozenset[dt.date] = frozenset()

    def days(self, first: dt.date) -> list[dt.date]:
        """The days from the first on, MOST at most."""
        days: Iterator[dt.date] = (first + n * self.interval * STEPS[self.frequency] for n in count())
        if self.until is not None:
            until = self.until
            days = takewhile(lambda day: day <= until, days)
        return [day for day in islice(days, min(self.times or MOST, MOST)) if day not in self.exceptions]


def slots_of(first: Slot, pattern: Pattern, zone: dt.tzinfo) -> list[Slot]:
    """The times of a series that begins with the first."""
    begins, ends = first.begins.astimezone(zone), first.ends.astimezone(zone)
    days_long = ends.date() - begins.date()
    return [
        Slot(
            dt.datetime.combine(day, begins.time(), zone),
            dt.datetime.combine(day + days_long, ends.time(), zone),
        )
        for day in pattern.days(begins.date())
    ]
