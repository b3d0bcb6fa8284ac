"""How the API's lists of leases, offers, deposits, desk memberships and day passes are narrowed down."""

from typing import Any

import django_filters

from core.api.parameters import DayFilter, ValidityFilter, YesNoFilter
from spaces.choices import OfferState
from spaces.models import DayPass, DeskMembership, Lease, LeaseOffer


class LeaseFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    unit = django_filters.CharFilter("unit__code", help_text="The unit's code, exactly.")
    campus = django_filters.CharFilter("unit__building__campus__code", help_text="The campus's code, exactly.")
    on = DayFilter("term", "contains", help_text="In force on this day.")
    voided = ValidityFilter()

    class Meta:
        model = Lease
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        queryset = super().filter_queryset(queryset)
        # A lease that was declared void was in force on no day.
        return queryset.valid() if self.form.cleaned_data.get("on") else queryset


class DeskMembershipFilter(LeaseFilter):
    class Meta:
        model = DeskMembership
        fields: list[str] = []


class LeaseOfferFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    unit = django_filters.CharFilter("unit__code", help_text="The unit's code, exactly.")
    campus = django_filters.CharFilter("unit__building__campus__code", help_text="The campus's code, exactly.")
    state = django_filters.ChoiceFilter(choices=OfferState.choices, help_text="What became of it.")
    valid_until_from = DayFilter("valid_until", "gte", help_text="Valid until this day or longer.")

    class Meta:
        model = LeaseOffer
        fields: list[str] = []


class DayPassFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    unit = django_filters.CharFilter("unit__code", help_text="The unit's code, exactly.")
    campus = django_filters.CharFilter("unit__building__campus__code", help_text="The campus's code, exactly.")
    day_from = DayFilter("day", "gte", help_text="For this day or a later one.")
    day_to = DayFilter("day", "lte", help_text="For this day or an earlier one.")
    voided = ValidityFilter()

    class Meta:
        model = DayPass
        fields: list[str] = []


class DepositFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    unit = django_filters.CharFilter("unit__code", help_text="The unit's code, exactly.")
    campus = django_filters.CharFilter("unit__building__campus__code", help_text="The campus's code, exactly.")
    held = YesNoFilter(method="by_held", help_text="true: the zone holds something; false: it holds nothing.")

    class Meta:
        model = Lease
        fields: list[str] = []

    def by_held(self, queryset: Any, _name: str, value: bool) -> Any:
        return queryset.filter(held__gt=0) if value else queryset.filter(held=0)
