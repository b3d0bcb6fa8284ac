"""Days, months and periods. Half-open `[from, until)` in the database; people and files see both days included.

A period without its first day is *unknown*, one without its last day is *open*; `None` is a period nobody entered.
Only views, tasks and commands may call `today()`: everywhere else the day is an argument.
"""

import datetime as dt
import re

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

DAY = dt.timedelta(days=1)
Day = dt.date
# Years outside are typing errors, and the day after the last one must still be a day of the calendar.
EARLIEST = dt.date(1800, 1, 1)
LATEST = dt.date(2199, 12, 31)


def today() -> Day:
    """The present day in the zone's time zone."""
    return timezone.localdate()


def period(first: Day | None, last: Day | None) -> DateRange | None:
    """The range of two days that are both included; None when neither is known. Raises ValueError when reversed."""
    if first is None and last is None:
        return None
    if first is not None and last is not None and last < first:
        raise ValueError(
            _("The last day %(last)s lies before the first day %(first)s.") % {"last": last, "first": first}
        )
    return DateRange(first, None if last is None else last + DAY, "[)")


def first_day(span: DateRange | None) -> Day | None:
    """The first day of a period; None when unknown."""
    return span.lower if span is not None else None


def last_day(span: DateRange | None) -> Day | None:
    """The last day of a period (included); None when open or unknown."""
    return span.upper - DAY if span is not None and span.upper is not None else None


def holds_on(span: DateRange | None, day: Day) -> bool | None:
    """Whether the day lies in the period: None (unknown) when the period's first day is not known."""
    if span is None:
        return None
    if span.upper is not None and day >= span.upper:
        return False
    return None if span.lower is None else day >= span.lower


def month_start(day: Day) -> Day:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def next_month(day: Day) -> Day:
    """The first day of the month after that of `day`."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def previous_month(day: Day) -> Day:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - DAY).replace(day=1)


def parse_month(text: str) -> Day:
    """`YYYY-MM` to the month's first day; ValueError otherwise."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise ValueError(_("%(text)r is not a month: write it as YYYY-MM, such as 2026-03.") % {"text": text})
    return dt.date(int(text[:4]), int(text[5:]), 1)
