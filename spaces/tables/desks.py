"""The table of desk memberships."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.periods import Day, holds_on
from core.tables import MoneyColumn, NumberColumn, PeriodColumn, PortalTable, in_two_scripts
from spaces.models import DeskMembership


def state_on(membership: DeskMembership, day: Day) -> tuple[str, markup.Tone]:
    """The membership's state on a day, in a word and its tone."""
    if membership.voided_at is not None:
        return gettext("void"), "bad"
    if holds_on(membership.term, day):
        return gettext("in force"), "good"
    return (gettext("to come"), "info") if day < membership.term.lower else (gettext("ended"), "quiet")


class DeskTable(PortalTable):
    region = "desks"
    caption = _("Desk memberships")
    empty_title = _("No desk memberships found")
    empty_hint = _("Try fewer words, or clear the filters.")

    number = tables.Column(
        verbose_name=_("Membership"),
        linkify=("spaces:desk", [tables.A("number")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = tables.Column(accessor="holder", verbose_name=_("Company or resident"), order_by="company__name_key")
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    desk = tables.Column(verbose_name=_("Desk"))
    desks = NumberColumn(verbose_name=_("Desks"))
    price_per_desk_month = MoneyColumn(verbose_name=_("Per desk and month"))
    term = PeriodColumn(verbose_name=_("Term"))

    class Meta:
        model = DeskMembership
        fields: tuple[str, ...] = ()
        order_by = "-term"

    def render_company(self, record: DeskMembership) -> SafeString:
        if record.company is None:
            return format_html('{}<span class="zp-row-second">{}</span>', record.person, gettext("resident"))
        return in_two_scripts(record.company)

    def value_company(self, record: DeskMembership) -> Any:
        return str(record.holder)
