"""The tables of statements, runs and grants."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import Tone
from core.models import Run, RunState
from core.tables import (
    FIGURES,
    DayColumn,
    MoneyColumn,
    MonthColumn,
    NumberColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.choices import GrantState
from subsidies.models import Decision, Grant, InterestStatement, RentStatement

STATEMENT_TONES: dict[str, Tone] = {"open": "wait", "issued": "good"}
RUN_TONES: dict[str, Tone] = {
    RunState.QUEUED: "quiet",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
}
GRANT_TONES: dict[str, Tone] = {
    GrantState.PROPOSED: "wait",
    GrantState.APPROVED: "info",
    GrantState.PAID: "good",
    GrantState.REFUSED: "bad",
    GrantState.WITHDRAWN: "quiet",
    GrantState.REVOKED: "bad",
}


def title_of(run: Run) -> str:
    """What a run does, in words."""
    if run.kind == "assess":
        return gettext("Assessment")
    if run.kind == "bill":
        return gettext("Rent billing") if run.arguments.get("month") else gettext("Open statements computed again")
    return str(run.kind)


def subject_of(run: Run) -> str:
    """For which day, month or company."""
    return " · ".join(str(run.arguments[name]) for name in ("on", "month", "company") if run.arguments.get(name))


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
        return subject_of(record)

    def render_done(self, record: Run) -> str:
        return f"{record.done} / {record.total}" if record.total else "–"

    def render_requested_by(self, record: Run) -> Any:
        return record.requested_by or gettext("the portal")


def _point(grant: Grant) -> str:
    """The point, and of vouchers the kind."""
    return capfirst(str(grant.get_part_display() if grant.part else grant.get_point_display()))


class GrantTable(PortalTable):
    region = "grants"
    caption = _("Grants")
    empty_title = _("No grants found")
    empty_hint = _("An officer proposes a grant from a decision that says eligible.")

    number = tables.Column(verbose_name=_("Grant"), attrs=FIGURES)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    state = PillColumn(GRANT_TONES, verbose_name=_("State"))
    proposed_on = DayColumn(verbose_name=_("Proposed"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    committed = MoneyColumn(verbose_name=_("Committed"))
    paid = MoneyColumn(verbose_name=_("Paid"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

    def render_number(self, record: Grant) -> SafeString:
        url = reverse("subsidies:grant", args=[record.public_id])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, record.number)

    def render_point(self, record: Grant) -> str:
        return _point(record)


class ProposableTable(PortalTable):
    """Decisions that can be granted, and the button that proposes one."""

    region = "proposable"
    caption = _("Decisions that can be granted")
    empty_title = _("Nothing waits to be proposed")
    empty_hint = _("Whatever a decision in force gives is proposed or granted already.")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    decided_for = DayColumn(verbose_name=_("Decided for"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    propose = tables.Column(verbose_name=_("Propose"), empty_values=(), orderable=False)

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ()

    def render_point(self, record: Decision) -> str:
        return capfirst(str(record.get_point_display()))

    def render_propose(self, record: Decision) -> SafeString:
        url = reverse("subsidies:proposal", args=[record.public_id])
        words = gettext("Look at it")
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="visually-hidden"> {} {}</span></a>',
            url, words, record.company.code, record.get_point_display(),
        )  # fmt: skip
