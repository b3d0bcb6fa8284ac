"""The table of day passes."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import DayColumn, MoneyColumn, NumberColumn, PortalTable, in_two_scripts
from spaces.models import DayPass


class DayPassTable(PortalTable):
    region = "day-passes"
    caption = _("Day passes")
    empty_title = _("No day passes found")
    empty_hint = _("Try fewer words, or clear the filters.")

    code = tables.Column(
        verbose_name=_("Day pass"),
        linkify=("spaces:day_pass", [tables.A("code")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    day = DayColumn(verbose_name=_("Day"))
    company = tables.Column(accessor="holder", verbose_name=_("Company or resident"), order_by="company__name_key")
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    desks = NumberColumn(verbose_name=_("Desks"))
    price = MoneyColumn(verbose_name=_("Price"), orderable=False)

    class Meta:
        model = DayPass
        fields: tuple[str, ...] = ()
        order_by = "-day"

    def render_company(self, record: DayPass) -> SafeString:
        if record.company is None:
            return format_html('{}<span class="zp-row-second">{}</span>', record.person, gettext("resident"))
        return in_two_scripts(record.company)

    def value_company(self, record: DayPass) -> Any:
        return str(record.holder)
