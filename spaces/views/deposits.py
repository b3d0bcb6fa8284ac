"""Deposits: the list of all, the form of each act on one, and the part of a lease's page that tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_required
from accounts.models import User
from companies.permissions import role_in
from core.acting import attempt
from core.listing import FORMATS, frame_as_file, turned
from core.periods import today
from spaces import interchange
from spaces.choices import DepositKind
from spaces.deposits import Deposit, deposit_of, is_undone, with_deposits
from spaces.filters.deposits import DepositFilter
from spaces.forms.deposits import AgreeForm, DepositForm, HandOverForm, ReceiveForm, ReturnForm, TakeBackForm
from spaces.models import DepositMovement, Lease
from spaces.permissions import KEEPS_DEPOSITS, KEEPS_SPACES, can_keep_deposits, can_keep_spaces
from spaces.services import deposits as services
from spaces.tables.deposits import DepositTable


@dataclass(frozen=True)
class DepositAct:
    """An act on a deposit: what it is called, its form, and the service that takes what the form says."""

    code: str
    label: Any
    title: Any
    lead: Any
    icon: str
    form: type[DepositForm]
    act: Callable[..., Any]


ACTS = {
    act.code: act
    for act in (
        DepositAct(
            "receive", gettext_lazy("Deposit received"), gettext_lazy("Deposit of lease %(number)s received"),
            gettext_lazy("What the company paid, on the day on which it came."),
            icon="cash", form=ReceiveForm, act=services.receive_deposit,
        ),
        DepositAct(
            "return", gettext_lazy("Return the deposit"), gettext_lazy("Return the deposit of lease %(number)s"),
            gettext_lazy("Whole or in part. What is withheld needs a reason, which the company reads."),
            icon="arrow-back-up", form=ReturnForm, act=services.return_deposit,
        ),
        DepositAct(
            "hand-over", gettext_lazy("Hand the deposit over"),
            gettext_lazy("Hand over the deposit of lease %(number)s"),
            gettext_lazy("The zone holds it for the lease that follows from then on. No money moves."),
            icon="arrow-right", form=HandOverForm, act=services.hand_over_deposit,
        ),
    )
}  # fmt: skip


@staff_required()
@require_GET
def deposits(request: SignedInRequest) -> HttpResponse:
    """Every lease with a deposit; `?format=csv` or `xlsx` gives the movements of all as a file."""
    if request.GET.get("format") in FORMATS:
        frame = interchange.deposit_frame()
        return frame_as_file("deposits", request.GET["format"], frame, interchange.DEPOSITS, today())
    seen = with_deposits(Lease.objects.visible_to(request.user)).select_related("company", "unit")
    found = DepositFilter(request.GET, seen, today=today())
    context = {"filter": found, "table": turned(request, DepositTable(found.qs))}
    return render(request, "spaces/deposits.html", context)


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def deposit_agree(request: SignedInRequest, number: str) -> HttpResponse:
    """Say what is to be paid."""
    lease = get_object_or_404(_leases(request).valid(), number=number)
    form = AgreeForm(request.POST or None, **proposed(lease))
    lead = _("What the company pays as a deposit. The treasurer records what comes in.")
    title = _("Agree on the deposit of lease %(number)s") % {"number": lease.number}
    return _page(
        request, lease, form, title, lead, _("Agree"),
        lambda: services.agree_deposit(lease=lease, by=request.user, **form.cleaned_data),
    )  # fmt: skip


@staff_required(KEEPS_DEPOSITS)
@require_http_methods(["GET", "POST"])
def deposit_act(request: SignedInRequest, act: str, number: str) -> HttpResponse:
    """Receive a deposit, return it, or hand it over."""
    if act not in ACTS:
        raise Http404
    found, lease = ACTS[act], get_object_or_404(_leases(request), number=number)
    form = found.form(request.POST or None, **proposed(lease))
    return _page(
        request, lease, form, str(found.title) % {"number": lease.number}, found.lead, found.label,
        lambda: found.act(lease=lease, on=today(), by=request.user, **form.cleaned_data),
    )  # fmt: skip


@staff_required(KEEPS_DEPOSITS)
@require_http_methods(["GET", "POST"])
def deposit_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """A movement was entered in error."""
    seen = DepositMovement.objects.filter(lease__in=_leases(request)).select_related("lease__company", "reversal")
    movement = get_object_or_404(seen, pk=pk)
    if not may_take_back(request.user, movement):
        raise PermissionDenied
    form, lease = TakeBackForm(request.POST or None), movement.lease
    title = _("Take back: %(movement)s") % {"movement": movement}
    lead = _("For what was entered in error: a line beside it takes it back. Both stay on record.")
    return _page(
        request, lease, form, title, lead, _("Take back"),
        lambda: services.take_back_movement(movement=movement, day=today(), by=request.user, **form.cleaned_data),
        tone="danger",
    )  # fmt: skip


def may_take_back(user: User, movement: Any) -> bool:
    """The treasurer takes back what moved money, once."""
    return can_keep_deposits(user, movement.lease.company) and _can_be_taken_back(movement)


def _can_be_taken_back(movement: Any) -> bool:
    return movement.kind not in {DepositKind.AGREED, DepositKind.REVERSED} and not is_undone(movement)


def shown_to(user: User, lease: Lease) -> dict[str, Any]:
    """The deposit of a lease for its page, and what the person may do with it."""
    found, keeps = deposit_of(lease), can_keep_deposits(user, lease.company)
    is_left_behind = bool(found.held) and Lease.objects.filter(pk=lease.pk).followed().exists()
    return {
        "deposit": found,
        "deposit_lines": [(movement, keeps and _can_be_taken_back(movement)) for movement in found.movements],
        "may_agree": can_keep_spaces(user) and not role_in(user, lease.company) and lease.voided_at is None,
        "deposit_acts": _acts(lease, found, is_left_behind=is_left_behind) if keeps else [],
        "is_left_behind": is_left_behind,
    }


def _acts(lease: Lease, found: Deposit, *, is_left_behind: bool) -> list[DepositAct]:
    """What the treasurer can do with it now."""
    codes = (
        ("hand-over", is_left_behind),
        ("receive", lease.voided_at is None),
        ("return", bool(found.held)),
    )
    return [ACTS[code] for code, is_possible in codes if is_possible]


def _leases(request: SignedInRequest) -> Any:
    return Lease.objects.visible_to(request.user).select_related("company", "unit")


def proposed(lease: Lease) -> dict[str, Any]:
    """What a form proposes."""
    found = deposit_of(lease)
    return {"lease": lease, "held": found.held, "outstanding": found.outstanding, "on": today()}


def _page(
    request: SignedInRequest, lease: Lease, form: Any, title: str, lead: Any, button: Any, act: Callable[[], Any], *,
    tone: str = "primary",
) -> HttpResponse:  # fmt: skip
    """The form of an act; done, the lease's page follows."""
    url = reverse("spaces:lease_detail", args=[lease.number])
    if request.method == "POST" and form.is_valid() and attempt(form, act) is not None:
        messages.success(request, _("Saved."))
        return redirect(f"{url}#deposit")
    crumbs = [(_("Leases"), reverse("spaces:leases")), (lease.number, url)]
    context = {
        "form": form, "title": title, "lead": lead, "crumbs": crumbs, "button": button, "tone": tone, "cancel_url": url,
    }  # fmt: skip
    return render(request, "records/form.html", context)
