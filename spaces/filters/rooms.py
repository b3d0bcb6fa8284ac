"""How the lists of rooms and bookings are narrowed down. Every filter is a part of the address."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DayInput
from core.periods import previous_month
from spaces.choices import BookingState, Equipment, RoomField
from spaces.filters.places import CampusFilter, SearchInput
from spaces.models import Booking, Room
from spaces.usage import of_days


class RoomFilter(django_filters.FilterSet):
    """Rooms by name, field, place, places and equipment."""

    room = django_filters.CharFilter(label=_("Room"), method="by_words", widget=SearchInput)
    field = django_filters.ChoiceFilter(
        label=pgettext_lazy("of the four", "Field"), choices=RoomField.choices, empty_label=_("All")
    )
    campus = CampusFilter("campus")
    capacity = django_filters.NumberFilter("capacity", "gte", label=_("Places, at least"), min_value=1)
    equipment = django_filters.ChoiceFilter(
        label=_("Equipment"), choices=Equipment.choices, method="by_equipment", empty_label=_("Any")
    )

    class Meta:
        model = Room
        fields: list[str] = []

    def by_words(self, rooms: Any, name: str, value: str) -> Any:
        del name
        return rooms.filter(Q(code__icontains=value) | Q(name__icontains=value) | Q(name_zh__icontains=value))

    def by_equipment(self, rooms: Any, name: str, value: str) -> Any:
        del name
        return rooms.filter(equipment__contains=[value])


class DayFilter(RoomFilter):
    """The same for the grid of a day, which is `today` unless another is named."""

    day = django_filters.DateFilter(label=_("Day"), method="already_shown", widget=DayInput)

    def __init__(self, data: Any, queryset: QuerySet[Room], *, today: dt.date, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    @property
    def shown_day(self) -> dt.date:
        return (self.form.cleaned_data.get("day") if self.is_valid() else None) or self.today

    def already_shown(self, rooms: Any, name: str, value: dt.date) -> Any:
        """The day says whose bookings are shown; it narrows down no rooms."""
        del name, value
        return rooms


class BookingFilter(django_filters.FilterSet):
    """Bookings that are still to come, unless another time is chosen."""

    title = django_filters.CharFilter(label=_("Booking"), method="by_words", widget=SearchInput)
    when = django_filters.ChoiceFilter(
        label=_("Time"), method="by_time", empty_label=_("To come"), choices=[("past", _("past")), ("all", _("all"))]
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=BookingState.choices, empty_label=_("All"))

    class Meta:
        model = Booking
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Booking], *, now: dt.datetime, **options: Any):
        super().__init__(data, queryset, **options)
        self.now = now

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("when"):
            queryset = queryset.ending_after(self.now)
        return super().filter_queryset(queryset)

    def by_words(self, bookings: Any, name: str, value: str) -> Any:
        del name
        words = Q(title__icontains=value) | Q(room__code__icontains=value) | Q(company__name__icontains=value)
        return bookings.filter(words | Q(code__iexact=value))

    def by_time(self, bookings: Any, name: str, value: str) -> Any:
        del name
        return bookings.filter(period__endswith__lte=self.now) if value == "past" else bookings


class UsageFilter(django_filters.FilterSet):
    """Bookings by the days on which they begin: the last three months, unless other days are named."""

    since = django_filters.DateFilter(label=_("From the day"), method="already_narrowed", widget=DayInput)
    until = django_filters.DateFilter(label=_("Until the day"), method="already_narrowed", widget=DayInput)
    field = django_filters.ChoiceFilter(
        "room__field", label=pgettext_lazy("of the four", "Field"), choices=RoomField.choices, empty_label=_("All")
    )
    campus = CampusFilter("room__campus")

    class Meta:
        model = Booking
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Booking], *, today: dt.date, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    def filter_queryset(self, queryset: Any) -> Any:
        said = self.form.cleaned_data
        until = said.get("until") or self.today
        since = said.get("since") or previous_month(previous_month(until))
        return super().filter_queryset(of_days(queryset, min(since, until), until))

    def already_narrowed(self, bookings: Any, name: str, value: dt.date) -> Any:
        """Both days are taken together."""
        del name, value
        return bookings
