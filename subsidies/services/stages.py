"""Propose moves from one stage to another by the evidence on record, and what people make of them.

The portal proposes, an officer confirms or refuses, the company may appeal, another officer answers. A stage changes
through the register alone, which keeps its day and reason.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from companies.permissions import can_enter_records
from companies.services.register import change_company
from core import outbox
from core.errors import Conflict, Incomplete, NotAllowed
from subsidies import permissions, policy
from subsidies.bulk.stages import Proposed, record_proposals
from subsidies.choices import ProposalState
from subsidies.gather.selection import Selection, chosen
from subsidies.gather.stages import evidence
from subsidies.models import PolicyVersion, StageAppeal, StageProposal
from subsidies.rules.stages.proposing import proposals


@transaction.atomic
def propose(selection: Selection, *, on: dt.date) -> Proposed:
    """Work out what moves the evidence speaks for as of the day `on`, with the version in force on it. Writes what
    changed. Conflict where no policy was ever published; the errors of the rules pass, and nothing is written then."""
    timeline = policy.published_timeline()
    selection.lock()
    parameters = timeline.deciding(on)
    found = proposals(evidence(selection), parameters, on)
    version = PolicyVersion.objects.published().get(effective_from=parameters.effective_from)
    recorded = record_proposals(selection, found, version=version, on=on)
    _tell_of(recorded, on)
    return recorded


def _tell_of(recorded: Proposed, on: dt.date) -> None:
    """An event a company; of a run's many one for all of them."""
    if len(recorded.companies) > outbox.AT_ONCE:
        within = {"first": min(recorded.companies), "until": max(recorded.companies) + 1}
        outbox.record("stage.proposed", "", {"on": on.isoformat(), **within})
        return
    for code in Company.objects.filter(pk__in=recorded.companies).values_list("code", flat=True):
        outbox.record("stage.proposed", code, {"on": on.isoformat()})


@transaction.atomic
def confirm_move(*, proposal: StageProposal, on: dt.date, note: str = "", by: User) -> StageProposal:
    """The company is in the proposed stage from the day `on`. Conflict where the evidence, looked at again, no longer
    speaks for it."""
    held = _held(proposal, by)
    propose(chosen([held.company_id]), on=on)
    held.refresh_from_db(fields=["state"])
    if held.state != ProposalState.OPEN:
        message = _("The evidence has changed since: look at what is proposed now.")
        raise Conflict(message, code="evidence_changed")
    why = note.strip() or _("Confirmed as proposed on %(day)s by the evidence on record.") % {"day": held.proposed_for}
    _move(held.company, held.proposed, on=on, reason=why, by=by)
    return _decided(held, ProposalState.CONFIRMED, why, by)


@transaction.atomic
def refuse_move(*, proposal: StageProposal, reason: str, by: User) -> StageProposal:
    """The company stays where it is, for a reason. The move is not proposed again while the evidence is the same."""
    held = _held(proposal, by)
    return _decided(held, ProposalState.REFUSED, _given(reason, "reason", _("Say why the move is refused.")), by)


@transaction.atomic
def appeal(*, proposal: StageProposal, text: str, by: User) -> StageAppeal:
    """The company asks for another look, once: at a move up that was refused, or at one down that was confirmed."""
    held = _locked(proposal)
    if not can_enter_records(by, held.company) or by.is_staff_member:
        raise NotAllowed(_("Owners and editors of the company appeal."))
    if not permissions.is_open_to_appeal(held):
        message = _("A move up that was refused and a move down that was confirmed are open to an appeal, once.")
        raise Conflict(message, code="not_open_to_appeal")
    text = _given(text, "text", _("Say why you disagree."))
    made = StageAppeal.objects.create(proposal=held, text=text, by=by)
    _tell(held, "appealed")
    return made


@transaction.atomic
def answer_appeal(*, appeal: StageAppeal, upheld: bool, answer: str, on: dt.date, by: User) -> StageAppeal:
    """Another officer than the one who decided looks again. Upheld, the decision is turned around from the day `on`:
    the refused move is made, or the one down is taken back."""
    held = _locked(appeal.proposal)
    if not permissions.can_decide_stage(by, held.company):
        raise NotAllowed(_("Officers answer appeals, and nobody for his own company."))
    if held.decided_by_id == by.pk:
        raise NotAllowed(_("You decided on this move: another officer answers the appeal."), code="four_eyes")
    found = StageAppeal.objects.select_for_update().get(pk=appeal.pk)
    if found.answered_at is not None:
        raise Conflict(_("This appeal is answered already."), code="answered_already")
    found.answer = _given(answer, "answer", _("Say why."))
    found.upheld, found.answered_by, found.answered_at = upheld, by, timezone.now()
    found.save(update_fields=["answer", "upheld", "answered_by", "answered_at"])
    if upheld:
        _turn_around(held, on=on, reason=found.answer, by=by)
    _tell(held, "answered")
    return found


def _turn_around(held: StageProposal, *, on: dt.date, reason: str, by: User) -> None:
    was_confirmed = held.state == ProposalState.CONFIRMED
    expected, wanted = (held.proposed, held.stage) if was_confirmed else (held.stage, held.proposed)
    if held.company.stage != expected:
        message = _("The company is in another stage meanwhile: change it in the register, if it is wrong.")
        raise Conflict(message, code="moved_meanwhile")
    _move(held.company, wanted, on=on, reason=reason, by=by)
    held.state = ProposalState.REFUSED if was_confirmed else ProposalState.CONFIRMED
    held.save(update_fields=["state"])
    # What waits now was worked out for the stage that the company was in.
    propose(chosen([held.company_id]), on=on)


def _move(company: Company, stage: str, *, on: dt.date, reason: str, by: User) -> None:
    change_company(company=company, values={"stage": stage}, by=by, on=on, reason=reason)


def _decided(held: StageProposal, state: ProposalState, reason: str, by: User) -> StageProposal:
    held.state, held.reason, held.decided_by, held.decided_at = state, reason, by, timezone.now()
    held.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _tell(held, state.value)
    return held


def _held(proposal: StageProposal, by: User) -> StageProposal:
    """The proposal as it is now, locked; Conflict where it is decided or superseded."""
    held = _locked(proposal)
    if not permissions.can_decide_stage(by, held.company):
        raise NotAllowed(_("Officers decide on stages, and nobody for his own company."))
    if held.state != ProposalState.OPEN:
        message = _("This proposal is in the state “%(state)s” already.") % {"state": held.get_state_display()}
        raise Conflict(message, code="state")
    return held


def _locked(proposal: StageProposal) -> StageProposal:
    """The company's lock first, as runs take it, then the row."""
    chosen([proposal.company_id]).lock()
    return StageProposal.objects.select_for_update(of=("self",)).select_related("company").get(pk=proposal.pk)


def _given(text: str, field: str, message: str) -> str:
    if not (said := text.strip()):
        raise Incomplete(message, fields={field: [message]})
    return said


def _tell(held: StageProposal, what: str) -> None:
    outbox.record("stage.decided", str(held.public_id), {"company": held.company.code, "what": what})
