"""How the API's lists of talents and of support are narrowed down."""

import datetime as dt
from typing import Any

import django_filters

from community.choices import COUNTED, Audience, TalentGrade
from community.models import Delivery, SupportPackage, Talent
from companies.choices import Stage
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


class SupportPackageFilter(django_filters.FilterSet):
    audience = django_filters.ChoiceFilter(choices=Audience.choices, help_text="companies or teams.")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, help_text="nestling, chick, growing or unicorn.")
    campus = django_filters.CharFilter("campus__code", help_text="The code of the campus, exactly.")
    on = DayFilter(method="in_force_on", help_text="In force on this day.")
    voided = ValidityFilter()

    class Meta:
        model = SupportPackage
        fields: list[str] = []

    def in_force_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        return queryset.in_force(day)


class DeliveryFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    support = django_filters.CharFilter("item__code", help_text="The code of the item, exactly.")
    kind = django_filters.ChoiceFilter(
        "item__kind", choices=[(kind.value, kind.label) for kind in COUNTED], help_text="The kind of the item."
    )
    given_from = DayFilter("given_on", "gte", help_text="Given on this day or later.")
    given_to = DayFilter("given_on", "lte", help_text="Given on this day or earlier.")
    voided = ValidityFilter()

    class Meta:
        model = Delivery
        fields: list[str] = []
