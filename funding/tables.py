"""The tables of loans, projects and financing rounds."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import NOTHING, Tone
from core.tables import RIGHT, DayColumn, MoneyColumn, NumberColumn, PillColumn, PortalTable, TwoScriptColumn
from funding.choices import ProjectKind
from funding.models import Loan, Project, Round

NUMBER = {"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}}
KIND_TONES: dict[str, Tone] = {ProjectKind.LEADING: "info", ProjectKind.ANGEL: "quiet"}


class LoanTable(PortalTable):
    """Needs the rows' `balance`."""

    region = "loans"
    caption = _("Loans")
    empty_title = _("No loans found")
    empty_hint = _("Try fewer words, or clear the filters.")

    number = tables.Column(verbose_name=_("Loan"), linkify=("funding:loan", [tables.A("number")]), attrs=NUMBER)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    bank = tables.Column(verbose_name=_("Bank"))
    principal = MoneyColumn(verbose_name=_("Principal"))
    balance = MoneyColumn(verbose_name=_("Not paid back"))
    annual_rate_percent = NumberColumn(verbose_name=_("Rate a year"))
    drawn_on = DayColumn(verbose_name=_("Drawn on"))
    due_on = DayColumn(verbose_name=_("Due on"))

    class Meta:
        model = Loan
        fields: tuple[str, ...] = ()
        order_by = "-drawn_on"

    def render_annual_rate_percent(self, value: Any) -> str:
        return markup.percent(value / 100)


class ProjectTable(PortalTable):
    region = "projects"
    caption = _("Projects")
    title_column = "code"
    empty_title = _("No projects found")
    empty_hint = _("Try fewer words, or clear the filters.")

    code = tables.Column(verbose_name=_("Project"), linkify=("funding:project", [tables.A("code")]), attrs=NUMBER)
    title = tables.Column(verbose_name=_("Title"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    kind = PillColumn(KIND_TONES, verbose_name=_("Put forward for"))
    field = tables.Column(verbose_name=_("Field"))
    amount_requested = MoneyColumn(verbose_name=_("Requested"))
    score = tables.Column(verbose_name=_("Score"), attrs=RIGHT)
    scored_on = DayColumn(verbose_name=_("Scored on"))

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()
        order_by = "code"


class RoundTable(PortalTable):
    region = "rounds"
    caption = _("Financing rounds")
    title_column = "round"
    empty_title = _("No financing rounds found")
    empty_hint = _("Try fewer words, or clear the filters.")

    round = tables.Column(verbose_name=_("Round"), linkify=("funding:round", [tables.A("pk")]), attrs=NUMBER)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    closed_on = DayColumn(verbose_name=_("Closed on"))
    amount = tables.Column(verbose_name=_("Amount"), attrs=RIGHT, orderable=False)
    post_money_valuation = tables.Column(verbose_name=_("Valuation after the round"), attrs=RIGHT, orderable=False)
    investors = tables.Column(verbose_name=_("Investors"), orderable=False)

    class Meta:
        model = Round
        fields: tuple[str, ...] = ()
        order_by = "-closed_on"

    def render_amount(self, value: Decimal, record: Round) -> str:
        return of_currency(value, record.currency)

    def render_post_money_valuation(self, value: Decimal, record: Round) -> str:
        return of_currency(value, record.currency)

    def render_investors(self, record: Round) -> str:
        return markup.listed(record.investor_names)


def of_currency(amount: Decimal | None, currency: str) -> str:
    """An amount with the code of its currency."""
    return NOTHING if amount is None else f"{currency} {markup.number(amount, 2)}"
