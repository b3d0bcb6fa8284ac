"""Tables of the targets of the plan and of the figures that were kept."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import pill
from core.tables import RIGHT, DayColumn, PortalTable
from zone_portal.dashboard.measures.showing import write_value
from zone_portal.dashboard.measures.targets import unit_of
from zone_portal.dashboard.models import Snapshot, Target
from zone_portal.dashboard.tables import ROW_LINK


class TargetTable(PortalTable):
    region = "targets"
    caption = _("Targets of the plan")
    empty_title = _("No target is on record")
    empty_hint = _("Enter what the plan wants to reach, and in which year.")

    figure = tables.Column(verbose_name=_("Figure"))
    year = tables.Column(verbose_name=_("Year"))
    value = tables.Column(attrs=RIGHT, verbose_name=_("Target"))
    source = tables.Column(verbose_name=_("Source"))
    adopted_on = DayColumn(verbose_name=_("Adopted on"))
    entered_by = tables.Column(accessor="entered_by__display_name", orderable=False, verbose_name=_("Entered by"))
    state = tables.Column(empty_values=(), orderable=False, verbose_name=_("State"))

    def __init__(self, *args: Any, may_keep: bool, **options: Any):
        super().__init__(*args, **options)
        self.may_keep = may_keep

    def render_figure(self, record: Target) -> str:
        return str(capfirst(record.get_figure_display()))

    def render_value(self, record: Target) -> str:
        return write_value(record.value, unit_of(record.figure))

    def render_state(self, record: Target) -> SafeString:
        if record.voided_at:
            return format_html("{} {}", pill(gettext("void"), "bad"), record.void_reason)
        if not self.may_keep:
            return pill(gettext("entered"))
        url = reverse("target_void", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Declare void"))


class KeptTable(PortalTable):
    region = "kept"
    caption = _("Figures that were kept")
    empty_title = _("No figures were kept yet")
    empty_hint = _("Open the page to print, and keep the figures of a day.")

    day = DayColumn(
        linkify=lambda record: reverse("figures", args=[record.public_id]),
        attrs={"a": ROW_LINK["a"], "td": {"class": "zp-num"}},
        verbose_name=_("As of"),
    )
    kept_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Kept"))
    kept_by = tables.Column(accessor="kept_by__display_name", orderable=False, verbose_name=_("Kept by"))
    published_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Published"))
    published_by = tables.Column(accessor="published_by__display_name", orderable=False, verbose_name=_("Published by"))
    state = tables.Column(empty_values=(), orderable=False, verbose_name=_("State"))

    def render_state(self, record: Snapshot) -> SafeString:
        if record.withdrawn_at:
            return pill(gettext("withdrawn"), "bad")
        return pill(gettext("published"), "good") if record.published_at else pill(gettext("for the staff"), "wait")
