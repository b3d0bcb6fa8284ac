"""Enter and change bank loans, or declare them void. Told in the outbox as `loan.changed`."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, NotAllowed
from funding import permissions
from funding.models import Loan


@transaction.atomic
def enter_loan(
    *,
    number: str,
    company: Company,
    bank: str,
    principal: Decimal,
    annual_rate_percent: Decimal,
    drawn_on: dt.date,
    due_on: dt.date | None = None,
    by: User,
) -> Loan:
    """Put a loan on record: principal in yuan, the yearly rate in percent, due on a day that bears no interest."""
    if not permissions.can_enter(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers enter its loans."))
    terms = {"principal": principal, "annual_rate_percent": annual_rate_percent, "drawn_on": drawn_on, "due_on": due_on}
    return _stored(Loan(number=number.strip(), company=company, bank=bank.strip(), **terms))


@transaction.atomic
def change_loan(
    *,
    loan: Loan,
    bank: str,
    principal: Decimal,
    annual_rate_percent: Decimal,
    drawn_on: dt.date,
    due_on: dt.date | None,
    by: User,
) -> Loan:
    """Correct what was entered about a loan; its number and its company stay. Conflict where the loan would no longer
    cover what was paid back."""
    held = _held(loan, by)
    held.bank, held.principal, held.annual_rate_percent = bank.strip(), principal, annual_rate_percent
    held.drawn_on, held.due_on = drawn_on, due_on
    return _stored(held)


@transaction.atomic
def void_loan(*, loan: Loan, reason: str, by: User) -> Loan:
    """The loan was entered in error: it never was, nor was anything paid back of it, but both stay on record."""
    held = records.declare_void(_held(loan, by), reason)
    tell(held)
    return held


def refuse_stranger(loan: Loan, by: User) -> None:
    if not permissions.can_change_loan(by, loan):
        raise NotAllowed(_("Owners and editors of the company and officers change its loans."))


def hold(loan: Loan) -> Loan:
    """The loan as it is now, locked until the transaction ends; Conflict where it was declared void."""
    return records.hold(loan)


def tell(loan: Loan) -> None:
    """Something about the loan, or about what was paid back of it, is different now."""
    outbox.record("loan.changed", loan.number, {"company": loan.company.code})


def _held(loan: Loan, by: User) -> Loan:
    refuse_stranger(loan, by)
    return records.hold(loan)


def _stored(loan: Loan) -> Loan:
    records.save(loan, refusal=_refused)
    tell(loan)
    return loan


def _refused(error: IntegrityError, loan: Loan) -> Conflict:
    """What the database refused about a loan, in words; an unknown constraint is raised as it came."""
    words = {"loan": loan.number}
    match records.constraint_of(error):
        case "funding_loan_covers_repayments":
            message = _("More than that was paid back of loan %(loan)s already: change its repayments first.") % words
            return Conflict(message, code="below_repayments", fields={"principal": [message]})
        case "funding_loan_precedes_repayments":
            message = _("Loan %(loan)s was paid back in part before that day: change its repayments first.") % words
            return Conflict(message, code="after_repayments", fields={"drawn_on": [message]})
    return records.conflict_of(error, loan)
