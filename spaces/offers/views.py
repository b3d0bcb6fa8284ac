"""Offers of leases, read by both sides; made, withdrawn and signed by officers, answered by the company's owners."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.fields import lists_of
from core.acting import Act, attempt, done
from core.listing import turned
from core.periods import today
from core.templatetags.ui import period
from spaces import services
from spaces.choices import OfferState
from spaces.lives import lineage
from spaces.models import LeaseOffer
from spaces.offers.forms import DeclineForm, OfferForm, SignOfferForm, WithdrawForm
from spaces.offers.tables import TONES, OfferFilter, OfferTable
from spaces.permissions import KEEPS_SPACES, can_answer_offer, can_keep_spaces
from spaces.rules import rent_of


@sign_in_required
@require_GET
def offers(request: SignedInRequest) -> HttpResponse:
    """The offers that the visitor may see."""
    visible = LeaseOffer.objects.visible_to(request.user).select_related("company", "unit")
    found = OfferFilter(request.GET, visible)
    context = {
        "filter": found,
        "table": turned(request, OfferTable(found.qs)),
        "may_make": can_keep_spaces(request.user),
    }
    return render(request, "spaces/offers.html", context)


@sign_in_required
@require_GET
def offer(request: SignedInRequest, number: str) -> HttpResponse:
    """One offer, and what the visitor may do with it."""
    found = _offer(request, number)
    user, state = request.user, found.state
    reserves = state in {OfferState.OPEN, OfferState.ACCEPTED}
    before = services.renewed_by(found) if reserves else None
    context = {
        "offer": found,
        "tone": TONES.get(state, "quiet"),
        "term": period(found.term),
        "rent": rent_of(area_m2=found.area_m2, price_per_m2_day=found.price_per_m2_day, days=30),
        "before": before,
        "is_over": state == OfferState.OPEN and found.valid_until < today(),
        "may_answer": state == OfferState.OPEN and found.valid_until >= today() and can_answer_offer(user, found),
        "may_withdraw": reserves and can_keep_spaces(user),
        "may_sign": state == OfferState.ACCEPTED and can_keep_spaces(user),
        "sign_form": SignOfferForm(
            prefix="sign", initial={"number": lineage.suggested_numbers(before)[0] if before else found.number}
        ),
        "withdraw_form": WithdrawForm(prefix="withdraw"),
        "decline_form": DeclineForm(prefix="decline"),
    }
    return render(request, "spaces/offer.html", context)


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def offer_new(request: SignedInRequest) -> HttpResponse:
    """Offer a unit to a company; the address may name what it is about."""
    form = OfferForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.make_offer(**form.offered(), on=today(), by=request.user))
        if made is not None:
            messages.success(request, _("The company is told of the offer."))
            return redirect("spaces:offer", made.number)
    return render(request, "spaces/offer_form.html", {"form": form, "suggestions": lists_of(form)})


@sign_in_required
@require_POST
def offer_accept(request: SignedInRequest, number: str) -> HttpResponse:
    """The company wants it."""
    found = _to_answer(request, number)
    return _done(
        request, found, None, _("The offer is accepted. The zone signs the lease."),
        lambda _said: services.accept_offer(offer=found, on=today(), by=request.user),
    )  # fmt: skip


@sign_in_required
@require_POST
def offer_decline(request: SignedInRequest, number: str) -> HttpResponse:
    """The company does not want it."""
    found = _to_answer(request, number)
    return _done(
        request, found, DeclineForm(request.POST, prefix="decline"), _("The offer is declined."),
        lambda said: services.decline_offer(offer=found, on=today(), by=request.user, **said),
    )  # fmt: skip


@staff_required(KEEPS_SPACES)
@require_POST
def offer_withdraw(request: SignedInRequest, number: str) -> HttpResponse:
    """The zone takes it back."""
    found = _offer(request, number)
    return _done(
        request, found, WithdrawForm(request.POST, prefix="withdraw"), _("The offer is withdrawn."),
        lambda said: services.withdraw_offer(offer=found, by=request.user, **said),
    )  # fmt: skip


@staff_required(KEEPS_SPACES)
@require_POST
def offer_sign(request: SignedInRequest, number: str) -> HttpResponse:
    """What was accepted becomes a lease."""
    found = _offer(request, number)
    return _done(
        request, found, SignOfferForm(request.POST, prefix="sign"), _("The lease is signed."),
        lambda said: services.sign_offer(offer=found, by=request.user, **said),
    )  # fmt: skip


def _offer(request: SignedInRequest, number: str) -> LeaseOffer:
    rows = LeaseOffer.objects.visible_to(request.user).select_related("company", "unit__building__campus", "lease")
    return get_object_or_404(rows, number=number)


def _to_answer(request: SignedInRequest, number: str) -> LeaseOffer:
    found = _offer(request, number)
    if not can_answer_offer(request.user, found):
        raise PermissionDenied
    return found


def _done(request: SignedInRequest, found: LeaseOffer, form: Form | None, told: str, act: Act) -> HttpResponse:
    return done(request, reverse("spaces:offer", args=[found.number]), told, act, form)
