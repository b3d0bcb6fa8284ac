"""How the list of deposits is narrowed down."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.periods import Day
from spaces.filters.places import SearchInput
from spaces.models import Lease

STATES = [
    ("held", _("held")),
    ("outstanding", _("less held than agreed")),
    ("to_return", _("held, and the lease is over")),
]


class DepositFilter(django_filters.FilterSet):
    """Leases that were read `with_deposits`, by company or number and by what is to be done, as of the day `today`."""

    q = django_filters.CharFilter(label=_("Company or lease"), method="by_words", widget=SearchInput)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("All"))

    class Meta:
        model = Lease
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Any], *, today: Day, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    def by_words(self, leases: Any, name: str, value: str) -> Any:
        del name
        found = Company.objects.search_for(value).values("pk")
        return leases.filter(Q(company__in=found) | Q(number__icontains=value))

    def by_state(self, leases: Any, name: str, value: str) -> Any:
        del name
        if value == "outstanding":
            return leases.valid().filter(agreed__gt=F("held"), term__contains=self.today)
        held = leases.filter(held__gt=0)
        if value == "held":
            return held
        return held.filter(Q(voided_at__isnull=False) | Q(term__endswith__lte=self.today))
