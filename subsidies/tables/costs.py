"""The tables of costs and suppliers."""

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import Tone
from core.periods import Day, holds_on
from core.tables import (
    DayColumn,
    MoneyColumn,
    PeriodColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.models import Expense, Supplier

NUMBER = {"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}}


def admission_on(supplier: Supplier, day: Day) -> tuple[str, Tone]:
    """Whether the zone admits the supplier on a day, in a word and its tone."""
    if supplier.admission is None:
        return gettext("not admitted"), "wait"
    if holds_on(supplier.admission, day):
        return gettext("admitted"), "good"
    return (gettext("to come"), "info") if day < supplier.admission.lower else (gettext("ended"), "quiet")


class ExpenseTable(PortalTable):
    region = "expenses"
    caption = _("Costs")
    empty_title = _("No costs found")
    empty_hint = _("Try fewer words, or clear the filters.")

    number = tables.Column(verbose_name=_("Cost"), linkify=("subsidies:expense", [tables.A("number")]), attrs=NUMBER)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    kind = tables.Column(verbose_name=_("Kind"))
    supplier = tables.Column(accessor="supplier__name", verbose_name=_("Supplier"))
    contract = tables.Column(verbose_name=_("Contract or invoice"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    paid_on = DayColumn(verbose_name=_("Paid on"))

    class Meta:
        model = Expense
        fields: tuple[str, ...] = ()
        order_by = "-paid_on"


class SupplierTable(PortalTable):
    region = "suppliers"
    caption = _("Suppliers")
    empty_title = _("No suppliers found")
    empty_hint = _("Try fewer words, or clear the filters.")

    code = tables.Column(verbose_name=_("Supplier"), linkify=("subsidies:supplier", [tables.A("code")]), attrs=NUMBER)
    name = tables.Column(verbose_name=_("Name"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("In the register"), order_by="company__name_key")
    admission = PeriodColumn(verbose_name=_("Admitted"))

    class Meta:
        model = Supplier
        fields: tuple[str, ...] = ()
        order_by = "code"
