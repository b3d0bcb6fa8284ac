"""Enter and change what companies paid, or declare it void. Told in the outbox as `expense.changed`."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.models import Expense, GrantedContract
from subsidies.models.costs import hold_payments, same_payment
from subsidies.models.items import held_elsewhere
from subsidies.services.suppliers import supplier_called

CLAIMED_ONCE = "subsidies_expense_claimed_once"
CONTRACT_ONCE = ("subsidies_grantedcontract_once", "subsidies_grantedcontract_company_once")


@transaction.atomic
def enter_expense(
    *,
    number: str,
    company: Company,
    point: str,
    amount: Decimal,
    paid_on: dt.date,
    kind: str = "",
    supplier: str = "",
    contract: str = "",
    by: User,
) -> Expense:
    """Put a cost on record for a point: the amount in yuan, the day it was paid, and what vouchers were paid for.

    `supplier` is a code or a name; one that the zone does not know is entered with it, not admitted. Conflict, naming
    it, where the same payment is on record under another number.
    """
    if not permissions.can_enter_expense(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers enter its costs."))
    return _stored(
        Expense(
            number=number.strip(),
            company=company,
            point=point,
            kind=kind,
            supplier=supplier_called(supplier),
            contract=contract.strip(),
            amount=amount,
            paid_on=paid_on,
        )
    )


@transaction.atomic
def change_expense(
    *,
    expense: Expense,
    point: str,
    amount: Decimal,
    paid_on: dt.date,
    kind: str,
    supplier: str,
    contract: str,
    by: User,
) -> Expense:
    """Correct what was entered about a cost; its number and its company stay."""
    held = _held(expense, by)
    held.point, held.kind, held.amount, held.paid_on = point, kind, amount, paid_on
    held.supplier, held.contract = supplier_called(supplier), contract.strip()
    return _stored(held)


@transaction.atomic
def void_expense(*, expense: Expense, reason: str, by: User) -> Expense:
    """The cost was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held(expense, by), reason)
    _tell(held)
    return held


def _held(expense: Expense, by: User) -> Expense:
    if not permissions.can_change_expense(by, expense):
        raise NotAllowed(_("Owners and editors of the company and officers change its costs."))
    return records.hold(expense)


def _stored(expense: Expense) -> Expense:
    hold_payments()
    if other := same_payment(expense):
        raise claimed_twice(other)
    records.save(expense, refusal=_refused)
    _tell(expense)
    return expense


def _tell(expense: Expense) -> None:
    outbox.record("expense.changed", expense.number, {"company": expense.company.code})


def claimed_twice(other: Expense) -> Conflict:
    """The same payment is on record already; one payment is shared once, by one point."""
    words = {"number": other.number, "point": other.get_point_display()}
    apart = (
        _("If it is another one, name the contract or invoice that tells the two apart.")
        if other.reference
        else _("If it is another one, name the contract or invoice of both: %(number)s names none.") % words
    )
    known = _("This payment is on record as %(number)s (%(point)s) already: one payment is shared once.") % words
    message = f"{known} {apart}"
    return Conflict(message, code="claimed_twice", fields={"contract": [message]})


def contract_granted(taken: GrantedContract, expense: Expense) -> Conflict:
    """A cost that a grant holds is said to be of a contract that another grant holds; one contract is shared once."""
    if taken.company_id == expense.company_id:
        words = {"contract": expense.contract, "grant": taken.grant.number, "point": taken.grant.get_point_display()}
        message = _("%(contract)s is in grant %(grant)s (%(point)s) already: one contract is shared once.") % words
    else:
        message = _("%(contract)s was subsidised elsewhere already: one contract is shared once.") % {
            "contract": expense.contract
        }
    return Conflict(message, code="contract_granted", fields={"contract": [message]})


def _refused(error: IntegrityError, expense: Expense) -> Conflict:
    """What the database refused about a cost, in words; an unknown constraint is raised as it came."""
    name = records.constraint_of(error)
    if name == CLAIMED_ONCE and (other := same_payment(expense)):
        return claimed_twice(other)
    if name in CONTRACT_ONCE and (taken := held_elsewhere(expense)):
        return contract_granted(taken, expense)
    return records.conflict_of(error, expense)
