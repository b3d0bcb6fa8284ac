"""The companies of a cohort with what each adds to its figures."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from core.markup import NOTHING, pill
from core.tables import RIGHT, CountColumn, DayColumn, MoneyColumn, PortalTable, in_two_scripts
from zone_portal.dashboard.tables import ROW_LINK


class CohortCompanies(PortalTable):
    """Rows are dictionaries: `company` and the columns of `figures.companies_of`, the revenue in yuan."""

    region = "cohort-companies"
    caption = _("Companies")
    empty_title = _("No company is counted here")

    company = tables.Column(
        verbose_name=_("Company"),
        order_by="name_key",
        linkify=lambda record: reverse("companies:detail", args=[record["company"].code]),
        attrs=ROW_LINK,
    )
    came_on = DayColumn(verbose_name=_("First day"))
    in_zone = tables.Column(verbose_name=_("In the zone"))
    stage = tables.Column(verbose_name=_("Stage"), empty_values=())
    employees = CountColumn(verbose_name=_("Jobs"), attrs=RIGHT)
    revenue = MoneyColumn(verbose_name=_("Revenue of twelve months"))
    revenue_until = DayColumn(verbose_name=_("Up to"))

    class Meta:
        order_by = "company"

    def render_company(self, value: Any) -> SafeString:
        return in_two_scripts(value)

    def render_in_zone(self, value: bool) -> SafeString:
        return pill(gettext("here"), "good") if value else pill(gettext("not here"), "quiet")

    def render_stage(self, value: str) -> str:
        return capfirst(str(Stage(value).label)) if value else NOTHING
