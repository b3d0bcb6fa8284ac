"""How the list of companies that may leave is narrowed down."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.models import Company
from companies.records.filters import SearchInput
from core.periods import Day
from spaces.models import Campus, DeskMembership, Lease
from zone_portal.dashboard.leaving.values import SIGNALS
from zone_portal.dashboard.models import LeavingTask, TaskState

WAITING = (TaskState.OPEN, TaskState.TAKEN)


class LeavingFilter(django_filters.FilterSet):
    """Tasks by company, campus on the day, stage, signal and state; without a state those that are not done."""

    q = django_filters.CharFilter(label=_("Company"), method="by_company", widget=SearchInput)
    campus = django_filters.ModelChoiceFilter(
        label=_("Campus"), queryset=Campus.objects.order_by("code"), to_field_name="code", method="by_campus",
        empty_label=_("All"),
    )  # fmt: skip
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=Stage, field_name="company__stage", empty_label=_("All")
    )
    signal = django_filters.ChoiceFilter(
        label=_("Signal"), choices=[(code, signal.label) for code, signal in SIGNALS.items()], method="by_signal",
        empty_label=_("All"),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("State"), choices=TaskState, empty_label=_("not done"))

    class Meta:
        model = LeavingTask
        fields: tuple[str, ...] = ()

    def __init__(self, *args: object, on: Day, **options: object):
        super().__init__(*args, **options)
        self.on = on

    def filter_queryset(self, queryset: QuerySet[LeavingTask]) -> QuerySet[LeavingTask]:
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(state__in=WAITING)
        return super().filter_queryset(queryset)

    def by_company(self, found: QuerySet[LeavingTask], _name: str, words: str) -> QuerySet[LeavingTask]:
        return found.filter(company__in=Company.objects.search_for(words).values("pk"))

    def by_campus(self, found: QuerySet[LeavingTask], _name: str, campus: Campus) -> QuerySet[LeavingTask]:
        there = [
            Exists(
                model.objects.in_force_on(self.on).filter(
                    company=OuterRef("company"), unit__building__campus=campus
                )
            )
            for model in (Lease, DeskMembership)
        ]  # fmt: skip
        return found.filter(Q(there[0]) | Q(there[1]))

    def by_signal(self, found: QuerySet[LeavingTask], _name: str, code: str) -> QuerySet[LeavingTask]:
        texts = found.annotate(shown=Cast("signals", TextField()))
        return texts.filter(Q(shown__contains=f'"{code}"') | Q(shown__contains=f'"{code}:'))
