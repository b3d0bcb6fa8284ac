"""Recoveries of grants and of interest: the list of the staff, one as a page shows it, and what is done to it there."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole, User
from companies.models import Company
from core.acting import Act, done
from core.listing import turned
from core.markup import Tone, listed
from core.periods import today
from subsidies import permissions
from subsidies.choices import RecoveryState
from subsidies.filters import RecoveryFilter
from subsidies.forms import SettlementForm
from subsidies.models import InterestStatement, Recovery
from subsidies.services import recoveries as services
from subsidies.tables import RECOVERY_TONES, RecoveryTable
from subsidies.tables.recoveries import page_of


@staff_required(*permissions.SEES_MONEY)
@require_GET
def recoveries(request: SignedInRequest) -> HttpResponse:
    """All recoveries of the filter; each leads to the page of what it is about, where it is confirmed and settled."""
    found = RecoveryFilter(request.GET, Recovery.objects.visible_to(request.user))
    table = RecoveryTable(found.qs.with_companies())
    turned(request, table)
    return render(request, "subsidies/recoveries.html", {"filter": found, "table": table})


Shown = tuple[Recovery, Tone, list[dict[str, Any]], dict[str, bool]]


def shown(found: Iterable[Recovery], user: User) -> list[Shown]:
    """Recoveries as a page shows them: with their arithmetic, and what this person may do."""
    return [(one, RECOVERY_TONES[one.state], _rows(one), _acts_on(user, one)) for one in found]


def to_pay_back(user: User, company: Company) -> list[Recovery]:
    """What a company has to pay back, of grants and of interest, its own and of those that were merged into it."""
    own = Recovery.objects.visible_to(user).of_companies(services.with_merged([company.pk]))
    confirmed = own.filter(state=RecoveryState.CONFIRMED)
    return list(confirmed.with_companies())


def _rows(recovery: Recovery) -> list[dict[str, Any]]:
    """What its amount comes from, in yuan: of a grant its items, before and now; of interest what the statement adds
    up."""
    if recovery.statement is not None:
        return _rows_of_interest(recovery.statement)
    return [
        {"code": row["code"], "was": Decimal(row["was"]), "now": Decimal(row["now"])}
        for row in recovery.arithmetic.get("items", ())
    ]


def _rows_of_interest(statement: InterestStatement) -> list[dict[str, Any]]:
    own = _("Interest support %(month)s") % {"month": f"{statement.month:%Y-%m}"}
    corrections = (
        {
            "code": _("%(month)s, loan %(loan)s: %(reasons)s")
            % {"month": f"{one.month:%Y-%m}", "loan": one.loan.number, "reasons": listed(one.reasons)},
            "sum": one.supported,
        }
        for one in statement.adjustments.select_related("loan")
    )
    return [{"code": own, "sum": statement.supported}, *corrections, {"code": _("Sum"), "sum": statement.payable}]


def _acts_on(user: User, recovery: Recovery) -> dict[str, bool]:
    is_open = recovery.state == RecoveryState.OPEN
    is_asked_by_hand = recovery.statement_id is None and recovery.opened_by_id is not None
    return {
        "confirm": is_open and permissions.can_confirm(user, recovery),
        "drop": is_open and is_asked_by_hand and permissions.can_decide_recovery(user, recovery),
        "settle": recovery.state == RecoveryState.CONFIRMED and permissions.can_settle(user, recovery),
    }


def settlement_form() -> SettlementForm:
    """Settled today, unless told otherwise."""
    return SettlementForm(initial={"on": today()})


@staff_required(StaffRole.APPROVER)
@require_POST
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company has to pay it back."""
    recovery = _recovery(request, public_id)
    return _done(
        request, recovery, _("The recovery is confirmed."),
        lambda _data: services.confirm_recovery(recovery=recovery, by=request.user),
    )  # fmt: skip


@staff_required(StaffRole.APPROVER)
@require_POST
def drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company does not have to pay it back."""
    recovery = _recovery(request, public_id)
    return _done(
        request, recovery, _("The recovery is dropped."),
        lambda _data: services.drop_recovery(recovery=recovery, by=request.user),
    )  # fmt: skip


@staff_required(StaffRole.TREASURER)
@require_POST
def settle(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company has paid it back."""
    recovery = _recovery(request, public_id)
    return _done(
        request, recovery, _("The recovery is settled."),
        lambda data: services.settle_recovery(recovery=recovery, on=data["on"], by=request.user),
        SettlementForm(request.POST),
    )  # fmt: skip


def _recovery(request: SignedInRequest, public_id: str) -> Recovery:
    found: Recovery = get_object_or_404(Recovery.objects.visible_to(request.user).with_companies(), public_id=public_id)
    return found


def _done(
    request: SignedInRequest, recovery: Recovery, told: str, act: Act, form: SettlementForm | None = None
) -> HttpResponse:
    """Do it and go back to the page of what the recovery is about."""
    return done(request, page_of(recovery), told, act, form)
