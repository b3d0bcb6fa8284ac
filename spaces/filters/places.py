"""How the lists of units and leases are narrowed down. Every filter is a part of the address."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import RecordFilter
from core.forms import DayInput, MonthInput
from core.periods import DAY, Day, month_start, next_month
from spaces.choices import LeaseState
from spaces.models import Campus, DeskMembership, Lease, Unit

MONTHS_AHEAD = (1, 3, 6, 12)


def months_after(day: Day, months: int) -> Day:
    """The same day so many months later, or the last of that month where it is too short."""
    start = month_start(day)
    for _month in range(months):
        start = next_month(start)
    return min(start + (day.day - 1) * DAY, next_month(start) - DAY)


class SearchInput(forms.TextInput):
    """A search field: what is typed narrows the list at once."""

    input_type = "search"


class CampusFilter(django_filters.ModelChoiceFilter):
    """One campus, by its code."""

    def __init__(self, field_name: str):
        super().__init__(
            field_name, to_field_name="code", queryset=Campus.objects.all(), label=_("Campus"), empty_label=_("All")
        )


class OccupancyFilter(django_filters.FilterSet):
    """Campuses whose occupancy is shown."""

    campus = django_filters.ModelChoiceFilter(
        to_field_name="code", queryset=Campus.objects.all(), label=_("Campus"), empty_label=_("All"), method="only"
    )

    class Meta:
        model = Campus
        fields: list[str] = []

    def only(self, campuses: Any, _name: str, campus: Campus) -> Any:
        return campuses.filter(pk=campus.pk)


class MonthFilter(django_filters.DateFilter):
    """A month as `YYYY-MM`: what runs on some of its days."""

    def __init__(self, field_name: str, **options: Any):
        super().__init__(field_name, input_formats=["%Y-%m"], widget=MonthInput, **options)

    def filter(self, queryset: Any, value: dt.date | None) -> Any:
        if value is None:
            return queryset
        return queryset.filter(**{f"{self.field_name}__overlap": DateRange(value, next_month(value))})


class UnitFilter(django_filters.FilterSet):
    """Units by name, place, and whether they are free on a day, which is `today` unless another is named."""

    unit = django_filters.CharFilter("code", "icontains", label=_("Unit"), widget=SearchInput)
    campus = CampusFilter("building__campus")
    building = django_filters.CharFilter("building__code", label=_("Building"))
    state = django_filters.ChoiceFilter(
        label=_("State"), method="by_state", empty_label=_("All"), choices=[("free", _("free")), ("let", _("let"))]
    )
    on = django_filters.DateFilter(label=_("On the day"), method="already_by_state", widget=DayInput)

    class Meta:
        model = Unit
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Unit], *, today: Day, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    @property
    def day(self) -> Day:
        """The day that the list tells about."""
        return (self.form.cleaned_data.get("on") if self.is_valid() else None) or self.today

    def by_state(self, units: Any, name: str, value: str) -> Any:
        del name
        return units.with_let_on(self.day).filter(is_let=value == "let")

    def already_by_state(self, units: Any, name: str, value: dt.date) -> Any:
        """The day says for when the state is meant; alone it narrows nothing."""
        del name, value
        return units


class LeaseFilter(django_filters.FilterSet):
    """Leases by company, place and term. Without a state the void ones are left out."""

    company = django_filters.CharFilter(label=_("Company or lease"), method="by_words", widget=SearchInput)
    campus = CampusFilter("unit__building__campus")
    unit = django_filters.CharFilter("unit__code", label=_("Unit"))
    on = django_filters.DateFilter("term", "contains", label=_("In force on"), widget=DayInput)
    month = MonthFilter("term", label=_("In force in the month"))
    ending = django_filters.ChoiceFilter(
        label=_("Ending within"),
        method="by_end",
        empty_label=_("Any time"),
        choices=[
            (MONTHS_AHEAD[0], _("1 month")),
            (MONTHS_AHEAD[1], _("3 months")),
            (MONTHS_AHEAD[2], _("6 months")),
            (MONTHS_AHEAD[3], _("12 months")),
        ],
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), method="by_state", empty_label=_("Valid"), choices=LeaseState.choices
    )

    class Meta:
        model = Lease
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Lease], *, today: Day, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.valid()
        return super().filter_queryset(queryset)

    def by_words(self, leases: Any, name: str, value: str) -> Any:
        del name
        found = Company.objects.search_for(value).values("pk")
        return leases.filter(Q(company__in=found) | Q(number__icontains=value))

    def by_end(self, leases: Any, name: str, value: str) -> Any:
        del name
        return leases.ending_within(self.today, months_after(self.today, int(value)))

    def by_state(self, leases: Any, name: str, value: str) -> Any:
        del name
        return leases.with_state_on(self.today).filter(state=value)


class DeskFilter(RecordFilter):
    """Desk memberships by their holder, number or unit, by campus and day."""

    searched = ("number", "person", "unit__code")

    campus = CampusFilter("unit__building__campus")
    on = django_filters.DateFilter("term", "contains", label=_("In force on"), widget=DayInput)

    class Meta:
        model = DeskMembership
        fields: list[str] = []
