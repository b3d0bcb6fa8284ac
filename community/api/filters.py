"""How the API's list of talents is narrowed down."""

import datetime as dt
from typing import Any

import django_filters

from community.choices import TalentGrade
from community.models import Talent
from core.api.parameters import DayFilter, ValidityFilter


class TalentFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    grade = django_filters.ChoiceFilter(choices=TalentGrade.choices, help_text="The class, A to E.")
    on = DayFilter(method="employed_on", help_text="Known to be employed on this day.")
    voided = ValidityFilter()

    class Meta:
        model = Talent
        fields: list[str] = []

    def employed_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        return queryset.employed_on(day)
