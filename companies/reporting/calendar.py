"""Periods of which companies report: the quarters and the years of the calendar."""

import datetime as dt
from collections.abc import Iterator

from companies.choices import ReportMonths
from core.periods import DAY, Day

QUARTERS = 4
BACK = 6  # ended periods that are kept in step with the rules and the register: a year and a half


def quarter_end(day: Day) -> Day:
    """The last day of the quarter that holds the day."""
    month = (day.month - 1) // 3 * 3 + 4
    return (dt.date(day.year + 1, 1, 1) if month > 12 else dt.date(day.year, month, 1)) - DAY


def ended(on: Day, count: int) -> list[Day]:
    """The last days of the last `count` quarters that are over on the day, the newest first."""
    found: list[Day] = []
    end = quarter_end(on)
    while len(found) < count:
        end = before(end)
        found.append(end)
    return found


def before(end: Day) -> Day:
    """The last day of the quarter before the one that ends on the day."""
    return end.replace(day=1, month=end.month - 2) - DAY


def coming(on: Day) -> Iterator[Day]:
    """The last days of the quarter that holds the day and of the three after it."""
    end = quarter_end(on)
    for _number in range(QUARTERS):
        yield end
        end = quarter_end(end + DAY)


def is_end_of(end: Day, months: int | None) -> bool:
    """Whether a period of this length ends on the last day of a quarter; None is no length."""
    return months is not None and (months == ReportMonths.QUARTER or end.month == 12)
