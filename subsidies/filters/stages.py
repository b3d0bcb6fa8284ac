"""How the list of proposed stages is narrowed down."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.models import Company
from companies.records.filters import SearchInput
from subsidies.choices import ProposalState
from subsidies.models import StageProposal

APPEALED = "appealed"


class StageProposalFilter(django_filters.FilterSet):
    """Proposals by company, the proposed stage, and state; without a state those that wait for a person."""

    q = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    proposed = django_filters.ChoiceFilter(label=_("Proposed stage"), choices=Stage, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="by_state",
        empty_label=_("waiting"),
        choices=[(APPEALED, _("appealed, to be answered")), *ProposalState.choices[1:]],
    )

    class Meta:
        model = StageProposal
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[StageProposal]) -> QuerySet[StageProposal]:
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(state=ProposalState.OPEN)
        return super().filter_queryset(queryset)

    def by_company(self, found: QuerySet[StageProposal], _name: str, words: str) -> QuerySet[StageProposal]:
        return found.filter(company__in=Company.objects.search_for(words).values("pk"))

    def by_state(self, found: QuerySet[StageProposal], _name: str, state: str) -> QuerySet[StageProposal]:
        if state == APPEALED:
            return found.filter(appeal__isnull=False, appeal__answered_at=None)
        return found.filter(state=state)
