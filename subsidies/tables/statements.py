"""The tables of rent and interest statements."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import markup
from core.markup import Tone
from core.tables import (
    MoneyColumn,
    MonthColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.models import InterestStatement, RentStatement

# An issued rent statement is settled once it is paid in full.
STATEMENT_TONES: dict[str, Tone] = {"open": "wait", "issued": "info", "settled": "good"}
INTEREST_TONES: dict[str, Tone] = {"open": "wait", "issued": "good"}


class _OfMonths(PortalTable):
    """A statement a row; `route` is the name of the address of one. Sums are over all of the filter, not of the page
    alone."""

    route: str

    empty_title = _("No statements found")
    empty_hint = _("A month's statements are here once it was billed.")

    month = MonthColumn(verbose_name=_("Month"), footer=_("All of the filter"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    state = PillColumn(INTEREST_TONES, verbose_name=_("State"))

    def __init__(self, *args: Any, totals: Mapping[str, Any], **kwargs: Any):
        self.totals = totals
        super().__init__(*args, **kwargs)

    def total(self, name: str) -> str:
        return markup.money(self.totals[name])

    def render_month(self, value: dt.date, record: Any) -> SafeString:
        return format_html(
            '<a class="zp-row-link" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse(self.route, args=[record.public_id]), f"{value:%Y-%m}", record.company.code,
        )  # fmt: skip


class StatementTable(_OfMonths):
    region = "statements"
    caption = _("Rent statements")
    route = "subsidies:statement"

    rent = MoneyColumn(verbose_name=_("Rent"), footer=lambda table: table.total("rent"))
    waived = MoneyColumn(verbose_name=_("Relief"), footer=lambda table: table.total("waived"))
    adjustment = MoneyColumn(verbose_name=_("Corrections"), footer=lambda table: table.total("adjustment"))
    payable = MoneyColumn(verbose_name=_("To pay"), footer=lambda table: table.total("payable"))
    owed = MoneyColumn(verbose_name=pgettext_lazy("rent", "Open"), orderable=False)

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()

    def render_state(self, record: RentStatement) -> SafeString:
        return markup.pill(str(record.standing.label), STATEMENT_TONES[record.standing])


class DifferenceTable(PortalTable):
    """What a month's statements differ in from those of the month before, a company a row."""

    region = "differences"
    caption = _("What differs")
    empty_title = _("Nothing differs")
    empty_hint = _("Each company pays what it paid a day in the month before.")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), orderable=False)
    what = tables.Column(verbose_name=_("What differs"))
    rent_before = MoneyColumn(verbose_name=_("Rent before"))
    rent = MoneyColumn(verbose_name=_("Rent"))
    waived_before = MoneyColumn(verbose_name=_("Relief before"))
    waived = MoneyColumn(verbose_name=_("Relief"))
    adjustment = MoneyColumn(verbose_name=_("Corrections"))
    change = MoneyColumn(verbose_name=_("More to pay"))

    def render_what(self, value: str, record: Any) -> SafeString:
        return format_html(
            '<a class="zp-row-link" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("subsidies:statement", args=[record.public_id]), value, record.company.code,
        )  # fmt: skip


class InterestTable(_OfMonths):
    region = "interest"
    caption = _("Interest statements")
    route = "subsidies:interest_statement"

    supported = MoneyColumn(verbose_name=_("Interest support"), footer=lambda table: table.total("supported"))
    adjustment = MoneyColumn(verbose_name=_("Corrections"), footer=lambda table: table.total("adjustment"))
    payable = MoneyColumn(verbose_name=_("To pay out"), footer=lambda table: table.total("payable"))

    class Meta:
        model = InterestStatement
        fields: tuple[str, ...] = ()
