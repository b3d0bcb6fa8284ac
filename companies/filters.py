"""How the staff's lists are narrowed down. Everything lies in the address, so that a view can be shared."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.choices import ApplicationState, CheckOutcome, CompanyKind, ReportMonths, Stage
from companies.models import Application, Company, OfficialCheck, Report
from companies.records.filters import RecordFilter
from core.forms import DayInput


class CompanyFilterSet(django_filters.FilterSet):
    """The register: words in either script, kind, stage, industry, registered on a day."""

    q = django_filters.CharFilter(
        label=_("Name, code or credit code"), method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CompanyKind.choices, empty_label=_("All"))
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=Stage.choices, empty_label=_("All"), null_label=_("not known"), null_value="none",
        method="by_stage",
    )  # fmt: skip
    industry = django_filters.CharFilter(label=_("Industry"), lookup_expr="icontains")
    registered_on = django_filters.DateFilter(
        label=_("Registered on"), field_name="registration", lookup_expr="contains", widget=DayInput
    )

    standing = django_filters.ChoiceFilter(
        label=_("Where it stands"), method="by_standing", empty_label=_("In the zone or coming"),
        choices=[("archived", _("Archived: left or merged")), ("merged", _("Merged into another")), ("all", _("All"))],
    )  # fmt: skip

    class Meta:
        model = Company
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, on: dt.date, **options: Any):
        self.on = on
        super().__init__(data, *args, **options)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Who has left is looked for by a filter: the list shows the others by default."""
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data.get("standing") or self.form.cleaned_data.get("registered_on")
        return found if asked else found.current(self.on)

    def by_standing(self, companies: Any, _name: str, standing: str) -> QuerySet[Any]:
        if standing == "merged":
            return companies.filter(merged_into__isnull=False)
        return companies.archived(self.on) if standing == "archived" else companies

    def search(self, companies: Any, _name: str, words: str) -> QuerySet[Any]:
        return companies.search_for(words)

    def by_stage(self, companies: QuerySet[Any], _name: str, stage: str) -> QuerySet[Any]:
        return companies.filter(stage="" if stage == "none" else stage)


class QueueFilterSet(django_filters.FilterSet):
    """Applications: those that wait for the zone, unless another state is chosen."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[choice for choice in ApplicationState.choices if choice[0] != ApplicationState.DRAFT],
        empty_label=_("All"),
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CompanyKind.choices[:2], empty_label=_("All"))

    class Meta:
        model = Application
        fields: list[str] = []


class OfficialCheckFilter(RecordFilter):
    """Checks by company or source, by outcome, and up to a day."""

    searched = ("company__code", "source")

    outcome = django_filters.ChoiceFilter(choices=CheckOutcome.choices, label=_("Outcome"), empty_label=_("All"))
    until = django_filters.DateFilter("checked_on", "lte", label=_("Checked until"), widget=DayInput)

    class Meta:
        model = OfficialCheck
        fields: list[str] = []


class ReportFilter(RecordFilter):
    """Reports by company, length, end, and whether the zone has verified them."""

    verified = django_filters.ChoiceFilter(
        label=_("Verified"), method="by_verified", choices=[("no", _("to be verified")), ("yes", _("verified"))],
        empty_label=_("All"),
    )  # fmt: skip
    months = django_filters.ChoiceFilter(
        label=_("Length of the period"), choices=ReportMonths.choices, empty_label=_("All")
    )
    period_end = django_filters.DateFilter(label=_("Last day of the period"), widget=DayInput)

    class Meta:
        model = Report
        fields: list[str] = []

    def by_verified(self, reports: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return reports.filter(verified_at__isnull=value == "no")
