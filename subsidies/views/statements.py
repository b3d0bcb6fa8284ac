"""Rent statements: the list of the staff, a company's own, one with its arithmetic, and the act of issuing a month."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import StaffRole
from companies.languages import language_asked
from companies.models import Company
from core import markup
from core.errors import DomainError
from core.periods import month_start, today
from subsidies import permissions
from subsidies.arithmetic import shown_line, stretches
from subsidies.arrears import next_level, owed_statements
from subsidies.balance import last_day_of_month, shown_balance
from subsidies.choices import StatementState
from subsidies.filters import StatementFilter
from subsidies.forms import IssueForm
from subsidies.gather.statements import waiting_relief
from subsidies.models import Budget, InterestStatement, RentLine, RentPayment, RentStatement
from subsidies.papers import rent_statement
from subsidies.services import statements as services
from subsidies.statement_numbers import written
from subsidies.tables import STATEMENT_TONES, CompanyPaymentTable, StatementTable
from subsidies.views.interest import company_table
from subsidies.views.recoveries import to_pay_back

PER_PAGE = 25


@staff_required(*permissions.SEES_MONEY)
@require_GET
def statements(request: SignedInRequest) -> HttpResponse:
    """All statements of the filter with their totals, and the act of issuing the earliest open month."""
    found = StatementFilter(request.GET, RentStatement.objects.visible_to(request.user))
    table = StatementTable(found.qs.with_paid().select_related("company"), order_by="-month", totals=_totals(found.qs))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "issuing": _issuing(request),
        "may_bill": permissions.can_bill(request.user),
    }
    return render(request, "subsidies/statements.html", context)


def _totals(found: QuerySet[RentStatement]) -> dict[str, Any]:
    return found.order_by().aggregate(
        count=Count("pk"), rent=Sum("rent"), waived=Sum("waived"), adjustment=Sum("adjustment"), payable=Sum("payable")
    )


def _issuing(request: SignedInRequest) -> dict[str, Any] | None:
    """What issuing the next month would do, for the person who may; None where there is none that is over."""
    month = services.earliest_open(before=month_start(today()))
    if month is None or not permissions.can_issue(request.user):
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


@sign_in_required
@require_GET
def company_statements(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's statements, the newest first."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    permissions.refuse_staff_without_money(request.user)
    found = RentStatement.objects.visible_to(request.user).filter(company=company).select_related("company")
    totals = _totals(found)
    table = StatementTable(found.with_paid(), exclude=("company",), order_by="-month", totals=totals)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    interest = company_table(request, company)
    context = {
        "company": company,
        "table": table,
        "totals": totals,
        "interest": interest,
        "recoveries": [one for one in to_pay_back(request.user, company) if one.statement_id],
        "balance": shown_balance(company, on=today()),
        "payments": _payments(request, company),
        "owed": sum((one.open_amount for one in found.owed()), Decimal(0)),
    }
    return render(request, "subsidies/company_statements.html", context)


def _payments(request: SignedInRequest, company: Company) -> CompanyPaymentTable:
    """What the company paid, the newest first."""
    own = RentPayment.objects.visible_to(request.user).filter(company=company).with_used()
    table = CompanyPaymentTable(own, order_by="-paid_on", prefix="payments-")
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return table


@sign_in_required
@require_GET
def statement(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One statement with the arithmetic of each line."""
    visible = RentStatement.objects.visible_to(request.user).with_paid().select_related("company")
    found = get_object_or_404(visible, public_id=public_id)
    permissions.refuse_staff_without_money(request.user)
    context = {
        "statement": found,
        "company": found.company,
        "lines": [shown_line(line) for line in found.lines.select_related("lease__unit")],
        "adjustments": [(one, stretches(one.segments)) for one in found.adjustments.select_related("lease")],
        "balance": shown_balance(found.company, on=last_day_of_month(found.month)),
        "standing": found.standing,
        "tone": STATEMENT_TONES[found.standing],
        **_paid(request, found),
    }
    return render(request, "subsidies/statement.html", context)


def _paid(request: SignedInRequest, found: RentStatement) -> dict[str, Any]:
    """What pays an issued statement, how the company was asked for it, and the step that is proposed."""
    if found.state == StatementState.OPEN:
        return {}
    owed = owed_statements(RentStatement.objects.filter(pk=found.pk)).first()
    return {
        "statement_number": written(found.number),
        "paid_by": found.allotments.standing().select_related("payment", "credit"),
        "reminders": found.reminders.select_related("by"),
        "next_level": next_level(owed, today()) if owed else None,
        "may_remind": permissions.can_keep_payments(request.user, found.company),
    }


@sign_in_required
@require_GET
def statement_pdf(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The same to keep and to send, in the company's language; `?language=` asks for another."""
    visible = RentStatement.objects.visible_to(request.user).select_related("company")
    found = get_object_or_404(visible, public_id=public_id)
    permissions.refuse_staff_without_money(request.user)
    balance = shown_balance(found.company, on=last_day_of_month(found.month))
    language = language_asked(request, found.company)
    with translation.override(language):
        content = rent_statement.pdf(found, balance, at=timezone.now())
    name = slugify(f"{found.company.code} rent {found.month:%Y-%m}")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Content-Language": language,
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
