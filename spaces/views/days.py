"""Days and times in the address of a page."""

import datetime as dt

from django.http import HttpRequest


def day_of(request: HttpRequest) -> dt.date | None:
    """`?day=`; None where it is missing or no day."""
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def time_of(request: HttpRequest) -> dt.time | None:
    """`?at=`; None where it is missing or no time."""
    try:
        return dt.time.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return None
