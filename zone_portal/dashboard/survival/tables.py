"""The companies that a figure of who stays counts."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import NOTHING, number, pill
from core.tables import FIGURES, RIGHT, DayColumn, PortalTable, TwoScriptColumn
from core.templatetags import ui
from zone_portal.dashboard.survival.comparison import in_months
from zone_portal.dashboard.tables import ROW_LINK


class StayRows(PortalTable):
    """Companies with `moved_in_on`. `stays` leads from a company's id to its row of `stays`."""

    caption = _("Companies")
    empty_title = _("No company is counted here")
    name = TwoScriptColumn(
        linkify=lambda record: reverse("companies:detail", args=[record.code]),
        order_by="name_key",
        attrs=ROW_LINK,
        verbose_name=_("Company"),
    )
    code = tables.Column(verbose_name=_("Code"))
    industry = tables.Column(verbose_name=_("Industry"))
    moved_in_on = DayColumn(verbose_name=_("First day"))
    left_on = tables.Column(accessor="pk", orderable=False, attrs=FIGURES, verbose_name=_("Gone since"))
    stayed = tables.Column(accessor="pk", orderable=False, attrs=RIGHT, verbose_name=_("Months"))

    class Meta:
        order_by = "moved_in_on"

    def __init__(self, *args: Any, stays: Mapping[int, Mapping[str, Any]], **options: Any):
        super().__init__(*args, **options)
        self.stays = stays

    def render_left_on(self, value: int) -> SafeString | str:
        left_on = self.stays[value]["left_on"]
        return ui.day(left_on) if left_on else pill(gettext("here"), "good")

    def render_stayed(self, value: int) -> str:
        months = in_months(self.stays[value]["time"])
        return NOTHING if months is None else number(months, 1)
