"""The table of deposits: a row a lease."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.tables import MoneyColumn, PeriodColumn, PortalTable, TwoScriptColumn
from spaces.models import Lease


class DepositTable(PortalTable):
    region = "deposits"
    caption = _("Deposits")
    empty_title = _("No deposits found")

    number = tables.Column(
        verbose_name=_("Lease"),
        linkify=("spaces:lease_detail", [tables.A("number")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    term = PeriodColumn(verbose_name=_("Term"))
    agreed = MoneyColumn(verbose_name=_("Agreed"))
    held = MoneyColumn(verbose_name=_("Held"))

    class Meta:
        model = Lease
        fields: tuple[str, ...] = ()
        order_by = "-term"
