"""How the API's lists of decisions, rent statements and versions of the policy are narrowed down."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone

from companies.choices import Stage
from core.api.parameters import DayFilter, MonthFilter, YesNoFilter
from core.periods import DAY
from subsidies.choices import Outcome, PaymentState, Point, ProposalState, RecoveryState, RentState, StatementState
from subsidies.models import Decision, InterestStatement, PolicyVersion, RentPayment, RentStatement, StageProposal

# What an issued statement asks back is never dropped.
OF_INTEREST = [choice for choice in RecoveryState.choices if choice[0] != RecoveryState.DROPPED]


class DecisionFilter(django_filters.FilterSet):
    """Without `on`, the decisions that stand now: one a company and point."""

    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    point = django_filters.ChoiceFilter(choices=Point.choices, help_text="One of the eight points.")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)
    on = DayFilter(method="stood_on", help_text="What stood at the end of this day, in the zone's time.")

    class Meta:
        model = Decision
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("on") else queryset.in_force()

    def stood_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        end = timezone.make_aware(dt.datetime.combine(day + DAY, dt.time.min))
        return queryset.filter(Q(superseded_at=None) | Q(superseded_at__gte=end), decided_at__lt=end)


class StageProposalFilter(django_filters.FilterSet):
    """Without `state`, all of them, also those that other evidence superseded."""

    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    proposed = django_filters.ChoiceFilter(choices=Stage.choices, help_text="The stage that is proposed.")
    state = django_filters.ChoiceFilter(choices=ProposalState.choices)
    appealed = YesNoFilter("appeal", "isnull", exclude=True, help_text="Whether the company appealed.")

    class Meta:
        model = StageProposal
        fields: list[str] = []


class _OfMonths(django_filters.FilterSet):
    """Statements by company, month and state."""

    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    month = MonthFilter(help_text="Of this month.")
    month_from = MonthFilter("month", "gte", help_text="Of this month or later.")
    month_to = MonthFilter("month", "lte", help_text="Of this month or earlier.")
    state = django_filters.ChoiceFilter(choices=StatementState.choices)


class RentStatementFilter(_OfMonths):
    lease = django_filters.CharFilter("lines__lease__number", help_text="With a line for this lease.")
    settled = YesNoFilter(
        method="by_settled", help_text="Issued and paid in full; `false`: issued, and something is left to pay."
    )

    def by_settled(self, queryset: Any, _name: str, settled: bool) -> Any:
        return queryset.in_state(RentState.SETTLED if settled else RentState.ISSUED)

    class Meta:
        model = RentStatement
        fields: list[str] = []


class PolicyVersionFilter(django_filters.FilterSet):
    on = DayFilter(method="in_force_on", help_text="The version in force on this day; none before the first.")

    class Meta:
        model = PolicyVersion
        fields: list[str] = []

    def in_force_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        return queryset.filter(Q(replaced_on=None) | Q(replaced_on__gt=day), effective_from__lte=day)


class InterestStatementFilter(_OfMonths):
    loan = django_filters.CharFilter("lines__loan__number", help_text="With a line for this loan.")
    recovery = django_filters.ChoiceFilter(
        "recovery__state", choices=OF_INTEREST, help_text="With a recovery in this state."
    )

    class Meta:
        model = InterestStatement
        fields: list[str] = []


class RentPaymentFilter(django_filters.FilterSet):
    """Payments by company, day and how far they are."""

    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    paid_from = DayFilter("paid_on", "gte", help_text="Paid on this day or later.")
    paid_to = DayFilter("paid_on", "lte", help_text="Paid on this day or earlier.")
    state = django_filters.ChoiceFilter(choices=PaymentState.choices, method="by_state")

    class Meta:
        model = RentPayment
        fields: list[str] = []

    def by_state(self, queryset: Any, _name: str, state: str) -> Any:
        return queryset.in_state(state)
