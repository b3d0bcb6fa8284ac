"""Grants: what waits for whom, what can be proposed, a grant with its arithmetic and its ledger, a company's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import StaffRole, User
from companies.models import Company
from companies.tables import left_out
from core.listing import turned
from core.periods import today
from subsidies import permissions
from subsidies.choices import GRANTED_POINTS, GrantState, Outcome
from subsidies.explaining import accounts
from subsidies.filters import GrantFilter
from subsidies.forms import PaymentForm, ReasonForm
from subsidies.gather.claims import claims
from subsidies.models import Decision, Grant, Recovery
from subsidies.models.recoveries import UNSETTLED
from subsidies.services.entitled import entitled
from subsidies.tables import GRANT_TONES, GrantTable, ProposableTable, SupplementTable
from subsidies.views.recoveries import settlement_form, shown, to_pay_back


@staff_required(*permissions.SEES_MONEY)
@require_GET
def grants(request: SignedInRequest) -> HttpResponse:
    """All grants of the filter, and what waits for whoever looks."""
    found = GrantFilter(request.GET, Grant.objects.visible_to(request.user))
    table = GrantTable(found.qs.select_related("company"))
    turned(request, table)
    context = {
        "filter": found,
        "table": table,
        "waiting": _waiting(request.user),
        "may_propose": request.user.has_role(StaffRole.OFFICER),
    }
    return render(request, "subsidies/grants.html", context)


def _waiting(user: User) -> list[dict[str, Any]]:
    """What the roles of this person have to do, each with a count and the list that it leads to."""
    grants = Grant.objects.visible_to(user)
    recoveries = Recovery.objects.visible_to(user)
    listed = reverse("subsidies:recoveries")
    to_confirm, to_settle = (recoveries.filter(state=state) for state in UNSETTLED)
    queues = [
        (StaffRole.APPROVER, _("To decide"), "?state=proposed", grants.filter(state=GrantState.PROPOSED)),
        (StaffRole.TREASURER, _("To pay"), "?state=approved", grants.filter(state=GrantState.APPROVED)),
        (StaffRole.APPROVER, _("Recoveries to confirm"), f"{listed}?state=open", to_confirm),
        (StaffRole.TREASURER, _("Recoveries to settle"), f"{listed}?state=confirmed", to_settle),
        (StaffRole.OFFICER, _("Supplements to propose"), reverse("subsidies:proposable"), grants.to_supplement()),
    ]
    found = [(label, link, queue.count()) for role, label, link, queue in queues if user.has_role(role)]
    return [{"label": label, "link": link, "count": count} for label, link, count in found if count]


@staff_required(StaffRole.OFFICER)
@require_GET
def proposable(request: SignedInRequest) -> HttpResponse:
    """The decisions in force that give something which nobody has proposed yet, and the grants that more is due for."""
    table = ProposableTable(_proposable(request).select_related("company"))
    turned(request, table)
    more = SupplementTable(
        Grant.objects.visible_to(request.user).to_supplement().select_related("company"), prefix="s-"
    )
    turned(request, more)
    return render(request, "subsidies/proposable.html", {"table": table, "supplements": more})


@staff_required(StaffRole.OFFICER)
@require_GET
def proposal(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What would be proposed by a decision: its items, its arithmetic."""
    decision = get_object_or_404(_proposable(request).select_related("company", "version"), public_id=public_id)
    found = entitled(decision.company, decision.point, on=today())
    context = {
        "decision": decision,
        "company": decision.company,
        "accounts": (decided := accounts([decision], on=today(), held=claims(decision.company))),
        "account": decided[0],
        "opens_grants": True,
        "parts": [part for part in found.parts if part.amount],
        "is_current": found.outcome == Outcome.ELIGIBLE and found.amount == decision.amount,
        "may_propose": permissions.can_propose(request.user, decision.company),
    }
    return render(request, "subsidies/proposal.html", context)


def _proposable(request: SignedInRequest) -> QuerySet[Decision]:
    waiting = Grant.objects.filter(company=OuterRef("company"), point=OuterRef("point"), state=GrantState.PROPOSED)
    decisions = Decision.objects.visible_to(request.user).in_force()
    return decisions.filter(~Exists(waiting), point__in=GRANTED_POINTS, outcome=Outcome.ELIGIBLE, amount__gt=0)


@sign_in_required
@require_GET
def grant(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One grant: what it rests on, how it came about, what moved, and what may be done with it."""
    found = get_object_or_404(
        Grant.objects.visible_to(request.user).select_related(
            "company", "decision__version", "proposed_by", "supplement_to"
        ),
        public_id=public_id,
    )
    _refuse_staff_without_the_right(request)
    recoveries = found.recoveries.with_companies().order_by("opened_at")
    context = {
        "grant": found,
        "company": found.company,
        "tone": GRANT_TONES[found.state],
        "items": found.items.select_related("expense__supplier", "talent", "project"),
        "entries": found.entries.select_related("by"),
        "accounts": (decided := accounts([found.decision], on=today())),
        "account": decided[0],
        "supplements": found.supplements.order_by("pk"),
        "recoveries": shown(recoveries, request.user),
        "may": _acts(request.user, found),
        **{f"{act}_form": ReasonForm(auto_id=f"{act}_%s") for act in ("refuse", "withdraw", "revoke")},
        "payment_form": PaymentForm(initial={"on": today()}),
        "settlement_form": settlement_form(),
    }
    return render(request, "subsidies/grant.html", context)


def _acts(user: User, grant: Grant) -> dict[str, bool]:
    """What this person may do with the grant in its present state."""
    is_proposed, is_approved = grant.state == GrantState.PROPOSED, grant.state == GrantState.APPROVED
    decides = permissions.can_decide_grant(user, grant)
    revocable = is_approved or (grant.state == GrantState.PAID and not _recovering(grant))
    return {
        "decide": is_proposed and permissions.can_approve(user, grant),
        "withdraw": is_proposed and permissions.can_propose(user, grant.company),
        "pay": is_approved and permissions.can_pay(user, grant) and _is_paid_next(grant),
        "supplement": permissions.can_propose(user, grant.company)
        and Grant.objects.to_supplement().filter(pk=grant.pk).exists(),
        "revoke": revocable and decides,
    }


def _is_paid_next(grant: Grant) -> bool:
    """A supplement is paid after its grant."""
    return grant.supplement_to is None or grant.supplement_to.state == GrantState.PAID


def _recovering(grant: Grant) -> bool:
    return grant.recoveries.filter(state__in=UNSETTLED).exists()


@sign_in_required
@require_GET
def company_grants(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's grants, the newest first."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    _refuse_staff_without_the_right(request)
    found = Grant.objects.visible_to(request.user).with_history_of(company).select_related("company")
    table = GrantTable(found, exclude=left_out(company))
    turned(request, table)
    context = {"company": company, "table": table, "recoveries": to_pay_back(request.user, company)}
    return render(request, "subsidies/company_grants.html", context)


def _refuse_staff_without_the_right(request: SignedInRequest) -> None:
    """Founders see their own; of the staff those who have to do with money."""
    if request.user.is_staff_member and not permissions.can_see_statements(request.user):
        raise PermissionDenied
