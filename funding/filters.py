"""How the lists of loans, projects and financing rounds are narrowed down. Every filter is a part of the address."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.records.filters import RecordFilter
from core.forms import DayInput
from funding.choices import ProjectField, ProjectKind
from funding.models import Loan, Project, Round


class LoanFilter(RecordFilter):
    searched = ("number", "bank")

    running_on = django_filters.DateFilter(label=_("Running on"), method="by_day", widget=DayInput)

    class Meta:
        model = Loan
        fields: list[str] = []

    def by_day(self, loans: Any, _name: str, day: dt.date) -> Any:
        """Drawn, and not yet due: on the day on which it is due a loan runs no more."""
        return loans.filter(Q(due_on=None) | Q(due_on__gt=day), drawn_on__lte=day)


class ProjectFilter(RecordFilter):
    searched = ("code", "title")

    kind = django_filters.ChoiceFilter(label=_("Put forward for"), choices=ProjectKind.choices, empty_label=_("All"))
    field = django_filters.ChoiceFilter(label=_("Field"), choices=ProjectField.choices, empty_label=_("All"))
    score = django_filters.ChoiceFilter(
        label=_("Score"),
        method="by_score",
        empty_label=_("All"),
        choices=[("missing", _("to be scored")), ("given", _("scored"))],
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def by_score(self, projects: Any, _name: str, value: str) -> Any:
        return projects.filter(score__isnull=value == "missing")


class RoundFilter(RecordFilter):
    searched = ("round", "investors")

    closed_from = django_filters.DateFilter("closed_on", "gte", label=_("Closed from"), widget=DayInput)
    known = django_filters.ChoiceFilter(
        label=_("Amount"),
        method="by_amount",
        empty_label=_("All"),
        choices=[("missing", _("not known")), ("given", _("known"))],
    )

    class Meta:
        model = Round
        fields: list[str] = []

    def by_amount(self, rounds: Any, _name: str, value: str) -> Any:
        return rounds.filter(amount__isnull=value == "missing")
