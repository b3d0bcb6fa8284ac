"""The list of companies that may leave."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.markup import Tone
from core.tables import CountColumn, DayColumn, PillColumn, PortalTable, TwoScriptColumn
from zone_portal.dashboard.leaving.signals import code_of
from zone_portal.dashboard.leaving.values import SIGNALS
from zone_portal.dashboard.tables import ROW_LINK

TONES: dict[str, Tone] = {"open": "bad", "taken": "wait", "done": "good"}
STAGE_TONES: dict[str, Tone] = {"nestling": "info", "chick": "info", "growing": "good", "unicorn": "good"}


class LeavingTable(PortalTable):
    region = "leaving"
    caption = _("Companies that may leave")
    empty_title = _("No company shows enough signals")
    empty_hint = _("They are looked at each night.")

    company = TwoScriptColumn(
        linkify=lambda record: reverse("leaving_company", args=[record.company.code]),
        order_by="company__name_key",
        attrs=ROW_LINK,
        verbose_name=_("Company"),
    )
    points = CountColumn(verbose_name=_("Points of 100"))
    signals = tables.Column(orderable=False, verbose_name=_("Signals"))
    stage = PillColumn(STAGE_TONES, accessor="company__stage", verbose_name=_("Stage"))
    opened_on = DayColumn(verbose_name=_("Open since"))
    state = PillColumn(TONES, verbose_name=_("State"))
    taken_by = tables.Column(accessor="taken_by__display_name", orderable=False, verbose_name=_("In the hands of"))

    class Meta:
        order_by = "-points"

    def render_signals(self, value: list[str]) -> SafeString:
        """A line each."""
        labels = [SIGNALS[code].label for code in SIGNALS if code in {code_of(key) for key in value}]
        return format_html_join("", "<div>{}</div>", ((label,) for label in labels))

    def value_signals(self, value: list[str]) -> Any:
        return ", ".join(value)
