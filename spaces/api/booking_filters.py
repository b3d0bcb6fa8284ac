"""How the API's lists of rooms and bookings are narrowed down."""

import datetime as dt
import re
from typing import Any

import django_filters
from django import forms

from core.api.bodies import MOMENT
from core.api.parameters import refusal
from core.periods import EARLIEST, LATEST
from spaces.choices import BookingState, Equipment, RoomField
from spaces.models import Booking, Room

MOMENT_FORM = "write it as 2026-06-16T09:00:00Z, or with an offset such as +08:00."


def moment(value: str) -> dt.datetime:
    """A moment with its offset, as RFC 3339 writes it. ValueError otherwise."""
    if not re.fullmatch(MOMENT, value, re.ASCII):
        raise ValueError(value)
    found = dt.datetime.fromisoformat(value)
    if not EARLIEST.year < found.year < LATEST.year:
        raise ValueError(value)
    return found.astimezone(dt.UTC)


class _MomentField(forms.Field):
    def to_python(self, value: Any) -> dt.datetime | None:
        if not value:
            return None
        try:
            return moment(value)
        except (ValueError, OverflowError) as error:
            raise refusal(f"{value!r} is not a moment: {MOMENT_FORM}") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A moment with its offset."""

    field_class = _MomentField


class RoomFilter(django_filters.FilterSet):
    campus = django_filters.CharFilter("campus__code", help_text="The campus's code, exactly.")
    field = django_filters.ChoiceFilter(choices=RoomField.choices, help_text="One of the four fields.")
    capacity = django_filters.NumberFilter(
        "capacity", "gte", min_value=1, max_value=10_000, help_text="Places, at least."
    )
    equipment = django_filters.ChoiceFilter(
        choices=Equipment.choices, method="by_equipment", help_text="Rooms that have this."
    )

    class Meta:
        model = Room
        fields: list[str] = []

    def by_equipment(self, rooms: Any, name: str, value: str) -> Any:
        del name
        return rooms.filter(equipment__contains=[value])


class BookingFilter(django_filters.FilterSet):
    room = django_filters.CharFilter("room__code", help_text="The room's code, exactly.")
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    series = django_filters.CharFilter("series__code", help_text="The code of the series, exactly.")
    state = django_filters.ChoiceFilter(choices=BookingState.choices)
    until = MomentFilter("period__startswith", "lt", help_text="Bookings that begin before this moment.")

    class Meta:
        model = Booking
        fields: list[str] = []


# A word of Python cannot be the name of an attribute.
BookingFilter.base_filters["from"] = MomentFilter(
    "period__endswith", "gt", help_text="Bookings that end after this moment."
)
