"""The tables of statements, runs, simulated changes, costs and suppliers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import NOTHING, Tone
from core.models import Run, RunState
from core.periods import Day, holds_on
from core.tables import (
    DayColumn,
    MoneyColumn,
    MonthColumn,
    NumberColumn,
    PeriodColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.choices import PolicyChange
from subsidies.models import Expense, InterestStatement, RentStatement, SimulationChange, Supplier
from subsidies.rules.points import POINTS

NUMBER = {"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}}
STATEMENT_TONES: dict[str, Tone] = {"open": "wait", "issued": "good"}
RUN_TONES: dict[str, Tone] = {
    RunState.QUEUED: "quiet",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
}


def title_of(run: Run) -> str:
    """What a run does, in words."""
    if run.kind == "assess":
        return gettext("Assessment")
    if run.kind == "bill":
        return gettext("Rent billing") if run.arguments.get("month") else gettext("Open statements computed again")
    if run.kind == "simulate":
        return gettext("Simulation")
    return str(run.kind)


def subject_of(run: Run) -> str:
    """For which day, month or company."""
    return " · ".join(
        str(run.arguments[name]) for name in ("version", "on", "month", "company") if run.arguments.get(name)
    )


class _OfMonths(PortalTable):
    """A statement a row; `page` is the name of the address of one. Sums are over all of the filter, not of the page
    alone."""

    page: str

    empty_title = _("No statements found")
    empty_hint = _("A month's statements are here once it was billed.")

    month = MonthColumn(verbose_name=_("Month"), footer=_("All of the filter"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    state = PillColumn(STATEMENT_TONES, verbose_name=_("State"))

    def __init__(self, *args: Any, totals: Mapping[str, Any], **kwargs: Any):
        self.totals = totals
        super().__init__(*args, **kwargs)

    def total(self, name: str) -> str:
        return markup.money(self.totals[name])

    def render_month(self, value: dt.date, record: Any) -> SafeString:
        return format_html(
            '<a class="zp-row-link" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse(self.page, args=[record.public_id]), f"{value:%Y-%m}", record.company.code,
        )  # fmt: skip


class StatementTable(_OfMonths):
    region = "statements"
    caption = _("Rent statements")
    page = "subsidies:statement"

    rent = MoneyColumn(verbose_name=_("Rent"), footer=lambda table: table.total("rent"))
    waived = MoneyColumn(verbose_name=_("Relief"), footer=lambda table: table.total("waived"))
    adjustment = MoneyColumn(verbose_name=_("Corrections"), footer=lambda table: table.total("adjustment"))
    payable = MoneyColumn(verbose_name=_("To pay"), footer=lambda table: table.total("payable"))

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()


class InterestTable(_OfMonths):
    region = "interest"
    caption = _("Interest statements")
    page = "subsidies:interest_statement"

    supported = MoneyColumn(verbose_name=_("Interest support"), footer=lambda table: table.total("supported"))
    adjustment = MoneyColumn(verbose_name=_("Corrections"), footer=lambda table: table.total("adjustment"))
    payable = MoneyColumn(verbose_name=_("To pay out"), footer=lambda table: table.total("payable"))

    class Meta:
        model = InterestStatement
        fields: tuple[str, ...] = ()


class RunTable(PortalTable):
    region = "runs"
    caption = _("Runs")
    empty_title = _("Nothing has run yet")
    empty_hint = _("Every night all companies are decided; on the first of a month the month before is billed.")

    kind = tables.Column(verbose_name=_("Run"))
    subject = tables.Column(accessor="arguments", verbose_name=_("For"), orderable=False)
    state = PillColumn(RUN_TONES, verbose_name=_("State"))
    done = NumberColumn(verbose_name=_("Parts done"))
    requested_by = tables.Column(verbose_name=_("Asked for by"), orderable=False, empty_values=())
    created_at = tables.DateTimeColumn(verbose_name=_("Asked for"), format="Y-m-d H:i")
    finished_at = tables.DateTimeColumn(verbose_name=_("Ended"), format="Y-m-d H:i")

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()

    def render_kind(self, record: Run) -> SafeString:
        url = reverse("subsidies:run", args=[record.public_id])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, title_of(record))

    def render_subject(self, record: Run) -> str:
        return subject_of(record) or NOTHING

    def render_done(self, record: Run) -> str:
        return f"{record.done} / {record.total}" if record.total else "–"

    def render_requested_by(self, record: Run) -> Any:
        return record.requested_by or gettext("the portal")


CHANGE_TONES: dict[str, Tone] = {
    PolicyChange.STOPS: "bad",
    PolicyChange.LESS: "bad",
    PolicyChange.BECOMES: "good",
    PolicyChange.MORE: "good",
    PolicyChange.OPENS: "wait",
    PolicyChange.CLOSES: "info",
}


class SimulationChangeTable(PortalTable):
    """Companies that a draft touches, who loses most first."""

    region = "changes"
    caption = _("Companies that the draft touches")
    empty_title = _("No company is touched")
    empty_hint = _("On the simulated day every company gets what it gets today.")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    change = PillColumn(CHANGE_TONES, verbose_name=_("Change"))
    amount_before = MoneyColumn(verbose_name=_("Today"))
    amount_after = MoneyColumn(verbose_name=_("By the draft"))
    difference = MoneyColumn(verbose_name=_("Difference"), empty_values=())
    criteria = tables.Column(verbose_name=_("Because of"), orderable=False, empty_values=())

    class Meta:
        model = SimulationChange
        fields: tuple[str, ...] = ()

    def render_company(self, record: SimulationChange, bound_column: Any) -> SafeString:
        url = reverse("companies:detail", args=[record.company.code])
        names = TwoScriptColumn.render(bound_column.column, record, bound_column)
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, names)

    def render_difference(self, record: SimulationChange) -> str:
        return markup.money((record.amount_after or 0) - (record.amount_before or 0))

    def order_difference(self, found: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        nothing = Value(0, output_field=SimulationChange._meta.get_field("amount_after"))
        difference = Coalesce(F("amount_after"), nothing) - Coalesce(F("amount_before"), nothing)
        ordered = found.annotate(by=difference).order_by("-by" if is_descending else "by", "company__code", "point")
        return ordered, True

    def render_criteria(self, record: SimulationChange) -> str:
        """The criteria that come out otherwise, in words; the numbers of the point where the amount alone does."""
        labels = {leaf.key: leaf.label for leaf in POINTS[record.point].leaves}
        keys = [key for key in record.criteria.split(";") if key]
        return "; ".join(gettext(labels[key]) for key in keys) or gettext("other numbers of this point")


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
