"""Acts on the deposit of a lease: agree on it, receive it, return it whole or in part with deductions, hand it over to
the lease that follows, and take back what was entered in error.

Each is atomic and appends to the ledger; nothing in it is changed or deleted. An officer agrees, the treasurer keeps
the money of other companies than his own (NotAllowed otherwise). The database refuses to give out more than came in,
whoever writes at the same time; then Conflict says what is held. What happens is told in the outbox as `deposit.moved`.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.permissions import role_in
from core import outbox, records
from core.errors import Conflict, DomainError, Incomplete, NotAllowed
from core.markup import money
from core.periods import Day
from spaces.choices import DepositKind
from spaces.deposits import deposit_of
from spaces.models import DepositMovement, Lease
from spaces.permissions import can_keep_deposits, refuse_stranger


@transaction.atomic
def agree_deposit(*, lease: Lease, amount: Decimal, day: Day, reason: str = "", by: User) -> DepositMovement:
    """Say what is to be paid for the lease from now on, in yuan; 0 for nothing."""
    refuse_stranger(by)
    if role_in(by, lease.company):
        raise NotAllowed(_("Nobody agrees on the deposit of his own company."))
    _refuse_void(lease)
    return _appended(
        DepositMovement(lease=lease, kind=DepositKind.AGREED, amount=amount, day=day, reason=reason, by=by)
    )


@transaction.atomic
def receive_deposit(*, lease: Lease, amount: Decimal, day: Day, reason: str = "", on: Day, by: User) -> DepositMovement:
    """The company paid on the day, which is not after `on`."""
    _refuse_others(by, lease)
    _refuse_void(lease)
    _refuse_future(day, on)
    return _appended(
        DepositMovement(lease=lease, kind=DepositKind.RECEIVED, amount=amount, day=day, reason=reason, by=by)
    )


@transaction.atomic
def return_deposit(
    *, lease: Lease, returned: Decimal, withheld: Decimal, reason: str = "", day: Day, on: Day, by: User
) -> list[DepositMovement]:
    """Pay back what is `returned`, and keep what is `withheld` for the reason; either may be 0. Void leases, too: the
    money is there all the same."""
    _refuse_others(by, lease)
    _refuse_future(day, on)
    if not returned and not withheld:
        message = _("Say how much is returned or withheld.")
        raise Incomplete(message, fields={"returned": [message]})
    if withheld and not reason.strip():
        message = _("Say why it is withheld: the company reads it.")
        raise Incomplete(message, fields={"reason": [message]})
    parts = ((DepositKind.WITHHELD, withheld), (DepositKind.RETURNED, returned))
    return [
        _appended(DepositMovement(lease=lease, kind=kind, amount=amount, day=day, reason=reason, by=by))
        for kind, amount in parts
        if amount
    ]


@transaction.atomic
def hand_over_deposit(
    *, lease: Lease, to: Lease, amount: Decimal, day: Day, reason: str = "", on: Day, by: User
) -> DepositMovement:
    """What is held for the lease is held for `to` from the day on, a lease that follows it. Of a split each part may
    have its share, and a merged lease the deposits of all."""
    _refuse_others(by, lease)
    _refuse_others(by, to)
    _refuse_future(day, on)
    return _appended(
        DepositMovement(
            lease=lease, to_lease=to, kind=DepositKind.HANDED_OVER, amount=amount, day=day, reason=reason, by=by
        )
    )


@transaction.atomic
def take_back_movement(*, movement: DepositMovement, reason: str, day: Day, by: User) -> DepositMovement:
    """The movement was entered in error: a row beside it takes it back. An agreement is replaced by another."""
    _refuse_others(by, movement.lease)
    if not reason.strip():
        message = _("Say why it was entered in error.")
        raise Incomplete(message, fields={"reason": [message]})
    if movement.kind == DepositKind.AGREED:
        raise Conflict(_("What was agreed is not taken back: agree on another amount."), code="agreement")
    if movement.kind == DepositKind.REVERSED:
        raise Conflict(_("What took something back is not taken back: enter the movement again."), code="reversal")
    return _appended(
        DepositMovement(
            lease=movement.lease, kind=DepositKind.REVERSED, amount=movement.amount, day=day, reason=reason,
            reverses=movement, by=by,
        )
    )  # fmt: skip


def _refuse_others(by: User, lease: Lease) -> None:
    if not can_keep_deposits(by, lease.company):
        raise NotAllowed(_("The treasurer keeps the deposits, and not that of his own company."))


def _refuse_void(lease: Lease) -> None:
    if lease.voided_at is not None:
        raise Conflict(_("Lease %(lease)s was declared void.") % {"lease": lease.number}, code="lease_void")


def _refuse_future(day: Day, on: Day) -> None:
    if day > on:
        message = _("It has not happened yet: name a day until today.")
        raise Incomplete(message, fields={"day": [message]})


def _appended(movement: DepositMovement) -> DepositMovement:
    movement.reason = movement.reason.strip()
    records.save(movement, refusal=_refusal)
    company = movement.lease.company.code
    outbox.record("deposit.moved", movement.lease.number, {"company": company, "what": str(movement.kind)})
    return movement


def _refusal(error: IntegrityError, movement: DepositMovement) -> DomainError:
    match records.constraint_of(error):
        case "spaces_depositmovement_held":
            return _beyond(movement)
        case "spaces_depositmovement_to_successor":
            message = _("A deposit is handed over to a lease that follows.")
            return Conflict(message, code="no_successor", fields={"to": [message]})
    return records.conflict_of(error, movement)


def _beyond(movement: DepositMovement) -> Conflict:
    words = {"lease": movement.lease.number, "held": money(deposit_of(movement.lease).held)}
    if movement.kind == DepositKind.REVERSED:
        message = _("It cannot be taken back: what it brought has gone out again. Take that back first.")
        return Conflict(message, code="beyond_deposit")
    message = _("For lease %(lease)s the zone holds %(held)s, not more.") % words
    field = {DepositKind.RETURNED: "returned", DepositKind.WITHHELD: "withheld"}.get(
        DepositKind(movement.kind), "amount"
    )
    return Conflict(message, code="beyond_deposit", fields={field: [message]})
