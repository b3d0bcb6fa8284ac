"""Tables of the rows behind the dashboard's figures."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import DayColumn, MoneyColumn, NumberColumn, PeriodColumn, PillColumn, PortalTable, TwoScriptColumn
from subsidies.rules.facts import FACTS

ROW_LINK = {"a": {"class": "zp-row-link"}}
STAGES = {"nestling": "info", "chick": "info", "growing": "good", "unicorn": "good"}


def _company(record: Any) -> str:
    return reverse("companies:detail", args=[record.code])


def _company_of(record: Any) -> str:
    return reverse("companies:detail", args=[record.company.code])


class CompanyRows(PortalTable):
    caption = _("Companies")
    empty_title = _("No company on this day")
    name = TwoScriptColumn(linkify=_company, order_by="name_key", attrs=ROW_LINK, verbose_name=_("Company"))
    code = tables.Column(verbose_name=_("Code"))
    industry = tables.Column(verbose_name=_("Industry"))
    stage = PillColumn(STAGES, accessor="get_stage_display", order_by="stage", verbose_name=_("Stage now"))  # type: ignore[arg-type]
    moved_in_on = DayColumn(verbose_name=_("First lease"))

    class Meta:
        order_by = "name"


class LeaseRows(PortalTable):
    caption = _("Leases")
    empty_title = _("No lease on this day")
    number = tables.Column(
        linkify=lambda record: reverse("spaces:lease_detail", args=[record.number]),
        attrs=ROW_LINK,
        verbose_name=_("Lease"),
    )
    company = TwoScriptColumn(linkify=_company_of, order_by="company__name_key", verbose_name=_("Company"))
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"))
    area_m2 = NumberColumn(verbose_name=_("m²"))
    term = PeriodColumn(order_by="term__endswith", verbose_name=_("Term"))


class ReliefRows(PortalTable):
    caption = _("Rent relief that runs out")
    empty_title = _("No relief runs out")
    company = TwoScriptColumn(
        linkify=_company_of, order_by="company__name_key", attrs=ROW_LINK, verbose_name=_("Company")
    )
    last_day = DayColumn(verbose_name=_("Last day of relief"))
    amount = MoneyColumn(verbose_name=_("Relief of the month"))


class ApplicationRows(PortalTable):
    caption = _("Applications")
    empty_title = _("Nothing waits")
    empty_hint = _("All applications were answered by the end of this day.")
    arrived = tables.DateTimeColumn(
        format="Y-m-d H:i",
        linkify=lambda record: reverse("applications:review", args=[record.public_id]),
        attrs=ROW_LINK,
        verbose_name=_("Arrived"),
    )
    kind = tables.Column(verbose_name=_("Kind"))
    created_by = tables.Column(accessor="created_by__display_name", orderable=False, verbose_name=_("Applicant"))


class DecisionRows(PortalTable):
    caption = _("Decisions that lack a fact")
    empty_title = _("Nothing is missing")
    company = TwoScriptColumn(
        linkify=_company_of, order_by="company__name_key", attrs=ROW_LINK, verbose_name=_("Company")
    )
    point = tables.Column(verbose_name=_("Point"))
    missing = tables.Column(orderable=False, verbose_name=_("Missing facts"))

    def render_missing(self, value: str) -> SafeString:
        """The facts that can be entered, a line each: those that the portal does not hold yet nobody can supply."""
        names = (FACTS[name].label for name in value.split(";") if name in FACTS and FACTS[name].held)
        return format_html_join("", "<div>{}</div>", ((gettext(name),) for name in names))
