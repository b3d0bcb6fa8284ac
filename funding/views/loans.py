"""Pages of bank loans, and of what was paid back of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, sign_in_required
from accounts.models import User
from companies.records.forms import VoidForm
from companies.records.parts import Act, Facts, Words
from companies.records.views import RecordPages
from core.markup import money, percent
from core.templatetags import ui
from funding import permissions
from funding.filters import LoanFilter
from funding.forms import LoanForm, RepaymentForm
from funding.models import Loan, Repayment
from funding.services import loans, repayments
from funding.tables import LoanTable


class LoanPages(RecordPages):
    name = "loan"
    plural = "loans"
    namespace = "funding"
    model = Loan
    key = "number"
    columns = {"loan": "number"}
    words = Words(
        one=gettext_lazy("Loan"),
        many=gettext_lazy("Loans"),
        enter=gettext_lazy("Enter a loan"),
        change=gettext_lazy("Correct loan"),
        void=gettext_lazy("Declare this loan void?"),
        none=gettext_lazy("No loan is on record."),
        why=gettext_lazy("Interest support rests on bank loans and what was paid back of them."),
    )
    form = LoanForm
    table = LoanTable
    filters = LoanFilter
    more_template = "funding/_repayments.html"
    parts = ((Repayment, "loan"),)

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Loan:
        return loans.enter_loan(company=company, **values, by=by)

    def change(self, record: Loan, values: dict[str, Any], by: User) -> Loan:
        return loans.change_loan(loan=record, **values, by=by)

    def void(self, record: Loan, reason: str, by: User) -> Loan:
        return loans.void_loan(loan=record, reason=reason, by=by)

    def may_change(self, user: User, record: Loan) -> bool:
        return permissions.can_change_loan(user, record)

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company").with_balance()

    def facts(self, loan: Loan) -> Facts:
        return (
            (_("Bank"), loan.bank),
            (_("Principal"), money(loan.principal)),
            (_("Not paid back"), money(loan.balance)),  # type: ignore[attr-defined]
            (_("Rate a year"), percent(loan.annual_rate_percent / 100)),
            (_("Drawn on"), ui.day(loan.drawn_on)),
            (_("Due on"), ui.day(loan.due_on)),
        )

    def acts(self, user: User, loan: Loan) -> list[Act]:
        if not permissions.can_change_loan(user, loan):
            return []
        return [Act(_("Record a repayment"), reverse("funding:repayment_new", args=[loan.number]), icon="plus")]

    def more(self, user: User, loan: Loan) -> dict[str, Any]:
        may_change = loan.voided_at is None and permissions.can_change_loan(user, loan)
        return {"repayments": loan.repayments.valid().order_by("paid_on"), "may_change_repayments": may_change}


PAGES = LoanPages()


@sign_in_required
@require_http_methods(["GET", "POST"])
def repayment_new(request: SignedInRequest, number: str) -> HttpResponse:
    """What was paid back on a day; the page says how much is left to pay back."""
    loan = _to_repay(request, PAGES.fetch(request.user, number))
    form = RepaymentForm(request.POST or None, user=request.user, company=loan.company)
    return PAGES.form_page(
        request,
        form,
        lambda: repayments.record_repayment(loan=loan, **form.values(), by=request.user).loan,
        title=_("Record a repayment"),
        crumbs=PAGES.crumbs(request.user, loan),
        lead=_("%(left)s of this loan are left to pay back.") % {"left": money(loan.balance)},
    )


@sign_in_required
@require_http_methods(["GET", "POST"])
def repayment_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct the day or the amount of a repayment."""
    found = _repayment(request, pk)
    form = RepaymentForm(request.POST or None, user=request.user, record=found)
    return PAGES.form_page(
        request,
        form,
        lambda: repayments.change_repayment(repayment=found, **form.values(), by=request.user).loan,
        title=_("Correct the repayment of %(day)s") % {"day": found.paid_on},
        crumbs=PAGES.crumbs(request.user, found.loan),
    )


@sign_in_required
@require_http_methods(["GET", "POST"])
def repayment_void(request: SignedInRequest, pk: int) -> HttpResponse:
    """The repayment was entered in error."""
    found, form = _repayment(request, pk), VoidForm(request.POST or None)
    return PAGES.form_page(
        request,
        form,
        lambda: repayments.void_repayment(repayment=found, reason=form.cleaned_data["reason"], by=request.user).loan,
        title=_("Declare the repayment of %(day)s void?") % {"day": found.paid_on},
        crumbs=PAGES.crumbs(request.user, found.loan),
        lead=_("For what was entered in error: it counts as if it had never been. It cannot be undone."),
        button=_("Declare void"),
        tone="danger",
        done=_("It was declared void."),
    )


def _repayment(request: SignedInRequest, pk: int) -> Repayment:
    seen = Repayment.objects.visible_to(request.user).valid().filter(loan__voided_at=None)
    found = get_object_or_404(seen.select_related("loan__company"), pk=pk)
    _to_repay(request, found.loan)
    return found


def _to_repay(request: SignedInRequest, loan: Any) -> Any:
    if not permissions.can_change_loan(request.user, loan):
        raise PermissionDenied
    return loan
