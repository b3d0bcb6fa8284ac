"""How the list of recoveries is narrowed down."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.records.filters import SearchInput
from subsidies.choices import RecoveryState
from subsidies.models import Recovery
from subsidies.querysets import RecoveryQuerySet


class RecoveryFilter(django_filters.FilterSet):
    """Recoveries by company, what they are of, and state."""

    company = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    kind = django_filters.ChoiceFilter(
        label=_("About"), method="by_kind", choices=[("grants", _("Grants")), ("interest", _("Interest statements"))],
        empty_label=_("All"),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("State"), choices=RecoveryState, empty_label=_("All"))

    class Meta:
        model = Recovery
        fields: tuple[str, ...] = ()

    def by_company(self, found: RecoveryQuerySet, _name: str, words: str) -> RecoveryQuerySet:
        return found.of_companies(Company.objects.search_for(words).values("pk"))

    def by_kind(self, found: QuerySet[Recovery], _name: str, kind: str) -> QuerySet[Recovery]:
        return found.filter(statement__isnull=kind == "grants")
