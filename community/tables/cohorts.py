"""The tables of cohorts and of who is in one."""

from collections.abc import Collection, Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Cohort
from companies.models import Company
from core.markup import NOTHING, count
from core.periods import period
from core.tables import RIGHT, CountColumn, DayColumn, PortalTable, TwoScriptColumn
from core.templatetags import ui


class CohortTable(PortalTable):
    region = "cohorts"
    caption = _("Cohorts")
    empty_title = _("No cohort yet")
    empty_hint = _("A cohort is a group of companies that is compared with others, such as the first founders.")

    code = tables.Column(
        verbose_name=_("Code"), linkify=("community:cohort", [tables.A("pk")]), attrs={"a": {"class": "zp-row-link"}}
    )
    name = tables.Column(verbose_name=_("Name"), orderable=False)
    arrived = tables.Column(accessor="pk", orderable=False, verbose_name=_("Came to the zone"))
    companies = CountColumn(accessor="pk", orderable=False, attrs=RIGHT, verbose_name=_("Companies"))

    class Meta:
        model = Cohort
        fields: tuple[str, ...] = ()
        order_by = "code"

    def __init__(self, *args: Any, sizes: Mapping[str, int], **options: Any):
        super().__init__(*args, **options)
        self.sizes = sizes

    def render_name(self, record: Cohort) -> str:
        return str(record)

    def render_arrived(self, record: Cohort) -> Any:
        return ui.period(period(record.arrived_from, record.arrived_until)) if record.has_rule else NOTHING

    def render_companies(self, record: Cohort) -> str:
        return str(count(self.sizes.get(record.code, 0)))


class MemberTable(PortalTable):
    """Companies with `arrived_on`."""

    region = "members"
    caption = _("Companies")
    empty_title = _("No company is in this cohort")

    name = TwoScriptColumn(
        linkify=lambda record: reverse("companies:detail", args=[record.code]),
        order_by="name_key",
        attrs={"a": {"class": "zp-row-link"}},
        verbose_name=_("Company"),
    )
    code = tables.Column(verbose_name=_("Code"))
    stage = tables.Column(verbose_name=_("Stage"), empty_values=())
    arrived_on = DayColumn(verbose_name=_("First day"), empty_values=())
    how = tables.Column(accessor="pk", orderable=False, verbose_name=_("By"))
    act = tables.TemplateColumn(
        template_name="community/_remove_member.html", verbose_name=_("Take out"), orderable=False, empty_values=()
    )

    class Meta:
        order_by = "name"

    def __init__(self, *args: Any, cohort: Cohort, by_hand: Collection[int], may_keep: bool, **options: Any):
        super().__init__(*args, exclude=() if may_keep else ("act",), **options)
        self.cohort, self.by_hand = cohort, by_hand

    def render_stage(self, record: Company) -> str:
        return capfirst(record.get_stage_display()) if record.stage else NOTHING

    def render_how(self, value: int) -> str:
        return gettext("hand") if value in self.by_hand else gettext("day of arrival")
