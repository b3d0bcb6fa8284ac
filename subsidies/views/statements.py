"""Rent statements: the list of the staff, a company's own, one with its arithmetic, as a page and as a PDF."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.languages import language_asked
from companies.models import Company
from companies.tables import left_out
from core.downloads import private_file
from core.listing import turned
from core.periods import today
from subsidies import permissions
from subsidies.arithmetic import shown_line, stretches
from subsidies.arrears import next_level, owed_statements
from subsidies.balance import last_day_of_month, shown_balance
from subsidies.choices import StatementState
from subsidies.filters import StatementFilter
from subsidies.models import RentPayment, RentStatement
from subsidies.papers import rent_statement
from subsidies.statement_numbers import written
from subsidies.tables import STATEMENT_TONES, CompanyPaymentTable, StatementTable
from subsidies.views.interest import company_table
from subsidies.views.issuing import issuing_of
from subsidies.views.recoveries import to_pay_back


@staff_required(*permissions.SEES_MONEY)
@require_GET
def statements(request: SignedInRequest) -> HttpResponse:
    """All statements of the filter with their totals, and the act of issuing the earliest open month."""
    found = StatementFilter(request.GET, RentStatement.objects.visible_to(request.user))
    table = StatementTable(found.qs.with_paid().select_related("company"), order_by="-month", totals=_totals(found.qs))
    turned(request, table)
    context = {
        "filter": found,
        "table": table,
        "issuing": issuing_of(request.user),
        "may_bill": permissions.can_bill(request.user),
    }
    return render(request, "subsidies/statements.html", context)


def _totals(found: QuerySet[RentStatement]) -> dict[str, Any]:
    return found.order_by().aggregate(
        count=Count("pk"), rent=Sum("rent"), waived=Sum("waived"), adjustment=Sum("adjustment"), payable=Sum("payable")
    )


@sign_in_required
@require_GET
def company_statements(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's statements, the newest first."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    permissions.refuse_staff_without_money(request.user)
    found = RentStatement.objects.visible_to(request.user).with_history_of(company).select_related("company")
    totals = _totals(found)
    table = StatementTable(found.with_paid(), exclude=left_out(company), order_by="-month", totals=totals)
    turned(request, table)
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
    own = RentPayment.objects.visible_to(request.user).with_history_of(company).with_used()
    table = CompanyPaymentTable(own, order_by="-paid_on", prefix="payments-")
    turned(request, table)
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
        "may_keep": permissions.can_keep_payments(request.user, found.company),
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
    return private_file(content, name, "pdf", language=language)
