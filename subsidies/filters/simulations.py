"""How the list of what a draft changes is narrowed down."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import SearchInput
from subsidies.choices import Point, PolicyChange
from subsidies.models import SimulationChange


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
