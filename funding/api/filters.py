"""How the API's lists of projects, loans, repayments and financing rounds are narrowed down."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q

from core.api.parameters import DayFilter, ValidityFilter, YesNoFilter
from funding.choices import ProjectField, ProjectKind
from funding.models import Loan, Project, Repayment, Round


class ProjectFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    kind = django_filters.ChoiceFilter(choices=ProjectKind.choices, help_text="What it is put forward for.")
    field = django_filters.ChoiceFilter(choices=ProjectField.choices, help_text="What it is about.")
    scored = YesNoFilter("score", "isnull", exclude=True, help_text="Whether the panel has scored it.")
    voided = ValidityFilter()

    class Meta:
        model = Project
        fields: list[str] = []


class LoanFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    bank = django_filters.CharFilter("bank", help_text="The bank's name, exactly.")
    on = DayFilter(method="runs_on", help_text="Drawn by this day, and not yet due on it.")
    drawn_from = DayFilter("drawn_on", "gte", help_text="Drawn on this day or later.")
    drawn_to = DayFilter("drawn_on", "lte", help_text="Drawn on this day or earlier.")
    voided = ValidityFilter()

    class Meta:
        model = Loan
        fields: list[str] = []

    def runs_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        # A loan that was declared void ran on no day.
        return queryset.valid().filter(Q(due_on=None) | Q(due_on__gt=day), drawn_on__lte=day)


class RepaymentFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("loan__company__code", help_text="The company's code, exactly.")
    loan = django_filters.CharFilter("loan__number", help_text="The loan's number, exactly.")
    paid_from = DayFilter("paid_on", "gte", help_text="Paid back on this day or later.")
    paid_to = DayFilter("paid_on", "lte", help_text="Paid back on this day or earlier.")
    voided = ValidityFilter()

    class Meta:
        model = Repayment
        fields: list[str] = []


class RoundFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    round = django_filters.CharFilter(help_text="The round's name, exactly.")
    currency = django_filters.CharFilter(help_text="The code of the currency, such as USD.")
    closed_from = DayFilter("closed_on", "gte", help_text="Closed on this day or later.")
    closed_to = DayFilter("closed_on", "lte", help_text="Closed on this day or earlier.")
    voided = ValidityFilter()

    class Meta:
        model = Round
        fields: list[str] = []
