"""The tables of what a draft of the policy changes: decisions of the simulated day, and months that are billed."""

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import Tone
from core.tables import (
    MoneyColumn,
    MonthColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.choices import PolicyChange
from subsidies.models import SimulationChange, SimulationCorrection
from subsidies.rules.points import POINTS

CHANGE_TONES: dict[str, Tone] = {
    PolicyChange.STOPS: "bad",
    PolicyChange.LESS: "bad",
    PolicyChange.BECOMES: "good",
    PolicyChange.MORE: "good",
    PolicyChange.OPENS: "wait",
    PolicyChange.CLOSES: "info",
}


class SimulationChangeTable(PortalTable):
    """Companies that a draft touches, who loses most first."""

    region = "changes"
    caption = _("Companies that the draft touches")
    empty_title = _("No company is touched")
    empty_hint = _("On the simulated day every company gets what it gets today.")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    change = PillColumn(CHANGE_TONES, verbose_name=_("Change"))
    amount_before = MoneyColumn(verbose_name=_("Today"))
    amount_after = MoneyColumn(verbose_name=_("By the draft"))
    difference = MoneyColumn(verbose_name=_("Difference"), empty_values=())
    criteria = tables.Column(verbose_name=_("Because of"), orderable=False, empty_values=())

    class Meta:
        model = SimulationChange
        fields: tuple[str, ...] = ()

    def render_company(self, record: SimulationChange, bound_column: Any) -> SafeString:
        url = reverse("companies:detail", args=[record.company.code])
        names = TwoScriptColumn.render(bound_column.column, record, bound_column)
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, names)

    def render_difference(self, record: SimulationChange) -> str:
        return markup.money((record.amount_after or 0) - (record.amount_before or 0))

    def order_difference(self, found: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        nothing = Value(0, output_field=SimulationChange._meta.get_field("amount_after"))
        difference = Coalesce(F("amount_after"), nothing) - Coalesce(F("amount_before"), nothing)
        ordered = found.annotate(by=difference).order_by("-by" if is_descending else "by", "company__code", "point")
        return ordered, True

    def render_criteria(self, record: SimulationChange) -> str:
        """The criteria that come out otherwise, in words; the numbers of the point where the amount alone does."""
        labels = {leaf.key: leaf.label for leaf in POINTS[record.point].leaves}
        keys = [key for key in record.criteria.split(";") if key]
        return "; ".join(gettext(labels[key]) for key in keys) or gettext("other numbers of this point")


class SimulationCorrectionTable(PortalTable):
    """Billed months that come out otherwise with a draft, who loses most first."""

    region = "corrections"
    caption = _("Corrections of billed months")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    month = MonthColumn(verbose_name=_("Month"))
    issued = MoneyColumn(verbose_name=_("Issued"), default=_("open"))
    before = MoneyColumn(verbose_name=_("Today"))
    after = MoneyColumn(verbose_name=_("By the draft"))
    difference = MoneyColumn(verbose_name=_("Difference"), empty_values=())

    class Meta:
        model = SimulationCorrection
        fields: tuple[str, ...] = ()

    def render_company(self, record: SimulationCorrection, bound_column: Any) -> SafeString:
        url = reverse("companies:detail", args=[record.company.code])
        names = TwoScriptColumn.render(bound_column.column, record, bound_column)
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, names)

    def render_difference(self, record: SimulationCorrection) -> str:
        return markup.money(record.after - record.before)

    def order_difference(self, found: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        ordered = found.annotate(by=F("after") - F("before"))
        return ordered.order_by("-by" if is_descending else "by", "company__code", "point", "month"), True
