"""What is done to a grant from its page. Each act is one service call; a refusal is told on the page."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole
from companies.models import Company
from core.acting import Act, done
from core.errors import DomainError
from core.periods import today
from subsidies.choices import POINTS_OF_COSTS_OF_THE_YEAR
from subsidies.forms import PaymentForm, ReasonForm
from subsidies.models import Decision, Grant
from subsidies.services import grants


@staff_required(StaffRole.OFFICER)
@require_POST
def propose(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Propose what a decision gives."""
    decisions = Decision.objects.visible_to(request.user).select_related("company")
    decision = get_object_or_404(decisions, public_id=public_id)
    try:
        made = grants.propose_grants(decision=decision, on=today(), by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:proposable")
    return _proposed(request, made)


@staff_required(StaffRole.OFFICER)
@require_POST
def propose_late(request: SignedInRequest, code: str, point: str) -> HttpResponse:
    """Propose what a company's costs of last year give."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    if point not in POINTS_OF_COSTS_OF_THE_YEAR:
        raise Http404
    try:
        made = grants.propose_late(company=company, point=point, on=today(), by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:late_proposal", company.code, point)
    return _proposed(request, made)


def _proposed(request: SignedInRequest, made: list[Grant]) -> HttpResponse:
    told = ngettext("%(count)d grant was proposed.", "%(count)d grants were proposed.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("subsidies:grant", made[0].public_id)


@staff_required(StaffRole.APPROVER)
@require_POST
def approve(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Give what was proposed."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The grant is approved."),
        lambda _data: grants.approve_grant(grant=grant, on=today(), by=request.user),
    )  # fmt: skip


@staff_required(StaffRole.APPROVER)
@require_POST
def refuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Do not give what was proposed."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The grant is refused."),
        lambda data: grants.refuse_grant(grant=grant, reason=data["reason"], by=request.user), ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.OFFICER)
@require_POST
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a proposal back."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The proposal is withdrawn."),
        lambda data: grants.withdraw_grant(grant=grant, reason=data["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.APPROVER)
@require_POST
def revoke(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back what was given."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The grant is taken back."),
        lambda data: grants.revoke_grant(grant=grant, reason=data["reason"], by=request.user), ReasonForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.OFFICER)
@require_POST
def supplement(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Propose what more is due for it."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The supplement is proposed."),
        lambda _data: grants.propose_supplement(grant=grant, on=today(), by=request.user),
    )  # fmt: skip


@staff_required(StaffRole.TREASURER)
@require_POST
def pay(request: SignedInRequest, public_id: str) -> HttpResponse:
    """It was paid."""
    grant = _grant(request, public_id)
    return _done(
        request, grant, _("The payment is recorded."),
        lambda data: grants.pay_grant(grant=grant, on=data["on"], reference=data["reference"], by=request.user),
        PaymentForm(request.POST),
    )  # fmt: skip


def _grant(request: SignedInRequest, public_id: str) -> Grant:
    found: Grant = get_object_or_404(
        Grant.objects.visible_to(request.user).select_related("company"), public_id=public_id
    )
    return found


def _done(request: SignedInRequest, grant: Grant, told: str, act: Act, form: Form | None = None) -> HttpResponse:
    """Do it and go back to the grant's page."""
    return done(request, reverse("subsidies:grant", args=[grant.public_id]), told, act, form)
