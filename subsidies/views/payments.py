"""Payments of rent: the list of the staff, one with what it pays and what it may pay, and what the treasurer does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole
from companies.models import Company
from core import listing
from core.acting import attempt, done
from core.errors import Incomplete
from core.markup import money
from core.periods import today
from subsidies import permissions
from subsidies.filters import RentPaymentFilter
from subsidies.forms import AllotmentForm, ReasonForm, RentPaymentForm
from subsidies.models import RentAllotment, RentPayment, RentStatement
from subsidies.services import payments as services
from subsidies.statement_numbers import named_in
from subsidies.tables import PAYMENT_TONES, RentPaymentTable


@staff_required(*permissions.SEES_MONEY)
@require_GET
def payments(request: SignedInRequest) -> HttpResponse:
    """All payments of the filter, with what is proposed for those that nobody matched; as a file with `?format=`."""
    found = RentPaymentFilter(request.GET, RentPayment.objects.visible_to(request.user))
    if suffix := listing.asked_format(request, "payments"):
        return listing.as_file("payments", suffix, found.qs, {"transaction": "transaction"}, today())
    rows = found.qs.with_used().select_related("company")
    table = RentPaymentTable(rows, proposed={}, order_by="-paid_on")
    listing.turned(request, table)
    table.proposed = services.proposals([row.record for row in table.page.object_list])
    context = {"filter": found, "table": table, "may_record": permissions.can_record_payments(request.user)}
    return render(request, "subsidies/payments.html", context)


@staff_required(StaffRole.TREASURER)
@require_http_methods(["GET", "POST"])
def payment_new(request: SignedInRequest) -> HttpResponse:
    """Record what came in."""
    form = RentPaymentForm(request.POST or None, initial={"paid_on": today()})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.record_payment(**form.cleaned_data, by=request.user))
        if made is not None:
            messages.success(request, _("The payment is recorded."))
            return redirect("subsidies:payment", made.public_id)
    context = {
        "form": form,
        "title": _("Record a payment of rent"),
        "button": _("Record"),
        "cancel_url": reverse("subsidies:payments"),
        "crumbs": [(_("Payments of rent"), reverse("subsidies:payments")), (_("Record a payment of rent"), "")],
    }
    return render(request, "records/form.html", context)


@staff_required(*permissions.SEES_MONEY)
@require_GET
def payment(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One payment, what it pays, and what is proposed for it."""
    found = _payment(request, public_id)
    may_keep = found.reversed_at is None and _may_keep(request, found)
    context = {
        "payment": found,
        "company": found.company,
        "tone": PAYMENT_TONES[found.state],
        "allotments": found.allotments.select_related("statement__company", "by"),
        "proposal": services.proposals([found]).get(found.pk),
        "may_keep": may_keep,
        "form": AllotmentForm(),
        "reason_form": ReasonForm(auto_id="reverse_%s"),
        "release_form": ReasonForm(auto_id="release_%s"),
        "owes": _owes(found) if may_keep else False,
    }
    return render(request, "subsidies/payment.html", context)


def _may_keep(request: SignedInRequest, payment: RentPayment) -> bool:
    if payment.company is None:
        return permissions.can_record_payments(request.user)
    return permissions.can_keep_payments(request.user, payment.company)


def _owes(payment: RentPayment) -> bool:
    """Whether its company owes something that the rest of it can be set off against."""
    own = RentStatement.objects.filter(company=payment.company_id)
    return payment.company_id is not None and payment.left > 0 and own.owed().exists()


@staff_required(StaffRole.TREASURER)
@require_POST
def payment_allot(request: SignedInRequest, public_id: str) -> HttpResponse:
    """It pays the statement of this number."""
    found, form = _payment(request, public_id), AllotmentForm(request.POST)

    def act(typed: Any) -> None:
        statement = _named(request, typed["number"])
        services.allot_payment(payment=found, statement=statement, amount=typed["amount"], by=request.user)

    return _done(request, found, _("The payment is matched."), act, form)


@staff_required(StaffRole.TREASURER)
@require_POST
def payment_release(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """What it pays was matched wrongly."""
    found = _payment(request, public_id)
    allotment = get_object_or_404(RentAllotment, payment=found, pk=pk)
    return _done(
        request, found, _("It is taken back."),
        lambda typed: services.release_allotment(allotment=allotment, reason=typed["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.TREASURER)
@require_POST
def statement_release(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """What pays a statement, a payment or another statement below 0, was matched or set off wrongly."""
    seen = RentStatement.objects.visible_to(request.user)
    allotment = get_object_or_404(RentAllotment, statement=get_object_or_404(seen, public_id=public_id), pk=pk)
    return done(
        request, reverse("subsidies:statement", args=[public_id]), _("It is taken back."),
        lambda typed: services.release_allotment(allotment=allotment, reason=typed["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.TREASURER)
@require_POST
def payment_reverse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The bank took it back, or it was no rent."""
    found = _payment(request, public_id)
    return _done(
        request, found, _("The payment is reversed: what it had paid is owed again."),
        lambda typed: services.reverse_payment(payment=found, reason=typed["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.TREASURER)
@require_POST
def set_off(request: SignedInRequest, code: str) -> HttpResponse:
    """What a company has left pays what it owes."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)

    def act(_typed: Any) -> None:
        made = services.set_off(company=company, by=request.user)
        messages.info(request, _("%(amount)s were set off.") % {"amount": money(made.amount)})

    back = f"{reverse('subsidies:arrears')}?company={company.code}"
    return done(request, back, _("What the company has left pays what it owes."), act)


def _payment(request: SignedInRequest, public_id: str) -> RentPayment:
    visible = RentPayment.objects.visible_to(request.user).with_used().select_related("company", "recorded_by")
    found: RentPayment = get_object_or_404(visible, public_id=public_id)
    return found


def _named(request: SignedInRequest, number: str) -> RentStatement:
    """The statement of a number as somebody typed it."""
    named = named_in(number)
    visible = RentStatement.objects.visible_to(request.user).select_related("company")
    found = next((one for want in named for one in visible.filter(pk=want.pk, month=want.month)), None)
    if found is None:
        message = _("No statement has the number %(number)s: look at it again.") % {"number": number}
        raise Incomplete(message, fields={"number": [message]})
    return found


def _done(
    request: SignedInRequest, payment: RentPayment, told: str, act: Callable[[Any], object], form: Any
) -> HttpResponse:
    return done(request, reverse("subsidies:payment", args=[payment.public_id]), told, act, form)
