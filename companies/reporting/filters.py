"""How the schedule of reports is narrowed down: a period, the state on the present day, and what the company is."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.choices import CompanyKind, DutyState, ReportMonths, Stage
from companies.models import Company, ReportDuty
from companies.records.filters import SearchInput


class ScheduleFilter(django_filters.FilterSet):
    """`on` is the day of the states, `periods` are the last days that can be chosen: without a choice it is the newest,
    and "" is all of them."""

    q = django_filters.CharFilter(label=_("Company"), method="by_words", widget=SearchInput)
    period = django_filters.ChoiceFilter(
        label=_("Last day of the period"), field_name="period_end", empty_label=_("All"), choices=()
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), method="by_state", empty_label=_("All"), choices=DutyState.choices
    )
    months = django_filters.ChoiceFilter(
        label=_("Length of the period"), choices=ReportMonths.choices, empty_label=_("All")
    )
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), field_name="company__stage", choices=Stage.choices, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="company__kind", choices=CompanyKind.choices, empty_label=_("All")
    )

    class Meta:
        model = ReportDuty
        fields: list[str] = []

    def __init__(self, data: Any, queryset: Any, *, on: dt.date, periods: Sequence[dt.date]):
        self.on = on
        asked = data.copy()
        if periods:
            asked.setdefault("period", periods[0].isoformat())
        super().__init__(asked, queryset)
        self.filters["period"].extra["choices"] = [(day.isoformat(), day.isoformat()) for day in periods]

    @property
    def period_shown(self) -> dt.date | None:
        """The one period that is shown; None for several."""
        chosen = self.form.cleaned_data.get("period") if self.form.is_valid() else None
        return dt.date.fromisoformat(chosen) if chosen else None

    def by_words(self, duties: Any, _name: str, words: str) -> QuerySet[Any]:
        return duties.filter(company__in=Company.objects.search_for(words).values("pk"))

    def by_state(self, duties: Any, _name: str, state: str) -> QuerySet[Any]:
        return duties.of_state(state, self.on)
