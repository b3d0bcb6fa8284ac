"""How the lists of costs and suppliers are narrowed down."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.records.filters import RecordFilter, SearchInput
from core.forms import DayInput
from subsidies.choices import ExpenseKind, Point
from subsidies.models import Expense, Supplier


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
