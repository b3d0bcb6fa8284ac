"""Issuing a month's statements: what it would do, in what the month differs from the one before, and the act."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole, User
from core import listing, markup
from core.errors import DomainError
from core.periods import month_start, previous_month, today
from subsidies import issuing, permissions
from subsidies.choices import StatementState
from subsidies.forms import IssueForm
from subsidies.gather.statements import waiting_relief
from subsidies.models import Budget, InterestStatement, RentLine, RentStatement
from subsidies.services import statements as services
from subsidies.tables import DifferenceTable


@staff_required(*permissions.SEES_MONEY)
@require_GET
def differences(request: SignedInRequest) -> HttpResponse:
    """The month that is issued next beside the one before; who differs as a file with `?format=`."""
    month = services.earliest_open(before=month_start(today()))
    if month is None:
        return render(request, "subsidies/issuing.html", {"month": None})
    found = issuing.differences(month)
    suffix = request.GET.get("format", "")
    if suffix in listing.FORMATS:
        return listing.frame_as_file(f"issuing-{month:%Y-%m}", suffix, issuing.frame(found), issuing.COLUMNS, today())
    context = {
        "month": month,
        "before": previous_month(month),
        "sums": (issuing.sums_of(previous_month(month)), issuing.sums_of(month)),
        "kinds": [(label, sum(kind in one.kinds for one in found)) for kind, label in issuing.WHAT.items()],
        "table": listing.turned(request, DifferenceTable(found)),
        "issuing": issuing_of(request.user),
    }
    return render(request, "subsidies/issuing.html", context)


def issuing_of(user: User) -> dict[str, Any] | None:
    """What issuing the next month would do, for the person who may; None where there is none that is over."""
    month = services.earliest_open(before=month_start(today()))
    if month is None or not permissions.can_issue(user):
        return None
    waiting = {"month": month, "state": StatementState.OPEN}
    gaps = RentLine.objects.filter(statement=OuterRef("pk")).exclude(missing="")
    rent = RentStatement.objects.filter(**waiting)
    figures = rent.aggregate(count=Count("pk"), payable=Sum("payable"), unknown=Count("pk", filter=Q(Exists(gaps))))
    interest = InterestStatement.objects.filter(**waiting).aggregate(
        count=Count("pk"), below=Count("pk", filter=Q(payable__lt=0)),
        asked_back=-Sum("payable", filter=Q(payable__lt=0)), payable=Sum("payable"),
    )  # fmt: skip
    form = IssueForm(initial={"month": f"{month:%Y-%m}"})
    return {"month": month, "form": form, "interest": interest, "budgets": _taken(month)} | figures


def _taken(month: dt.date) -> list[dict[str, Any]]:
    """Of the budgets of the month's year, what issuing it takes, and whether they hold so much."""
    known = {budget.point: budget for budget in Budget.objects.filter(year=month.year)}
    relief = waiting_relief(month)
    return [
        {"budget": known[point], "relief": amount, "is_held": amount <= known[point].left}
        for point, amount in relief.items()
        if point in known and amount
    ]


@staff_required(StaffRole.TREASURER)
@require_POST
def issue(request: SignedInRequest) -> HttpResponse:
    """Issue a month's statements, after which they never change."""
    form = IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the month to issue."))
        return redirect("subsidies:statements")
    month = form.cleaned_data["month"]
    try:
        count = services.issue_statements(month=month, on=today(), by=request.user)
        told = ngettext("%(count)s statement was issued.", "%(count)s statements were issued.", count)
        messages.success(request, told % {"count": markup.count(count)})
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('subsidies:statements')}?month={month:%Y-%m}")
