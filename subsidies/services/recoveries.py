"""What follows when a fact that a grant rests on is corrected after it was approved, or a version of the policy is
published that governs its day.

The point is decided again for the company as of the grant's day, as if the grant had not been made, and for its own
items alone. Where it would have given less, the difference is released before payment, and recovered after it: open,
confirmed by an approver, settled by the treasurer. Where it would have given more, that is noted with the grant, and an
officer may propose a supplement (`grants.supplementing`).

The recoveries of interest (`overpaid`) are confirmed and settled here too.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import records
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.choices import GRANTED, EntryKind, GrantState, RecoveryState
from subsidies.gather.grants import touched
from subsidies.gather.selection import Selection, chosen
from subsidies.models import Grant, Recovery
from subsidies.models.recoveries import UNSETTLED
from subsidies.services import ledger, overpaid
from subsidies.services.causes import arithmetic, due, explanation
from subsidies.services.entitled import Entitled
from subsidies.services.families import family, withdraw_supplements
from subsidies.services.holding import end, hold, tell

NOTHING = Decimal(0)


@transaction.atomic
def review_companies(ids: Iterable[int]) -> int:
    """Review every grant of a few companies after something about them changed; returns how many were corrected."""
    listed = with_merged(ids)
    first = Grant.objects.granted().filter(company__in=listed, supplement_to=None)
    if not (grants := list(first.order_by("pk"))):
        return 0
    chosen(listed).lock()
    return sum(review_grant(grant=grant) for grant in grants)


def with_merged(ids: Iterable[int]) -> list[int]:
    """These companies, and those that were merged into them, whose grants rest on their facts now."""
    own = set(ids)
    return sorted(own | set(Company.objects.filter(merged_into__in=own).values_list("pk", flat=True)))


def review_touched(selection: Selection) -> int:
    """Review the grants of many companies that rest on something written since they were last looked at: after an
    import, after a version of the policy was published, and every night. Each in a transaction of its own; returns how
    many were corrected."""
    found = Grant.objects.filter(pk__in=touched(selection)).values_list("supplement_to", "pk")
    first = {supplemented or pk for supplemented, pk in found}
    return sum(review_grant(grant=grant) for grant in Grant.objects.filter(pk__in=first).order_by("pk"))


@transaction.atomic
def review_grant(*, grant: Grant) -> bool:
    """Make what is committed or to be recovered of a grant and its supplements what the facts and the policy say;
    whether that changed anything. What they hold beyond it is taken from the newest first. Safe to run again."""
    held = hold(grant.first, states=list(GrantState))
    if held.state not in GRANTED:
        return False
    known = family(held)
    found = due(held)
    beyond = known.beyond(found)
    now = timezone.now()
    Grant.objects.filter(pk__in=[one.pk for one in known.granted]).update(reviewed_at=now)
    Grant.objects.filter(pk=held.pk).update(more_due=NOTHING if beyond else known.more(found))
    shares = []
    for one in known.granted:
        share = min(beyond, one.gives)
        beyond -= share
        shares.append((one, share))
    return sum(_corrected(one, share, known.last, found) for one, share in shares) > 0


def _corrected(grant: Grant, share: Decimal, last: Grant, found: Entitled) -> bool:
    if grant.state == GrantState.PAID:
        return _recovered(grant, share, last, found)
    return bool(share) and _released(grant, share, explanation(last, found))


def _released(grant: Grant, share: Decimal, reason: str) -> bool:
    ledger.post(EntryKind.RELEASE, grant=grant, amount=share, by=None, reason=reason)
    if not grant.committed:
        withdraw_supplements(grant, reason=reason, by=None)
        end(grant, GrantState.REVOKED, reason=reason, by=None)
    else:
        tell(grant, "reduced", reason=reason)
    return True


def _recovered(grant: Grant, share: Decimal, last: Grant, found: Entitled) -> bool:
    """One unsettled recovery for the whole share: an open one found by the portal follows the facts, one that a person
    opened or confirmed stands."""
    known = grant.recoveries.select_for_update().filter(state__in=UNSETTLED).first()
    if known is None:
        if not share:
            return False
        reason = explanation(last, found)
        open_recovery(grant=grant, amount=share, reason=reason, arithmetic=arithmetic(last, found))
        return True
    if known.state != RecoveryState.OPEN or known.opened_by_id or known.amount == share:
        return False
    if share:
        known.amount, known.reason, known.arithmetic = share, explanation(last, found), arithmetic(last, found)
    else:
        known.state = RecoveryState.DROPPED
    known.save()
    known.grant = grant
    _tell(known)
    return True


def open_recovery(
    *, grant: Grant, amount: Decimal, reason: str, by: User | None = None, arithmetic: dict[str, Any] | None = None
) -> Recovery:
    """`amount` of a paid grant is to be paid back. The caller holds the grant; Conflict while another recovery of it is
    under way."""
    recovery = Recovery(grant=grant, amount=amount, reason=reason, arithmetic=arithmetic or {}, opened_by=by)
    if grant.recoveries.filter(state__in=UNSETTLED).exists():
        message = _("A recovery of grant %(grant)s is under way already: settle it first.") % {"grant": grant.number}
        raise Conflict(message, code="recovered_already")
    records.save(recovery)
    _tell(recovery)
    return recovery


@transaction.atomic
def confirm_recovery(*, recovery: Recovery, by: User) -> Recovery:
    """The company has to pay it back: from now on the amount stands."""
    held = _held(recovery, RecoveryState.OPEN)
    _refuse_stranger(held, by)
    held.state, held.confirmed_by, held.confirmed_at = RecoveryState.CONFIRMED, by, timezone.now()
    held.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _tell(held)
    return held


@transaction.atomic
def drop_recovery(*, recovery: Recovery, by: User) -> Recovery:
    """An open recovery that a person asked for is not asked for any more. One that the facts ask for ends when they
    do, and one of interest stands."""
    held = _held(recovery, RecoveryState.OPEN)
    if not permissions.can_decide_recovery(by, held):
        raise NotAllowed(_("Approvers confirm recoveries, and nobody for his own company."))
    if held.statement is not None:
        message = _(
            "What an issued statement asks back stands: correct the facts, if they are wrong, and a later one pays it"
            " out."
        )
        raise Conflict(message, code="facts_ask")
    if held.opened_by_id is None:
        raise Conflict(_("The facts ask for this recovery: correct them, if they are wrong."), code="facts_ask")
    held.state = RecoveryState.DROPPED
    held.save(update_fields=["state"])
    _tell(held)
    return held


@transaction.atomic
def settle_recovery(*, recovery: Recovery, on: dt.date, by: User) -> Recovery:
    """The company has paid it back on the day `on`. A grant of which nothing is left ends."""
    held = _held(recovery, RecoveryState.CONFIRMED)
    if not permissions.can_settle(by, held):
        raise NotAllowed(_("The treasurer records payments, and not to his own company."))
    if held.grant is not None:
        ledger.post(EntryKind.RECOVERY, grant=held.grant, amount=held.amount, by=by, reason=held.reason)
    held.state, held.settled_by, held.settled_on = RecoveryState.SETTLED, by, on
    held.save(update_fields=["state", "settled_by", "settled_on"])
    is_over = held.grant is not None and not held.grant.gives and _end_all(held.grant, reason=held.reason, by=by)
    if not is_over:
        _tell(held)
    return held


def _end_all(grant: Grant, *, reason: str, by: User) -> bool:
    """End a grant of which nothing is left, and with its last supplement the one that it supplements; whether it
    ended. A grant waits for supplements that still give something."""
    if grant.supplements.granted().exists():
        return False
    withdraw_supplements(grant, reason=reason, by=by)
    end(grant, GrantState.REVOKED, reason=reason, by=by)
    if grant.supplement_to_id:
        first = hold(grant.first, states=list(GrantState))
        if first.state == GrantState.PAID and not first.gives:
            _end_all(first, reason=reason, by=by)
    return True


def _tell(recovery: Recovery) -> None:
    if recovery.grant is None:
        overpaid.tell(recovery)
    else:
        tell(recovery.grant, f"recovery_{recovery.state}", recovery.amount, reason=recovery.reason)


def _held(recovery: Recovery, state: RecoveryState) -> Recovery:
    """The recovery as it is now, locked, and its grant with it; Conflict where it is in another state."""
    grant = recovery.grant and hold(recovery.grant, states=[GrantState.PAID, GrantState.REVOKED])
    held: Recovery = (
        Recovery.objects.select_for_update(of=("self",)).select_related("statement__company").get(pk=recovery.pk)
    )
    held.grant = grant
    if held.state != state:
        raise Conflict(_already(held), code="state")
    return held


def _already(recovery: Recovery) -> str:
    if recovery.grant is None:
        message = _("The recovery of interest statement %(month)s is in the state “%(state)s” already.")
    else:
        message = _("The recovery of grant %(grant)s is in the state “%(state)s” already.")
    return message % {"grant": recovery.name, "month": recovery.name, "state": recovery.get_state_display()}


def _refuse_stranger(recovery: Recovery, by: User) -> None:
    if not permissions.can_decide_recovery(by, recovery):
        raise NotAllowed(_("Approvers confirm recoveries, and nobody for his own company."))
    if permissions.can_confirm(by, recovery):
        return
    if recovery.grant is None:
        raise NotAllowed(_("You issued this statement: another person confirms what it asks back."), code="four_eyes")
    raise NotAllowed(_("You opened this recovery: another approver confirms it."), code="four_eyes")
