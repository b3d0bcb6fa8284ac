"""How the lists of support packages and of what was given are narrowed down."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.choices import COUNTED, Audience
from community.models import Delivery, SupportPackage
from companies.choices import Stage
from companies.records.filters import RecordFilter
from core.forms import DayInput
from core.periods import Day
from spaces.models import Campus


class PackageFilter(django_filters.FilterSet):
    """Without a standing those that are in force or planned."""

    audience = django_filters.ChoiceFilter(label=_("For"), choices=Audience.choices, empty_label=_("All"))
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Stage.choices, empty_label=_("All"))
    campus = django_filters.ModelChoiceFilter(label=_("Campus"), queryset=Campus.objects.all(), empty_label=_("All"))
    standing = django_filters.ChoiceFilter(
        label=_("State"), method="by_standing", choices=[("all", _("all versions"))],
        empty_label=_("in force or planned"),
    )  # fmt: skip

    class Meta:
        model = SupportPackage
        fields: list[str] = []

    def __init__(self, *args: Any, on: Day, **options: Any):
        super().__init__(*args, **options)
        self.on = on

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("standing"):
            return found
        return found.valid().filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=self.on))

    def by_standing(self, packages: Any, _name: str, _value: str) -> Any:
        return packages


class DeliveryFilter(RecordFilter):
    """What was given, by company or giver, kind and days."""

    searched = ("company__code", "given_by", "item__code")

    kind = django_filters.ChoiceFilter(
        "item__kind", label=_("Kind"), choices=[(kind.value, kind.label) for kind in COUNTED], empty_label=_("All")
    )
    since = django_filters.DateFilter("given_on", "gte", label=_("Given from"), widget=DayInput)
    until = django_filters.DateFilter("given_on", "lte", label=_("Given until"), widget=DayInput)

    class Meta:
        model = Delivery
        fields: list[str] = []
