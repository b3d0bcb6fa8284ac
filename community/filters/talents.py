"""How the list of talents is narrowed down. Every filter is a part of the address."""

import datetime as dt
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from community.choices import TalentGrade
from community.models import Talent
from companies.records.filters import RecordFilter
from core.forms import DayInput


class TalentFilter(RecordFilter):
    searched = ("code", "name")

    grade = django_filters.ChoiceFilter(label=_("Class"), choices=TalentGrade.choices, empty_label=_("All"))
    employed_on = django_filters.DateFilter(label=_("Employed on"), method="by_day", widget=DayInput)

    class Meta:
        model = Talent
        fields: list[str] = []

    def by_day(self, talents: Any, _name: str, day: dt.date) -> Any:
        return talents.employed_on(day)
