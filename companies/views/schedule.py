"""The schedule of reports: who is due, late, sent and verified; and what one company has to report, by when."""

import datetime as dt
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies import permissions
from companies.bulk.duties import counted
from companies.choices import DutyState
from companies.models import Company, ReportDuty, ReportExcuse
from companies.records.forms import VoidForm
from companies.reporting.calendar import BACK, ended
from companies.reporting.duties import next_duty, periods_shown
from companies.reporting.filters import ScheduleFilter
from companies.reporting.forms import ExcuseForm
from companies.reporting.tables import DutyTable
from companies.services import schedule as services
from core.acting import attempt
from core.htmx import wants_fragment
from core.interchange.columns import Choice, Column, Day, Text
from core.listing import FORMATS, frame_as_file, turned
from core.periods import today

FILE: tuple[Column, ...] = (
    Text(name="company", required=True, max_length=32),
    Day(name="period_end", required=True),
    Choice(name="months", required=True, values=("3", "12")),
    Day(name="due_on", required=True),
    Choice(name="state", required=True, values=tuple(DutyState.values)),
)


@staff_required()
@require_GET
def schedule(request: SignedInRequest) -> HttpResponse:
    """Who owes which report, and how far it is; `?format=csv` or `xlsx` gives the filtered rows as a file."""
    on, periods = today(), periods_shown()
    duties = ReportDuty.objects.visible_to(request.user)
    found = ScheduleFilter(request.GET, duties, on=on, periods=periods)
    rows = found.qs.with_state(on)
    if request.GET.get("format") in FORMATS:
        return frame_as_file("report-schedule", request.GET["format"], _frame(rows), FILE, on)
    may_excuse = permissions.can_set_reporting(request.user)
    table = turned(request, DutyTable(rows.select_related("company"), may_excuse=may_excuse))
    end = found.period_shown
    context = {
        "filter": found,
        "table": table,
        "end": end,
        "counted": counted(end, on) if end else None,
        "states": DutyState,
        "is_empty": not periods,
    }
    return render(request, "companies/schedule.html", context)


def _frame(rows: Any) -> pl.DataFrame:
    """The rows as a file has them."""
    listed = rows.order_by("period_end", "company__code").values_list(
        "company__code", "period_end", "months", "due_on", "state"
    )
    schema = {column.name: column.dtype for column in FILE}
    return pl.DataFrame(
        [(code, end, str(months), due, state) for code, end, months, due, state in listed.iterator(5000)],
        schema=schema,
        orient="row",
    )


@sign_in_required
@require_GET
def company_duties(request: SignedInRequest, code: str) -> HttpResponse:
    """What one company has to report, and by when: a part of its pages, or a page of its own."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    on = today()
    duties = ReportDuty.objects.visible_to(request.user).filter(company=company, period_end__gte=ended(on, BACK)[-1])
    table = DutyTable(
        duties.with_state(on).select_related("company"),
        exclude=("company",),
        prefix="duties-",
        order_by="-period_end",
        may_excuse=permissions.can_excuse(request.user, company),
        may_report=not request.user.is_staff_member and permissions.can_enter_records(request.user, company),
    )
    context = {"company": company, "table": turned(request, table), "next": next_duty(company, on)}
    template = "companies/duties.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


@staff_required(permissions.KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def excuse(request: SignedInRequest, code: str, period_end: str) -> HttpResponse:
    """Excuse a company from a report, with the reason."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    end = _day(period_end)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.excuse(company=company, period_end=end, reason=reason, by=request.user)):
            messages.success(request, _("%(company)s is excused from this report.") % {"company": company.code})
            return redirect("companies:schedule")
    context = {
        "form": form,
        "title": _("Excuse %(company)s from the report up to %(day)s") % {"company": company.code, "day": end},
        "lead": _("The company is not reminded, and the schedule shows that it need not report. The reason is kept."),
        "button": _("Excuse"),
    }
    return _form(request, context)


@staff_required(permissions.KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def excuse_void(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an excuse back: the report is owed after all."""
    excuses = ReportExcuse.objects.visible_to(request.user).valid().select_related("company")
    found = get_object_or_404(excuses, pk=pk)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.take_excuse_back(excuse=found, reason=reason, by=request.user)):
            messages.success(request, _("The report is owed after all."))
            return redirect("companies:schedule")
    context = {
        "form": form,
        "title": _("Take the excuse back?"),
        "lead": f"{found.company.code} · {found.period_end} · {found.reason}",
        "button": _("Take the excuse back"),
    }
    return _form(request, context)


def _form(request: SignedInRequest, context: dict[str, object]) -> HttpResponse:
    url = reverse("companies:schedule")
    more = {"crumbs": [(_("Schedule of reports"), url)], "cancel_url": url}
    return render(request, "records/form.html", context | more)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
