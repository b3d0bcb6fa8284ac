"""Pages of companies' reports, and the act of verifying one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import User
from companies import permissions
from companies.filters import ReportFilter
from companies.models import Answer, Company, Evidence, JumpLimits, Report
from companies.records.forms import RecordForm
from companies.records.parts import Act, Facts, Words
from companies.records.views import RecordPages
from companies.reporting.forms import EvidenceForm
from companies.reporting.jumps import answers_of, compare, known_questions, previous_report, shown
from companies.reporting.report_form import ReportForm
from companies.services import reports
from companies.tables import ReportTable
from core.errors import Conflict
from core.markup import NOTHING, Tone, money
from core.templatetags import ui


class ReportPages(RecordPages):
    name = "report"
    plural = "reports"
    namespace = "companies"
    model = Report
    key = "pk"
    columns = {"company": "company__code", "period_end": "period_end"}
    words = Words(
        one=gettext_lazy("Report"),
        many=gettext_lazy("Reports"),
        enter=gettext_lazy("Enter a report"),
        change=gettext_lazy("Correct report"),
        void=gettext_lazy("Declare this report void?"),
        none=gettext_lazy("No report is on record."),
        why=gettext_lazy("Stages rest on reports that the zone has verified, and so does the size of a company."),
    )
    form = ReportForm
    table = ReportTable
    filters = ReportFilter
    parts = ((Answer, "report"), (Evidence, "report"))
    more_template = "companies/_report_more.html"

    def new_form(self, request: SignedInRequest, company: Company | None) -> RecordForm:
        return ReportForm(request.POST or None, user=request.user, company=company, asked=request.GET)

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Report:
        return reports.enter_report(company=company, **values, by=by)

    def change(self, record: Report, values: dict[str, Any], by: User) -> Report:
        figures = dict(values)
        return reports.change_report(report=record, answers=figures.pop("answers"), figures=figures, by=by)

    def void(self, record: Report, reason: str, by: User) -> Report:
        return reports.void_report(report=record, reason=reason, by=by)

    def may_change(self, user: User, record: Report) -> bool:
        return permissions.can_change_report(user, record)

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company", "verified_by")

    def facts(self, report: Report) -> Facts:
        in_use = {True: _("yes"), False: _("no"), None: NOTHING}
        return (
            (_("Last day of the period"), ui.day(report.period_end)),
            (_("Length of the period"), report.get_months_display()),
            (_("Revenue"), money(report.revenue)),
            (_("Profit"), money(report.profit)),
            (_("Spent on research and development"), money(report.rd_spend)),
            (_("Employees"), NOTHING if report.employees is None else report.employees),
            (_("Revenue from exports"), money(report.export_revenue)),
            (_("A product is in use"), in_use[report.product_in_use]),
            *((answer.wording.text, shown(answer.question.kind, answer.value)) for answer in report.answers.told()),
            (_("Verified on"), ui.day(report.verified_at)),
            (_("Verified by"), report.verified_by or NOTHING),
        )

    def state(self, report: Report) -> tuple[str, Tone]:
        return (_("verified"), "good") if report.is_verified else (_("to be verified"), "wait")

    def more(self, user: User, report: Report) -> dict[str, Any]:
        """What was reported before, with what jumps and why, and the files that prove it."""
        before = previous_report(report.company, report.period_end)
        compared = (
            compare(report, answers_of(report), before, JumpLimits.current(), known_questions()) if before else []
        )
        may_attach = report.voided_at is None and permissions.can_change_report(user, report)
        return {
            "before": before,
            "compared": compared,
            "has_jump": any(figure.is_jump for figure in compared),
            "files": report.evidence.listed().valid().select_related("by"),
            "may_attach": may_attach,
            "evidence_form": EvidenceForm() if may_attach else None,
        }

    def acts(self, user: User, report: Report) -> list[Act]:
        if not permissions.can_verify(user, report.company):
            return []
        if report.is_verified:
            return [
                Act(
                    _("Take the verification back"),
                    reverse("companies:report_unverify", args=[report.pk]),
                    icon="arrow-left",
                    asks=_("Take the verification back?"),
                    tells=_("Decisions no longer rest on this report, and the company may change it again."),
                    tone="danger",
                )
            ]
        return [
            Act(
                _("Verify"),
                reverse("companies:report_verify", args=[report.pk]),
                icon="shield-check",
                asks=_("Verify this report?"),
                tells=_("Decisions rest on it from now on, and the company may no longer change it."),
            )
        ]


PAGES = ReportPages()


@staff_required(permissions.KEEPS_REGISTER)
@require_POST
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """The officer has seen the evidence."""
    return _settled(request, pk, reports.verify_report, _("The report was verified."))


@staff_required(permissions.KEEPS_REGISTER)
@require_POST
def unverify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a verification back."""
    return _settled(request, pk, reports.unverify_report, _("The verification was taken back."))


def _settled(request: SignedInRequest, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
    report = PAGES.fetch(request.user, pk)
    try:
        act(report=report, by=request.user)
        messages.success(request, done)
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("companies:report", pk)
