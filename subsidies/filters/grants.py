"""How the list of grants is narrowed down."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import SearchInput
from subsidies.choices import GRANTED_POINTS, GrantState
from subsidies.models import Grant


class GrantFilter(django_filters.FilterSet):
    """Grants by company, point, state and year."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    point = django_filters.ChoiceFilter(
        label=_("Point"), choices=[(point.value, point.label) for point in GRANTED_POINTS], empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=GrantState, empty_label=_("All"))
    year = django_filters.ChoiceFilter(label=_("Year"), empty_label=_("All"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        years = Grant.objects.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]

    def by_company(self, found: QuerySet[Grant], _name: str, words: str) -> QuerySet[Grant]:
        return found.filter(company__in=Company.objects.search_for(words))
