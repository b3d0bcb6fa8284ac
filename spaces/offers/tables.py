"""The table of offers, and how it is narrowed down."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.markup import Tone
from core.tables import DayColumn, PeriodColumn, PillColumn, PortalTable, TwoScriptColumn
from spaces.choices import OfferState
from spaces.filters.places import SearchInput
from spaces.models import LeaseOffer
from spaces.tables.places import AreaColumn

TONES: dict[str, Tone] = {
    OfferState.OPEN: "wait", OfferState.ACCEPTED: "info", OfferState.SIGNED: "good", OfferState.DECLINED: "bad",
}  # fmt: skip


class OfferFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Company or offer"), method="by_words", widget=SearchInput)
    state = django_filters.ChoiceFilter(label=_("State"), choices=OfferState.choices, empty_label=_("All"))

    class Meta:
        model = LeaseOffer
        fields: list[str] = []

    def by_words(self, offers: Any, name: str, value: str) -> Any:
        del name
        found = Company.objects.search_for(value).values("pk")
        return offers.filter(Q(company__in=found) | Q(number__icontains=value))


class OfferTable(PortalTable):
    region = "offers"
    caption = _("Offers of leases")
    empty_title = _("No offers found")

    number = tables.Column(
        verbose_name=_("Offer"),
        linkify=("spaces:offer", [tables.A("number")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    area_m2 = AreaColumn(verbose_name=_("Area in m²"))
    term = PeriodColumn(verbose_name=_("Term"))
    valid_until = DayColumn(verbose_name=_("Valid until"))
    state = PillColumn(TONES, verbose_name=_("State"))

    class Meta:
        model = LeaseOffer
        fields: tuple[str, ...] = ()
        order_by = "-valid_until"
