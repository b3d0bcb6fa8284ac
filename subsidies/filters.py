"""How the lists of statements, simulated changes, costs and suppliers are narrowed down, each filter in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import RecordFilter, SearchInput
from core.forms import DayInput
from core.periods import parse_month
from subsidies.choices import ExpenseKind, Point, PolicyChange, StatementState
from subsidies.gather.statements import billed_months
from subsidies.models import Expense, InterestStatement, RentStatement, SimulationChange, Supplier


class StatementFilter(django_filters.FilterSet):
    """Statements by company (either script, code or credit code), month and state."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    month = django_filters.ChoiceFilter(label=_("Month"), method="by_month", empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=StatementState, empty_label=_("All"))

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        months = [f"{month:%Y-%m}" for month in reversed(list(billed_months()))]
        self.filters["month"].extra["choices"] = [(month, month) for month in months]

    def by_company(self, found: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return found.filter(company__in=Company.objects.search_for(words))

    def by_month(self, found: QuerySet[Any], _name: str, month: str) -> QuerySet[Any]:
        return found.filter(month=parse_month(month))


class SimulationChangeFilter(django_filters.FilterSet):
    """What a draft would change, by company (either script, code or credit code), point and kind of change."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    point = django_filters.ChoiceFilter(label=_("Point"), choices=Point, empty_label=_("All"))
    change = django_filters.ChoiceFilter(label=_("Change"), choices=PolicyChange, empty_label=_("All"))

    class Meta:
        model = SimulationChange
        fields: tuple[str, ...] = ()

    def by_company(self, found: QuerySet[SimulationChange], _name: str, words: str) -> QuerySet[SimulationChange]:
        return found.filter(company__in=Company.objects.search_for(words))


class InterestFilter(StatementFilter):
    """Interest statements, by the same."""

    class Meta:
        model = InterestStatement
        fields: tuple[str, ...] = ()


class ExpenseFilter(RecordFilter):
    """Costs by point, kind, and the days on which they were paid."""

    searched = ("number", "contract", "supplier__name", "supplier__code")

    point = django_filters.ChoiceFilter(label=_("Point"), choices=Point.choices, empty_label=_("All"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ExpenseKind.choices, empty_label=_("All"))
    first = django_filters.DateFilter("paid_on", "gte", label=_("Paid from"), widget=DayInput)
    last = django_filters.DateFilter("paid_on", "lte", label=_("Paid until"), widget=DayInput)

    class Meta:
        model = Expense
        fields: tuple[str, ...] = ()


class SupplierFilter(django_filters.FilterSet):
    """Suppliers by code or name, and by whether the zone ever admitted them."""

    q = django_filters.CharFilter(label=_("Code or name"), method="by_words", widget=SearchInput)
    admitted = django_filters.ChoiceFilter(
        label=_("Admission"),
        method="by_admission",
        empty_label=_("All"),
        choices=[("no", _("not admitted")), ("yes", _("admitted"))],
    )

    class Meta:
        model = Supplier
        fields: tuple[str, ...] = ()

    def by_words(self, found: QuerySet[Supplier], _name: str, words: str) -> QuerySet[Supplier]:
        return found.filter(Q(code__icontains=words) | Q(name__icontains=words))

    def by_admission(self, found: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        return found.filter(admission__isnull=value == "no")
