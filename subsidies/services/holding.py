"""Hold a grant while something is done with it, and tell of what was done."""

from collections.abc import Collection
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, Incomplete
from subsidies.choices import GrantState
from subsidies.gather.selection import chosen
from subsidies.models import Grant


def hold(grant: Grant, *, states: Collection[GrantState]) -> Grant:
    """The grant as it is now, its company and itself locked until the transaction ends. Conflict, saying who was
    faster, when it is in none of `states`."""
    chosen({grant.company_id, grant.company.standing.pk}).lock()
    held = (
        Grant.objects.select_for_update(of=("self",))
        .select_related("company", "decided_by", "ended_by", "proposed_by", "supplement_to")
        .get(pk=grant.pk)
    )
    if held.state not in states:
        raise Conflict(_already(held), code="state")
    return held


def _already(grant: Grant) -> str:
    person = grant.ended_by or grant.paid_by or grant.decided_by or grant.proposed_by
    words = {"grant": grant.number, "state": grant.get_state_display(), "person": person.display_name}
    return _("Grant %(grant)s is in the state “%(state)s” already, by %(person)s.") % words


def given(reason: str) -> str:
    """The reason that somebody gave; Incomplete without one."""
    if not reason.strip():
        message = _("Say why: the company reads it.")
        raise Incomplete(message, fields={"reason": [message]})
    return reason.strip()


def end(grant: Grant, state: GrantState, *, reason: str, by: User | None) -> None:
    """The grant gives nothing any more, and holds its items no longer."""
    grant.state, grant.reason, grant.ended_by, grant.ended_at = state, reason, by, timezone.now()
    grant.save(update_fields=["state", "reason", "ended_by", "ended_at", "updated_at"])
    tell(grant)


def tell(grant: Grant, what: str = "", amount: Decimal | None = None, *, reason: str = "") -> None:
    """Something about the grant is different now: its state, or `what` else (`reduced`, `recovery_open` and so on). The
    amount is that of the recovery, or what is committed of the grant; `reason` is why, where that is not why the grant
    ended."""
    payload = {
        "company": grant.company.code,
        "state": grant.state,
        "what": what or str(grant.state),
        "amount": str(amount or grant.committed or grant.amount),
        "reason": reason or grant.reason,
    }
    outbox.record("grant.changed", str(grant.public_id), payload)
