"""How the lists of statements are narrowed down. Every filter is a part of the address."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import SearchInput
from core.periods import parse_month
from subsidies.choices import RentState, StatementState
from subsidies.gather.statements import billed_months
from subsidies.models import InterestStatement, RentStatement
from subsidies.querysets import RentStatementQuerySet


class StatementFilter(django_filters.FilterSet):
    """Statements by company (either script, code or credit code), month and state."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    month = django_filters.ChoiceFilter(label=_("Month"), method="by_month", empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=RentState, method="by_state", empty_label=_("All"))

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        months = [f"{month:%Y-%m}" for month in reversed(list(billed_months()))]
        self.filters["month"].extra["choices"] = [(month, month) for month in months]

    def by_company(self, found: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return found.filter(company__in=Company.objects.search_for(words))

    def by_state(self, found: RentStatementQuerySet, _name: str, state: str) -> QuerySet[Any]:
        return found.in_state(state)

    def by_month(self, found: QuerySet[Any], _name: str, month: str) -> QuerySet[Any]:
        return found.filter(month=parse_month(month))


class InterestFilter(StatementFilter):
    """Interest statements, by the same."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=StatementState, empty_label=_("All"))

    class Meta:
        model = InterestStatement
        fields: tuple[str, ...] = ()
