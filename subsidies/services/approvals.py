"""The second pair of eyes: an approver approves a draft that others wrote, or withdraws an approval."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, NotAllowed
from core.models import RunState
from subsidies import permissions, policy
from subsidies.choices import PolicyState
from subsidies.models import PolicyVersion
from subsidies.services import gate
from subsidies.services.drafts import hold


@transaction.atomic
def approve_version(*, version: PolicyVersion, content: str, by: User) -> PolicyVersion:
    """Approve what a draft says: `content` is the hash of what the approver read.

    NotAllowed for anybody but approvers, and for who had a hand in what it says. Conflict where the draft says
    something else by now, where it is approved or published, and where what it says is incomplete, impossible,
    unconfirmed or was not simulated in full: nobody can answer for such a content.
    """
    if not permissions.can_approve_policy(by):
        raise NotAllowed(_("Approvers approve a version of the policy."))
    draft = hold(version)
    if draft.state == PolicyState.APPROVED:
        raise Conflict(_("Version %(version)s is approved already.") % {"version": draft.version}, code="approved")
    _refuse_other_content(draft, content)
    if not permissions.can_approve_version(by, draft):
        raise NotAllowed(
            _("You had a hand in what version %(version)s says: an approver who did not edit it approves it.")
            % {"version": draft.version},
            code="two_people",
        )
    _refuse_the_unready(draft)
    draft.state = PolicyState.APPROVED
    draft.approved_by, draft.approved_at, draft.approved_hash = by, timezone.now(), draft.content_hash
    draft.save(update_fields=["state", "approved_by", "approved_at", "approved_hash"])
    outbox.record("policy.approved", draft.version, {"content": draft.content_hash})
    version.refresh_from_db()
    return draft


def _refuse_other_content(draft: PolicyVersion, content: str) -> None:
    if draft.content_hash == content == policy.hash_of(draft):
        return
    who = draft.edited_by.display_name if draft.edited_by else _("The command line")
    raise Conflict(
        _("%(who)s changed version %(version)s while you read it: read it again, then approve it.")
        % {"who": who, "version": draft.version},
        code="changed_meanwhile",
    )


def _refuse_the_unready(draft: PolicyVersion) -> None:
    found = gate.content_problems(draft)
    if found:
        raise Conflict(" ".join(problem.text for problem in found), code="gate")
    simulations = draft.simulations.filter(content_hash=draft.content_hash, state=RunState.DONE)
    if not any(gate.is_whole(one, draft) for one in simulations):
        raise Conflict(
            _("Version %(version)s was not simulated as it is: its consequences come first, then the approval.")
            % {"version": draft.version},
            code="not_simulated",
        )


@transaction.atomic
def withdraw_approval(*, version: PolicyVersion, by: User) -> PolicyVersion:
    """Take back an approval that was not used yet; any approver may. The draft goes back to its simulation."""
    if not permissions.can_approve_policy(by):
        raise NotAllowed(_("Approvers withdraw an approval."))
    draft = hold(version)
    if draft.state != PolicyState.APPROVED:
        raise Conflict(_("Version %(version)s is not approved.") % {"version": draft.version}, code="not_approved")
    draft.state = PolicyState.SIMULATED
    draft.approved_by, draft.approved_at, draft.approved_hash = None, None, ""
    draft.save(update_fields=["state", "approved_by", "approved_at", "approved_hash"])
    outbox.record("policy.approval_withdrawn", draft.version)
    version.refresh_from_db()
    return draft
