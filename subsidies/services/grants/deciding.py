"""Approve a grant, refuse it, or revoke it. Another person than the one who proposed it does."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import NotAllowed
from subsidies import permissions
from subsidies.choices import GRANTED, EntryKind, GrantState
from subsidies.models import Grant
from subsidies.services import ledger
from subsidies.services.causes import day_of
from subsidies.services.families import withdraw_supplements
from subsidies.services.grants.standing import refuse_other
from subsidies.services.grants.supplementing import refuse_unsupplemented
from subsidies.services.holding import end, given, hold, tell
from subsidies.services.recoveries import open_recovery


@transaction.atomic
def approve_grant(*, grant: Grant, on: dt.date, by: User) -> Grant:
    """Give what was proposed: commit it to the budget of its year. The point is decided again as of `on` (of a grant
    of an earlier year, as of that year's last day; of a supplement, as of the day of its grant); Conflict where it does
    not say the same any more, and where the budget does not hold so much."""
    _refuse_stranger(grant, by)
    held = hold(grant, states=[GrantState.PROPOSED])
    day = as_of = min(on, held.last_day)
    if held.supplement_to is not None:
        as_of = day_of(held)
        refuse_unsupplemented(held)
    refuse_other(held, on=as_of)
    ledger.keep_budget(point=held.point, on=day)
    ledger.post(EntryKind.COMMITMENT, grant=held, amount=held.amount, by=by)
    Grant.objects.filter(supplements=held).update(more_due=Decimal(0))
    held.state, held.granted_on = GrantState.APPROVED, as_of
    held.decided_by, held.decided_at, held.reviewed_at = by, timezone.now(), timezone.now()
    held.save(update_fields=["state", "granted_on", "decided_by", "decided_at", "reviewed_at", "updated_at"])
    tell(held)
    return held


@transaction.atomic
def refuse_grant(*, grant: Grant, reason: str, by: User) -> Grant:
    """Do not give what was proposed, and say why; its items are free again."""
    _refuse_stranger(grant, by)
    why = given(reason)
    held = hold(grant, states=[GrantState.PROPOSED])
    held.decided_by, held.decided_at = by, timezone.now()
    held.save(update_fields=["decided_by", "decided_at"])
    end(held, GrantState.REFUSED, reason=why, by=by)
    return held


@transaction.atomic
def revoke_grant(*, grant: Grant, reason: str, by: User) -> Grant:
    """Take back what was given, and say why, the supplements to it first. What was not paid yet is released at once; of
    what was paid a recovery is opened, which another approver confirms, and the grant ends when it is settled."""
    if not permissions.can_decide_grant(by, grant):
        raise NotAllowed(_("Approvers revoke grants, and nobody for his own company."))
    why = given(reason)
    held = hold(grant, states=list(GRANTED))
    withdraw_supplements(held, reason=why, by=by)
    for one in held.supplements.granted().select_for_update().order_by("-pk"):
        one.company, one.supplement_to = held.company, held
        _revoke(one, why, by)
    _revoke(held, why, by)
    return held


def _revoke(grant: Grant, why: str, by: User) -> None:
    if grant.state == GrantState.PAID:
        if grant.gives:
            open_recovery(grant=grant, amount=grant.gives, reason=why, by=by)
        return
    ledger.post(EntryKind.RELEASE, grant=grant, amount=grant.committed, by=by, reason=why)
    end(grant, GrantState.REVOKED, reason=why, by=by)


def _refuse_stranger(grant: Grant, by: User) -> None:
    if not permissions.can_decide_grant(by, grant):
        raise NotAllowed(_("Approvers decide on grants, and nobody for his own company."))
    if not permissions.can_approve(by, grant):
        raise NotAllowed(_("You proposed this grant: another person decides on it."), code="four_eyes")
