"""The table of exit interviews."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from companies.models import ExitInterview
from core.tables import DayColumn, PortalTable, TwoScriptColumn


class ExitTable(PortalTable):
    region = "exit-interviews"
    caption = _("Exit interviews")
    empty_title = _("No exit interviews found")
    empty_hint = _("Try fewer words, or clear the filters.")

    held_on = DayColumn(
        verbose_name=_("Asked on"),
        linkify=("spaces:exit_interview", [tables.A("pk")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    reason = tables.Column(verbose_name=_("Main reason"))
    destination = tables.Column(verbose_name=_("Where to"))
    asked_by = tables.Column(accessor="asked_by__display_name", orderable=False, verbose_name=_("Asked by"))

    class Meta:
        model = ExitInterview
        fields: tuple[str, ...] = ()
        order_by = "-held_on"
