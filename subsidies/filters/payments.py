"""How the lists of payments of rent and of arrears are narrowed down."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import SearchInput
from core.periods import Day
from subsidies.arrears import BUCKETS
from subsidies.choices import PaymentState, ReminderLevel
from subsidies.models import RentPayment, RentStatement
from subsidies.querysets import PaymentQuerySet


class RentPaymentFilter(django_filters.FilterSet):
    """Payments by company, payer, reference or transaction, and by how far they are."""

    words = django_filters.CharFilter(label=_("Company, payer or reference"), method="by_words", widget=SearchInput)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PaymentState, method="by_state", empty_label=_("All")
    )  # fmt: skip

    class Meta:
        model = RentPayment
        fields: tuple[str, ...] = ()

    def by_words(self, found: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        text = Q(payer__icontains=words) | Q(reference__icontains=words) | Q(transaction__icontains=words)
        return found.filter(text | Q(company__in=Company.objects.search_for(words)))

    def by_state(self, found: PaymentQuerySet, _name: str, state: str) -> PaymentQuerySet:
        return found.in_state(state)


class ArrearsFilter(django_filters.FilterSet):
    """What is owed, by company, age as of a day, and the last step that was taken."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    age = django_filters.ChoiceFilter(
        label=_("Overdue"), choices=[(one.code, one.label) for one in BUCKETS], method="by_age", empty_label=_("All")
    )
    level = django_filters.ChoiceFilter(
        label=_("Last step"), choices=[(0, _("none")), *ReminderLevel.choices], field_name="last_level",
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, on: Day, **kwargs: Any):
        self.on = on
        super().__init__(*args, **kwargs)

    def by_company(self, found: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return found.filter(company__in=Company.objects.search_for(words))

    def by_age(self, found: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        return found.filter(next(one.condition(self.on) for one in BUCKETS if one.code == code))
