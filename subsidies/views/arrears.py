"""Arrears: who owes what since when, how old it is, and the step that a person takes."""

from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole
from companies.models import Membership
from core import listing
from core.errors import DomainError
from core.interchange.columns import Day as DayColumn
from core.interchange.columns import Exact, Month, Text, Whole
from core.periods import Day, today
from subsidies import permissions
from subsidies.arrears import bucket_of, credits_of, days_overdue, overdue, owed_statements, totals
from subsidies.filters import ArrearsFilter
from subsidies.forms import ReminderForm
from subsidies.models import RentStatement
from subsidies.services.reminders import send_reminder
from subsidies.tables import ArrearsTable

COLUMNS = (
    Text(name="company", max_length=32),
    Text(name="number", max_length=64),
    Month(name="month"),
    DayColumn(name="due_on"),
    Whole(name="days_overdue"),
    Text(name="age", max_length=16),
    Exact(name="open", places=2),
    Whole(name="last_level"),
)


@staff_required(*permissions.SEES_MONEY)
@require_GET
def arrears(request: SignedInRequest) -> HttpResponse:
    """What is owed, with sums by age; as a file with `?format=`."""
    on = today()
    owed = owed_statements(RentStatement.objects.visible_to(request.user))
    found = ArrearsFilter(request.GET, owed, on=on)
    suffix = request.GET.get("format", "")
    if suffix in listing.FORMATS:
        return listing.frame_as_file("arrears", suffix, _frame(found.qs, on), COLUMNS, on)
    table = ArrearsTable(found.qs, on=on, order_by="issued_at")
    listing.turned(request, table)
    companies = {row.record.company for row in table.page.object_list}
    left = credits_of(companies)
    context = {
        "filter": found,
        "table": table,
        "totals": totals(found.qs, on),
        "overdue": overdue(found.qs, on).count(),
        "credits": [
            (company, left[company.pk], permissions.can_keep_payments(request.user, company))
            for company in sorted(companies, key=lambda one: one.code)
            if left.get(company.pk)
        ],
    }
    return render(request, "subsidies/arrears.html", context)


def _frame(found: Any, on: Day) -> pl.DataFrame:
    rows = [
        (
            one.company.code, one.number, one.month, one.due_on, max(days_overdue(one, on), 0), bucket_of(one, on).code,
            one.open_amount, one.last_level,
        )
        for one in found.order_by("issued_at", "pk")
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in COLUMNS}, orient="row")


@staff_required(StaffRole.TREASURER)
@require_POST
def remind(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the step that is proposed: the company's people are told, by mail too."""
    visible = RentStatement.objects.visible_to(request.user).select_related("company")
    statement, form = get_object_or_404(visible, public_id=public_id), ReminderForm(request.POST)
    back = reverse("subsidies:statement", args=[statement.public_id])
    if not form.is_valid():
        messages.error(request, _("Choose the step that is proposed."))
        return redirect(back)
    try:
        send_reminder(statement=statement, level=form.cleaned_data["level"], on=today(), by=request.user)
        _tell_how_many(request, statement)
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(back)


def _tell_how_many(request: SignedInRequest, statement: RentStatement) -> None:
    people = Membership.objects.filter(company=statement.company_id, user__is_active=True).count()
    if not people:
        messages.warning(request, _("It is on record. Nobody of the company has an account here: write a letter."))
        return
    told = ngettext("%(count)s person of the company is told.", "%(count)s people of the company are told.", people)
    messages.success(request, told % {"count": people})
