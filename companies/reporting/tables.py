"""The schedule of reports as a table, for the zone and for a company."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.choices import DutyState
from companies.models import ReportDuty
from core.markup import NOTHING, Tone, pill
from core.tables import DayColumn, PortalTable, TwoScriptColumn

TONES: dict[str, Tone] = {
    DutyState.DUE: "info",
    DutyState.LATE: "bad",
    DutyState.SENT: "wait",
    DutyState.VERIFIED: "good",
    DutyState.EXCUSED: "quiet",
}


class DutyTable(PortalTable):
    """Rows `with_state`. `may_excuse` adds what an officer can do, `may_report` what the company can."""

    region = "duties"
    caption = _("Reports that are owed")
    title_column = "company"
    empty_icon = "clipboard-list"
    empty_title = _("No report is owed")
    empty_hint = _("Try fewer words, or clear the filters.")

    company = TwoScriptColumn(
        accessor="company",
        verbose_name=_("Company"),
        order_by=("company__name_key", "pk"),
        linkify=("companies:detail", [tables.A("company__code")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    period_end = DayColumn(verbose_name=_("Last day of the period"), order_by=("period_end", "pk"))
    months = tables.Column(verbose_name=_("Period"), order_by=("months", "pk"))
    due_on = DayColumn(verbose_name=_("Due on"), order_by=("due_on", "pk"))
    state = tables.Column(verbose_name=_("State"), orderable=False)
    acts = tables.Column(verbose_name=_("What can be done"), empty_values=(), orderable=False)

    class Meta:
        model = ReportDuty
        fields: tuple[str, ...] = ()
        order_by = "company"

    def __init__(self, *args: Any, may_excuse: bool = False, may_report: bool = False, **options: Any):
        super().__init__(*args, **options)
        self.may_excuse, self.may_report = may_excuse, may_report

    def render_state(self, value: str) -> SafeString:
        return pill(str(DutyState(value).label), TONES[value])

    def render_acts(self, record: Any) -> SafeString | str:
        args = [record.company.code, record.period_end.isoformat()]
        if record.report_id is not None:
            return _link(reverse("companies:report", args=[record.report_id]), gettext("Open the report"), record)
        if record.state == DutyState.EXCUSED:
            url = reverse("companies:report_excuse_void", args=[record.excuse_id])
            return _link(url, gettext("Take the excuse back"), record) if self.may_excuse else NOTHING
        if self.may_report:
            url = reverse("companies:company_report_new", args=args[:1])
            query = f"?period_end={args[1]}&months={record.months}"
            return _link(f"{url}{query}", gettext("Report now"), record)
        if self.may_excuse:
            return _link(reverse("companies:report_excuse", args=args), gettext("Excuse"), record)
        return NOTHING


def _link(url: str, label: str, duty: Any) -> SafeString:
    """With what it is about for those who hear it alone."""
    return format_html(
        '<a href="{}">{}<span class="visually-hidden"> {} {}</span></a>',
        url, label, duty.company.code, duty.period_end.isoformat(),
    )  # fmt: skip
