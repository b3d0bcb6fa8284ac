"""Days of the demo zone, told from its present: so many months ago, in so many days."""

import calendar
import datetime as dt
from dataclasses import dataclass
from random import Random

DAY = dt.timedelta(days=1)
POLICY_STARTS = dt.date(2023, 7, 1)  # earlier than published, so that reliefs that run out can be seen


def shift(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on (or back); the month's last day where it is too short."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Present:
    """The day for which the zone is made, and the chance that makes it."""

    today: dt.date
    random: Random

    def between(self, first: dt.date, last: dt.date) -> dt.date:
        """A day of the two or between them; never before the policy started."""
        first, last = max(first, POLICY_STARTS), max(last, POLICY_STARTS)
        return first + self.random.randint(0, (last - first).days) * DAY

    def ago(self, most: int, least: int) -> dt.date:
        """A day that lies `least` to `most` months back."""
        return self.between(shift(self.today, -most), shift(self.today, -least))

    def ahead(self, least: int, most: int) -> dt.date:
        """A day that lies `least` to `most` days ahead."""
        return self.today + self.random.randint(least, most) * DAY
