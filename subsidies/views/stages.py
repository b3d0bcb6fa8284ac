"""Proposed stages: the officers' list, one proposal with its evidence, what is done with it, and a company's path."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import StaffRole
from community import support
from companies.models import Company
from core.acting import done
from core.htmx import wants_fragment
from core.listing import turned
from core.periods import today
from subsidies import paths, permissions
from subsidies.choices import ProposalState
from subsidies.filters.stages import StageProposalFilter
from subsidies.forms import AnswerForm, AppealForm, NoteForm, ReasonForm
from subsidies.models import StageAppeal, StageProposal
from subsidies.services import stages
from subsidies.tables.stages import PROPOSAL_TONES, StageProposalTable


@staff_required()
@require_GET
def stage_proposals(request: SignedInRequest) -> HttpResponse:
    """The proposals of the filter; without one those that wait for a person."""
    found = StageProposalFilter(request.GET, StageProposal.objects.visible_to(request.user))
    table = StageProposalTable(found.qs.select_related("company"))
    turned(request, table)
    return render(request, "subsidies/stage_proposals.html", {"filter": found, "table": table})


@sign_in_required
@require_GET
def stage_proposal(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One proposal: each criterion as it was seen, what was decided and why, and what may be done."""
    found, user = _proposal(request, public_id), request.user
    about = (found.proposed, found.stage) if not found.is_up else (found.proposed,)
    steps = paths.seen_by(found)
    is_open = found.state == ProposalState.OPEN
    appeal = StageAppeal.objects.filter(proposal=found).select_related("by", "answered_by").first()
    context = {
        "proposal": found,
        "company": found.company,
        "tone": PROPOSAL_TONES[found.state],
        "steps": [step for step in steps if step.code in about],
        "other_steps": [step for step in steps if step.code not in about],
        "support": support.difference(
            *(support.package_for(found.company, stage, today()) for stage in (found.stage, found.proposed))
        ),
        "reports": found.reports.split(";") if found.reports else [],
        "appeal": appeal,
        "may_decide": is_open and permissions.can_decide_stage(user, found.company),
        "may_appeal": permissions.can_appeal(user, found),
        "may_answer": bool(appeal and not appeal.answered_at) and permissions.can_answer_appeal(user, found),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "appeal_form": AppealForm(),
        "answer_form": AnswerForm(),
    }
    return render(request, "subsidies/stage_proposal.html", context)


@sign_in_required
@require_GET
def company_path(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's path through the stages, and what is missing for the next one: a page, and a part of others."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    own = StageProposal.objects.visible_to(request.user).filter(company=company)
    context = {
        "company": company,
        "steps": paths.path_of(company, on=today()),
        "waiting": own.open().first(),
        "last": own.filter(state__in=(ProposalState.CONFIRMED, ProposalState.REFUSED)).first(),
    }
    template = "subsidies/company_path.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


@staff_required(StaffRole.OFFICER)
@require_POST
def stage_confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company is in the proposed stage from today."""
    found = _proposal(request, public_id)
    return done(
        request, _page(found), _("The move is confirmed."),
        lambda data: stages.confirm_move(proposal=found, on=today(), note=data["note"], by=request.user),
        NoteForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.OFFICER)
@require_POST
def stage_refuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company stays in its stage, for a reason."""
    found = _proposal(request, public_id)
    return done(
        request, _page(found), _("The move is refused."),
        lambda data: stages.refuse_move(proposal=found, reason=data["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


@sign_in_required
@require_POST
def stage_appeal(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The company asks another officer to look again."""
    found = _proposal(request, public_id)
    return done(
        request, _page(found), _("Another officer looks at it again."),
        lambda data: stages.appeal(proposal=found, text=data["text"], by=request.user),
        AppealForm(request.POST),
    )  # fmt: skip


@staff_required(StaffRole.OFFICER)
@require_POST
def stage_answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another officer answers the appeal."""
    found = _proposal(request, public_id)
    appeal = get_object_or_404(StageAppeal, proposal=found)

    def act(data: Any) -> StageAppeal:
        is_upheld = data["upheld"] == "yes"
        return stages.answer_appeal(appeal=appeal, upheld=is_upheld, answer=data["answer"], on=today(), by=request.user)

    return done(request, _page(found), _("The appeal is answered."), act, AnswerForm(request.POST))


def _proposal(request: SignedInRequest, public_id: str) -> StageProposal:
    seen = StageProposal.objects.visible_to(request.user).select_related("company", "version", "decided_by")
    found: StageProposal = get_object_or_404(seen.prefetch_related("version__parameters"), public_id=public_id)
    return found


def _page(proposal: StageProposal) -> str:
    return reverse("subsidies:stage_proposal", args=[proposal.public_id])
