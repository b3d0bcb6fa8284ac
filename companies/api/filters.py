"""How the API's lists of companies and reports are narrowed down."""

import datetime as dt
from typing import Any

import django_filters
from django.db import models

from companies.choices import CompanyKind, ReportMonths, Stage
from companies.models import Company, Report
from core.api.parameters import DayFilter, ValidityFilter, YesNoFilter


def holds_on(queryset: models.QuerySet[Any], name: str, day: dt.date) -> models.QuerySet[Any]:
    """Rows whose period holds the day. One with an unknown first day is not known to, and is left out."""
    return queryset.filter(**{f"{name}__contains": day, f"{name}__startswith__isnull": False})


class CompanyFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(help_text="The company's code, exactly.")
    uscc = django_filters.CharFilter(help_text="The unified social credit code, exactly.")
    kind = django_filters.ChoiceFilter(choices=CompanyKind.choices, help_text="What it is.")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, help_text="The stage it is in.")
    industry = django_filters.CharFilter(help_text="The industry, exactly.")
    on = DayFilter("registration", method=holds_on, help_text="Registered in the zone on this day.")
    operating_on = DayFilter("operation", method=holds_on, help_text="Operating on this day.")
    founded_from = DayFilter("founded_on", "gte", help_text="Founded on this day or later.")
    founded_to = DayFilter("founded_on", "lte", help_text="Founded on this day or earlier.")
    search = django_filters.CharFilter(
        method="search_for", help_text="Words of the name in either script, of the code or the credit code."
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def search_for(self, queryset: Any, _name: str, words: str) -> Any:
        return queryset.search_for(words)


class ReportFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    months = django_filters.ChoiceFilter(choices=ReportMonths.choices, help_text="3: a quarter, 12: a year.")
    ended_from = DayFilter("period_end", "gte", help_text="Of a period that ended on this day or later.")
    ended_to = DayFilter("period_end", "lte", help_text="Of a period that ended on this day or earlier.")
    verified = YesNoFilter("verified_at", "isnull", exclude=True, help_text="Whether the zone has verified it.")
    voided = ValidityFilter()

    class Meta:
        model = Report
        fields: list[str] = []
