"""Record what was paid back of a loan, correct it, or declare it void. Told in the outbox as `loan.changed`."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import records
from core.errors import Conflict
from funding.models import Loan, Repayment
from funding.services import loans


@transaction.atomic
def record_repayment(*, loan: Loan, paid_on: dt.date, principal: Decimal, by: User) -> Repayment:
    """The company paid back a part of the principal, in yuan, on a day. One record a day: two payments of a day are
    one sum. Conflict where more would be paid back than was lent, or before the loan was drawn."""
    held = _held(loan, by)
    return _stored(Repayment(loan=held, paid_on=paid_on, principal=principal))


@transaction.atomic
def change_repayment(*, repayment: Repayment, paid_on: dt.date, principal: Decimal, by: User) -> Repayment:
    """Correct the day or the amount of a repayment."""
    held = _held_repayment(repayment, by)
    held.paid_on, held.principal = paid_on, principal
    return _stored(held)


@transaction.atomic
def void_repayment(*, repayment: Repayment, reason: str, by: User) -> Repayment:
    """The repayment was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held_repayment(repayment, by), reason)
    loans.tell(held.loan)
    return held


def _held(loan: Loan, by: User) -> Loan:
    loans.refuse_stranger(loan, by)
    return records.hold(loan)


def _held_repayment(repayment: Repayment, by: User) -> Repayment:
    """The loan is locked first, as the database's own check does."""
    loan = _held(repayment.loan, by)
    held = records.hold(repayment)
    held.loan = loan
    return held


def _stored(repayment: Repayment) -> Repayment:
    _refuse_beyond(repayment)
    records.save(repayment, refusal=_refused)
    loans.tell(repayment.loan)
    return repayment


def _refuse_beyond(repayment: Repayment) -> None:
    others = repayment.loan.repayments.valid().exclude(pk=repayment.pk)
    left = repayment.loan.principal - sum((one.principal for one in others), Decimal(0))
    if repayment.principal > left:
        raise _beyond(repayment, left)
    if repayment.paid_on < repayment.loan.drawn_on:
        raise _too_early(repayment)


def _beyond(repayment: Repayment, left: Decimal) -> Conflict:
    words = {"loan": repayment.loan.number, "left": f"{left:,.2f}"}
    message = _("Only ¥%(left)s of loan %(loan)s are left to pay back.") % words
    return Conflict(message, code="beyond_principal", fields={"principal": [message]})


def _too_early(repayment: Repayment) -> Conflict:
    words = {"loan": repayment.loan.number, "day": repayment.loan.drawn_on}
    message = _("Loan %(loan)s was drawn on %(day)s: nothing was paid back before.") % words
    return Conflict(message, code="before_drawdown", fields={"paid_on": [message]})


def _refused(error: IntegrityError, repayment: Repayment) -> Conflict:
    """What the database refused, should somebody have written past the lock; an unknown constraint as it came."""
    match records.constraint_of(error):
        case "funding_repayment_within_principal":
            return _beyond(repayment, repayment.loan.principal - repayment.loan.repaid)
        case "funding_repayment_after_drawdown":
            return _too_early(repayment)
    return records.conflict_of(error, repayment)
