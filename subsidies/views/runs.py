"""Runs: what works in the background, how far it is, how it ended; and starting one now."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from core.errors import DomainError
from core.listing import turned
from core.models import Run
from core.periods import previous_month, today
from core.runs import UNFINISHED
from subsidies import permissions
from subsidies.forms import AssessForm, BillForm
from subsidies.services import assessments, statements
from subsidies.tables import RunTable, subject_of, title_of


@staff_required()
@require_GET
def runs(request: SignedInRequest) -> HttpResponse:
    """All runs, the newest first."""
    table = RunTable(Run.objects.select_related("requested_by"), order_by="-created_at")
    turned(request, table)
    day = today()
    context = {
        "table": table,
        "may_assess": permissions.can_assess(request.user),
        "may_bill": permissions.can_bill(request.user),
        "assess_form": AssessForm(initial={"on": day}),
        "bill_form": BillForm(initial={"month": previous_month(day)}),
    }
    return render(request, "subsidies/runs.html", context)


@staff_required()
@require_GET
def run(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One run; its page asks for itself again until it has ended."""
    found = get_object_or_404(Run.objects.select_related("requested_by"), public_id=public_id)
    context = {
        "run": found,
        "title": title_of(found),
        "subject": subject_of(found),
        "is_live": found.state in UNFINISHED,
        "counts": [(_COUNTS[name](), count) for name, count in found.result.items() if name in _COUNTS],
    }
    return render(request, "subsidies/run.html", context)


_COUNTS: dict[str, Callable[[], str]] = {
    "decided": lambda: _("Decisions found"),
    "added": lambda: _("New decisions"),
    "superseded": lambda: _("Earlier decisions replaced"),
    "statements": lambda: _("Open statements"),
    "written": lambda: _("Statements written"),
    "removed": lambda: _("Statements removed"),
    "adjustments": lambda: _("Corrections of issued months"),
    "waiting": lambda: _("Corrections that wait for an open month"),
}


@staff_required(*permissions.ASSESSES)
@require_POST
def start_assessment(request: SignedInRequest) -> HttpResponse:
    """Decide all companies now."""

    def start(form: Form) -> Run:
        return assessments.request_assessment(on=form.cleaned_data["on"], by=request.user)

    return _started(request, AssessForm(request.POST), start)


@staff_required(*permissions.BILLS)
@require_POST
def start_billing(request: SignedInRequest) -> HttpResponse:
    """Bill a month now."""

    def start(form: Form) -> Run:
        month: dt.date = form.cleaned_data["month"]
        return statements.request_billing(month=month, by=request.user)

    return _started(request, BillForm(request.POST), start)


def _started(request: SignedInRequest, form: Form, start: Callable[[Form], Run]) -> HttpResponse:
    if not form.is_valid():
        for field in form:
            for told in field.errors:
                messages.error(request, f"{field.label}: {told}")
        return redirect("subsidies:runs")
    try:
        return redirect("subsidies:run", start(form).public_id)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:runs")
