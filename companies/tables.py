"""The staff's tables of companies and applications."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.choices import ApplicationState, CheckOutcome, MergeState, Sign
from companies.models import Application, Company, Likeness, Merge, OfficialCheck, Report
from core.markup import NOTHING, Tone, duration, pill, plain_name
from core.tables import (
    RIGHT,
    CountColumn,
    DayColumn,
    MoneyColumn,
    PeriodColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)

STAGE_TONES: dict[str, Tone] = {"nestling": "quiet", "chick": "info", "growing": "good", "unicorn": "wait"}
STATE_TONES: dict[str, Tone] = {
    ApplicationState.SUBMITTED: "info",
    ApplicationState.CHANGES_REQUESTED: "wait",
    ApplicationState.ADMITTED: "good",
    ApplicationState.DECLINED: "bad",
}

CHECK_TONES: dict[str, Tone] = {
    CheckOutcome.AGREES: "good",
    CheckOutcome.CORRECTED: "info",
    CheckOutcome.DIFFERS: "wait",
    CheckOutcome.NOT_FOUND: "bad",
}

MERGE_TONES: dict[str, Tone] = {
    MergeState.PROPOSED: "wait",
    MergeState.DONE: "good",
    MergeState.REFUSED: "bad",
    MergeState.WITHDRAWN: "quiet",
}


def left_out(company: Company) -> tuple[str, ...]:
    """The column that a table of one company's rows leaves out. Where some of them stayed under the code of a company
    that was merged into it, it is needed."""
    return () if company.aliases.exists() else ("company",)


class CompanyTable(PortalTable):
    region = "companies"
    caption = _("Companies")
    title_column = "name"
    empty_icon = "building"
    empty_title = _("No company found")
    empty_hint = _("Try fewer words, or clear the filters.")

    name = TwoScriptColumn(
        verbose_name=_("Name"),
        order_by="name_key",
        linkify=("companies:detail", [tables.A("code")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    code = tables.Column(attrs={"td": {"class": "zp-num"}})
    stage = PillColumn(STAGE_TONES)
    founded_on = DayColumn()
    registration = PeriodColumn(order_by="registration")

    class Meta:
        model = Company
        fields = ("name", "code", "kind", "stage", "industry", "founded_on", "registration")
        order_by = "name"


class ApplicationTable(PortalTable):
    """`now` is the moment up to which waiting is counted."""

    region = "applications"
    caption = _("Applications")
    title_column = "name"
    empty_icon = "inbox"
    empty_title = _("No application waits")
    empty_hint = _("New ones appear here as soon as they are sent.")

    name = tables.Column(
        verbose_name=_("Applicant"),
        empty_values=(),
        orderable=False,
        linkify=("applications:review", [tables.A("public_id")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    kind = tables.Column()
    state = PillColumn(STATE_TONES)
    submitted_at = DayColumn(verbose_name=_("Sent"))
    waiting = tables.Column(verbose_name=_("Waiting or taken"), empty_values=(), order_by="submitted_at", attrs=RIGHT)

    class Meta:
        model = Application
        fields = ("name", "kind", "state", "submitted_at", "waiting")
        order_by = "submitted_at"

    def __init__(self, *args: Any, now: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = now

    def render_name(self, record: Application) -> str:
        return plain_name(record)

    def render_waiting(self, record: Application) -> SafeString | str:
        """Since it was sent: up to the decision, or up to now while the zone has it."""
        if not record.submitted_at or record.state == ApplicationState.WITHDRAWN:
            return NOTHING
        if record.state == ApplicationState.CHANGES_REQUESTED:
            return str(_("with the applicant"))
        if record.decided_at:
            return duration(record.decided_at - record.submitted_at)
        return duration(self.now - record.submitted_at)


class MergeTable(PortalTable):
    region = "merges"
    caption = _("Merges")
    title_column = "merged"
    empty_icon = "building"
    empty_title = _("No company was merged")
    empty_hint = _("Where two entries are one company, merge one of them from its page.")

    merged = TwoScriptColumn(
        verbose_name=_("Merged company"),
        order_by="merged__name_key",
        linkify=("companies:merge_detail", [tables.A("public_id")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    survivor = TwoScriptColumn(verbose_name=_("Surviving company"), order_by="survivor__name_key")
    state = PillColumn(MERGE_TONES)
    proposed_at = DayColumn(verbose_name=_("Proposed"))
    proposed_by = tables.Column(verbose_name=_("By"), accessor="proposed_by__display_name", orderable=False)

    class Meta:
        model = Merge
        fields = ("merged", "survivor", "state", "proposed_at", "proposed_by")
        order_by = "-proposed_at"


class LikenessTable(PortalTable):
    """Pairs of companies; `csrf` is the token of the page, for the forms in its rows."""

    region = "doubles"
    caption = _("Possible doubles")
    title_column = "one"
    empty_icon = "building"
    empty_title = _("No company looks like another")
    empty_hint = _("New pairs appear here as companies are entered and changed.")

    one = TwoScriptColumn(
        verbose_name=_("Company"), linkify=("companies:detail", [tables.A("one__code")]), orderable=False
    )
    other = TwoScriptColumn(
        verbose_name=_("Looks like"), linkify=("companies:detail", [tables.A("other__code")]), orderable=False
    )
    score = CountColumn(verbose_name=_("Likeness of 100"), orderable=False)
    signs = tables.Column(verbose_name=_("Why"), orderable=False)
    acts = tables.Column(verbose_name=_("What it is"), empty_values=(), orderable=False)

    class Meta:
        model = Likeness
        fields = ("one", "other", "score", "signs", "acts")

    def __init__(self, *args: Any, csrf: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.csrf = csrf

    def render_signs(self, value: dict[str, int]) -> str:
        """The reasons in words, each with what it adds to the likeness or takes from it."""
        return ", ".join(f"{Sign(sign).label} ({adds:+d})" for sign, adds in value.items())

    def render_acts(self, record: Likeness) -> SafeString:
        return render_to_string("companies/_pair_acts.html", {"record": record, "csrf": self.csrf})


class OfficialCheckTable(PortalTable):
    region = "official-checks"
    caption = _("Checks of official data")
    empty_title = _("No checks found")
    empty_hint = _("Try fewer words, or clear the filters.")

    checked_on = DayColumn(
        verbose_name=_("Checked on"),
        linkify=("companies:check", [tables.A("pk")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    outcome = PillColumn(CHECK_TONES, verbose_name=_("Outcome"))
    source = tables.Column(verbose_name=_("Source"))
    checked_by = tables.Column(accessor="checked_by__display_name", orderable=False, verbose_name=_("Checked by"))

    class Meta:
        model = OfficialCheck
        fields: tuple[str, ...] = ()
        order_by = "-checked_on"


class DueTable(PortalTable):
    """Companies of `companies.checking`; `may_check`: with the way to the form."""

    region = "checks-due"
    caption = _("Companies to be checked")
    empty_icon = "circle-check"
    empty_title = _("All data were checked")
    empty_hint = _("Companies appear here a year after they were checked last.")

    name = TwoScriptColumn(
        verbose_name=_("Name"),
        orderable=False,
        linkify=("companies:detail", [tables.A("code")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    code = tables.Column(orderable=False, attrs={"td": {"class": "zp-num"}})
    uscc = tables.Column(orderable=False, attrs={"td": {"class": "zp-num"}})
    checked_on = DayColumn(verbose_name=_("Checked on"), orderable=False, default=_("never"))
    last_outcome = tables.Column(verbose_name=_("Outcome"), orderable=False)
    check = tables.Column(
        verbose_name=_("Record a check"),
        empty_values=(),
        orderable=False,
        linkify=("companies:company_check_new", [tables.A("code")]),
    )

    class Meta:
        model = Company
        fields = ("name", "code", "uscc", "checked_on", "last_outcome", "check")

    def __init__(self, *args: Any, may_check: bool, **kwargs: Any):
        super().__init__(*args, exclude=() if may_check else ("check",), **kwargs)

    def render_last_outcome(self, value: str) -> SafeString:
        return pill(str(CheckOutcome(value).label), CHECK_TONES[value])

    def render_check(self, record: Company) -> str:
        return gettext("Check %(code)s") % {"code": record.code}


class ReportTable(PortalTable):
    region = "reports"
    caption = _("Reports")
    empty_title = _("No reports found")
    empty_hint = _("Try fewer words, or clear the filters.")

    period_end = DayColumn(
        verbose_name=_("Last day of the period"),
        linkify=("companies:report", [tables.A("pk")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    months = tables.Column(verbose_name=_("Period"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    revenue = MoneyColumn(verbose_name=_("Revenue"))
    profit = MoneyColumn(verbose_name=_("Profit"))
    employees = CountColumn(verbose_name=_("Employees"))
    verified = tables.Column(
        accessor="verified_at", verbose_name=_("State"), empty_values=(), order_by=("verified_at", "period_end")
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()
        order_by = "-period_end"

    def render_verified(self, record: Report) -> SafeString:
        return pill(gettext("verified"), "good") if record.is_verified else pill(gettext("to be verified"), "wait")
