"""How much the rooms are used: hours by field, company, month and hour of the day.

Counted is what was booked and not given back: neither what was cancelled, nor what was released when nobody came.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils import timezone

from companies.models import Company
from core.interchange.columns import Column, Exact, Month, Text, Whole
from core.periods import month_start
from spaces.choices import HOLDING, BookingState, RoomField
from spaces.models import Booking
from spaces.slots import Slot, day_slot

COLUMNS: tuple[Column, ...] = (
    Month(name="month", required=True, key=True),
    Text(name="field", required=True, key=True, max_length=12),
    Text(name="room", required=True, key=True, max_length=32),
    Text(name="company", key=True, max_length=32),
    Exact(name="hours", required=True, places=2),
    Whole(name="bookings", required=True),
)
HOURS_A_DAY = 24
NONE = Decimal("0.0")
LENGTH = ExpressionWrapper(F("period__endswith") - F("period__startswith"), output_field=DurationField())
HELD = Q(state__in=HOLDING)


@dataclass(frozen=True)
class Used:
    """Hours and bookings of something: a field, a company, a month."""

    what: Any
    hours: Decimal
    bookings: int = 0


def of_days(bookings: QuerySet[Booking], first: dt.date, last: dt.date) -> QuerySet[Booking]:
    """Bookings that begin between two days, both included, in the zone."""
    whole = day_slot(first, timezone.get_default_timezone(), (last - first).days + 1)
    return bookings.filter(period__startswith__gte=whole.begins, period__startswith__lt=whole.ends)


def total(bookings: QuerySet[Booking]) -> dict[str, Any]:
    """Hours and bookings, and how many were released because nobody came."""
    found = bookings.aggregate(
        length=Sum(LENGTH, filter=HELD),
        held=Count("pk", filter=HELD),
        released=Count("pk", filter=Q(state=BookingState.RELEASED)),
    )
    came = found["held"] + found["released"]
    share = (Decimal(found["released"]) / came).quantize(Decimal("0.001")) if came else None
    return {"hours": hours_of(found["length"]), "bookings": found["held"], "released": share}


def by_field(bookings: QuerySet[Booking]) -> list[Used]:
    """The four fields, in the order of the path that they make; unused ones with nothing."""
    found = _sums(bookings, "room__field")
    return [found.get((field.value,), Used((field.value,), NONE)) for field in RoomField]


def by_month(bookings: QuerySet[Booking]) -> list[Used]:
    return sorted(_sums(bookings, "month").values(), key=lambda used: used.what)


def by_company(bookings: QuerySet[Booking]) -> list[dict[str, Any]]:
    """A row a company, the busiest first; who has none counts as guests and the zone."""
    rows = bookings.filter(HELD).order_by().values("company__code", "company__name", "company__name_zh")
    found = rows.annotate(length=Sum(LENGTH), bookings=Count("pk")).order_by("-length", "company__code")
    return [{**row, "hours": hours_of(row["length"])} for row in found]


def by_hour(bookings: QuerySet[Booking]) -> list[Decimal]:
    """For each hour of the day the hours that rooms were used in it."""
    zone = timezone.get_default_timezone()
    minutes = [0] * HOURS_A_DAY
    for span in bookings.filter(HELD).order_by().values_list("period", flat=True):
        for hour, part in _parts(Slot.of(span), zone):
            minutes[hour] += part
    return [hours_of(dt.timedelta(minutes=part)) for part in minutes]


def _parts(slot: Slot, zone: dt.tzinfo) -> Sequence[tuple[int, int]]:
    """The minutes of a booking by the hour of the day."""
    found, moment = [], slot.begins
    while moment < slot.ends:
        until = min(slot.ends, moment.replace(minute=0) + dt.timedelta(hours=1))
        found.append((moment.astimezone(zone).hour, (until - moment) // dt.timedelta(minutes=1)))
        moment = until
    return found


def of_company(company: Company, *, since: dt.date) -> list[Used]:
    """What a company used of the four fields since a month, in the order of the path."""
    return by_field(Booking.objects.filter(company=company, month__gte=month_start(since)))


def rows(bookings: QuerySet[Booking]) -> list[tuple[Any, ...]]:
    """Month, field, room, company, hours and bookings, for a file."""
    names = ("month", "room__field", "room__code", "company__code")
    found = bookings.filter(HELD).order_by().values_list(*names).annotate(length=Sum(LENGTH), number=Count("pk"))
    return [(*row[:4], hours_of(row[4]), row[5]) for row in found.order_by(*names)]


def frame(bookings: QuerySet[Booking]) -> pl.DataFrame:
    """The same with the columns of a file."""
    return pl.DataFrame(rows(bookings), schema={column.name: column.dtype for column in COLUMNS}, orient="row")


def _sums(bookings: QuerySet[Booking], *names: str) -> dict[tuple[Any, ...], Used]:
    found = bookings.filter(HELD).order_by().values_list(*names).annotate(length=Sum(LENGTH), number=Count("pk"))
    return {tuple(row[:-2]): Used(tuple(row[:-2]), hours_of(row[-2]), row[-1]) for row in found}


def hours_of(length: dt.timedelta | None) -> Decimal:
    """A length in hours, with the quarters."""
    minutes = (length or dt.timedelta()) // dt.timedelta(minutes=1)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))
