"""Rent that comes in: recorded, matched to the statements that it pays, taken back.

A payment is matched by the number of a statement in its reference, else by a person, who may follow a proposal. What
it leaves over stays the company's until it is used for another statement. The rows are held in one order, payments
before statements and each by its key, and the sums are read after that: the database refuses the rest.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.transaction import atomic
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.markup import money
from core.text import fold
from subsidies import permissions
from subsidies.choices import StatementState
from subsidies.models import RentAllotment, RentPayment, RentStatement
from subsidies.statement_numbers import Named, named_in, written

CHANGED = "payment.changed"
AT_ONCE = 1_000  # rows in one statement of SQL


@atomic
def record_payment(
    *, transaction: str, paid_on: dt.date, amount: Decimal, payer: str = "", reference: str = "", by: User
) -> RentPayment:
    """Enter what came in, and match it where its reference names a statement. NotAllowed for anybody but the treasurer;
    Incomplete for what is malformed; Conflict where the transaction is on record already."""
    if not permissions.can_record_payments(by):
        raise NotAllowed(_("The treasurer records payments of rent."))
    payment = RentPayment(
        transaction=transaction, paid_on=paid_on, amount=amount, payer=payer, reference=reference, recorded_by=by
    )
    records.save(payment)
    match_by_number([payment.pk])
    payment.refresh_from_db()
    _tell(payment)
    return payment


@atomic
def match_by_number(ids: Collection[int]) -> int:
    """Have these payments pay the statements that their references name, the earlier month first, as far as they go;
    returns how many pay something now. A reference that names several companies is matched by a person. A fixed number
    of queries for each thousand."""
    payments = _held_payments(ids)
    named = {payment.pk: named_in(payment.reference) for payment in payments}
    statements = _held_statements({one.pk for found in named.values() for one in found})
    open_amounts = {pk: statement.owed for pk, statement in statements.items()}
    known: list[RentPayment] = []
    made: list[RentAllotment] = []
    for payment in payments:
        wanted = list(_issued(named[payment.pk], statements))
        if wanted and len({one.company_id for one in wanted} | ({payment.company_id} - {None})) == 1:
            payment.company = wanted[0].company
            known.append(payment)
            made += _given(wanted, open_amounts, payment.left, payment=payment)
    RentPayment.objects.bulk_update(known, ["company"], batch_size=AT_ONCE)
    RentAllotment.objects.bulk_create(made, batch_size=AT_ONCE)
    return len({one.payment_id for one in made})


def _issued(named: Iterable[Named], statements: dict[int, RentStatement]) -> Iterator[RentStatement]:
    for one in sorted(named, key=lambda found: found.month):
        statement = statements.get(one.pk)
        if statement is not None and statement.month == one.month and statement.state == StatementState.ISSUED:
            yield statement


@atomic
def allot_payment(
    *, payment: RentPayment, statement: RentStatement, by: User, amount: Decimal | None = None
) -> RentAllotment:
    """A person says which statement a payment pays: with `amount`, or as far as it goes. NotAllowed for anybody but the
    treasurer, and for his own company; Conflict for what contradicts the payment or the statement as they are now."""
    held = _held_payment(payment)
    (target,) = _held_statements([statement.pk]).values()
    if not permissions.can_keep_payments(by, target.company):
        raise NotAllowed(_("The treasurer matches payments, and not for his own company."))
    _refuse_foreign(held, target)
    most = min(held.left, target.owed)
    if most <= 0:
        raise _nothing_left(held, target)
    if amount is not None and not 0 < amount <= most:
        message = _("At most %(most)s can be used: the payment has %(left)s left, the statement asks for %(owed)s.") % {
            "most": money(most), "left": money(held.left), "owed": money(target.owed),
        }  # fmt: skip
        raise Incomplete(message, fields={"amount": [message]})
    if held.company_id != target.company_id:
        held.company = target.company
        held.save(update_fields=["company"])
    made = RentAllotment.objects.create(payment=held, statement=target, amount=amount or most, by=by)
    _tell(held)
    return made


def _refuse_foreign(payment: RentPayment, statement: RentStatement) -> None:
    if statement.state != StatementState.ISSUED:
        message = _("The statement of %(month)s is open: issue it before it is paid.")
        raise Conflict(message % {"month": f"{statement.month:%Y-%m}"}, code="statement_open")
    if payment.company and payment.company_id != statement.company_id and payment.used:
        words = {"payment": payment.transaction, "company": payment.company.code}
        message = _("Payment %(payment)s pays rent of company %(company)s: take that back first.") % words
        raise Conflict(message, code="other_company")


def _nothing_left(payment: RentPayment, statement: RentStatement) -> Conflict:
    if payment.left <= 0:
        message = _("Nothing of payment %(payment)s is left.") % {"payment": payment.transaction}
        return Conflict(message, code="payment_spent")
    message = _("Statement %(number)s is paid already.") % {"number": written(statement.number)}
    return Conflict(message, code="statement_paid")


@atomic
def release_allotment(*, allotment: RentAllotment, reason: str, by: User) -> RentAllotment:
    """A payment was matched wrongly: the statement is owed again, and the payment has that much left."""
    if allotment.payment is not None:
        _held_payment(allotment.payment)
    _held_statements([pk for pk in (allotment.credit_id, allotment.statement_id) if pk])
    held = RentAllotment.objects.select_related("payment", "statement__company").get(pk=allotment.pk)
    if not permissions.can_keep_payments(by, held.statement.company):
        raise NotAllowed(_("The treasurer matches payments, and not for his own company."))
    if held.released_at is not None:
        raise Conflict(_("This was taken back already."), code="released")
    held.released_at, held.release_reason = timezone.now(), _said(reason)
    held.save(update_fields=["released_at", "release_reason"])
    if held.payment is not None:
        _tell(held.payment)
    return held


@atomic
def reverse_payment(*, payment: RentPayment, reason: str, by: User) -> RentPayment:
    """The bank took it back, or it never was rent: what it had paid is owed again. It stays on record."""
    held = _held_payment(payment)
    if not _may_reverse(held, by):
        raise NotAllowed(_("The treasurer reverses payments, and not for his own company."))
    now, said = timezone.now(), _said(reason)
    standing = held.allotments.standing()
    _held_statements(list(standing.values_list("statement", flat=True)))
    standing.update(released_at=now, release_reason=said)
    held.reversed_at, held.reversed_by, held.reversal_reason = now, by, said
    held.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    _tell(held)
    return held


def _may_reverse(payment: RentPayment, by: User) -> bool:
    if payment.company is None:
        return permissions.can_record_payments(by)
    return permissions.can_keep_payments(by, payment.company)


def _said(reason: str) -> str:
    if not reason.strip():
        message = _("Say why it is taken back.")
        raise Incomplete(message, fields={"reason": [message]})
    return reason.strip()


@dataclass(frozen=True)
class SetOff:
    """How many statements were paid of it, and by how much, in yuan."""

    statements: int
    amount: Decimal


@atomic
def set_off(*, company: Company, by: User) -> SetOff:
    """What the company has left, of payments and of statements below 0, pays what it owes: the oldest first on either
    side. Conflict where there is nothing of one or the other."""
    if not permissions.can_keep_payments(by, company):
        raise NotAllowed(_("The treasurer matches payments, and not for his own company."))
    payments = _held_payments(company.rent_payments.with_left().values_list("pk", flat=True))
    own = RentStatement.objects.filter(company=company, state=StatementState.ISSUED)
    pks = [*own.owed().values_list("pk", flat=True), *own.credits().values_list("pk", flat=True)]
    statements = sorted(_held_statements(pks).values(), key=lambda one: one.month)
    made = list(_set_off(payments, statements, by))
    RentAllotment.objects.bulk_create(made)
    if not made:
        words = {"company": company.code}
        message = _("Company %(company)s owes nothing, or has nothing left to set off against it.") % words
        raise Conflict(message, code="nothing_to_set_off")
    for payment in {one.payment for one in made if one.payment is not None}:
        _tell(payment)
    return SetOff(len({one.statement_id for one in made}), sum((one.amount for one in made), Decimal(0)))


def _set_off(
    payments: Iterable[RentPayment], statements: Collection[RentStatement], by: User
) -> Iterator[RentAllotment]:
    """Statements below 0 give first, then payments by their day; the oldest statement is paid first."""
    open_amounts = {one.pk: one.owed for one in statements if one.owed > 0}
    owed = [one for one in statements if one.pk in open_amounts]
    for statement in statements:
        if statement.credit > 0:
            yield from _given(owed, open_amounts, statement.credit, credit=statement, by=by)
    for payment in sorted(payments, key=lambda one: (one.paid_on, one.pk)):
        yield from _given(owed, open_amounts, payment.left, payment=payment, by=by)


def _given(
    statements: Iterable[RentStatement], open_amounts: dict[int, Decimal], left: Decimal, **source: Any
) -> Iterator[RentAllotment]:
    """`left` goes to one statement after the other; `open_amounts` follows."""
    for statement in statements:
        share = min(left, open_amounts[statement.pk])
        if share > 0:
            yield RentAllotment(statement=statement, amount=share, **source)
            left, open_amounts[statement.pk] = left - share, open_amounts[statement.pk] - share


def _held_payment(payment: RentPayment) -> RentPayment:
    """As it is now, locked until the transaction ends. Conflict for one that was reversed."""
    found = list(_held_payments([payment.pk]))
    if not found:
        gone = RentPayment.objects.get(pk=payment.pk)
        words = {"payment": gone.transaction, "reason": gone.reversal_reason}
        raise Conflict(_("Payment %(payment)s was reversed: %(reason)s") % words, code="reversed")
    return found[0]


def _held_payments(ids: Iterable[int]) -> list[RentPayment]:
    """Those that stand, locked in one order; their sums are read under the locks."""
    pks = list(ids)
    rows = RentPayment.objects.standing().filter(pk__in=pks)
    held = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    return list(RentPayment.objects.filter(pk__in=held).with_used().select_related("company").order_by("pk"))


def _held_statements(ids: Iterable[int]) -> dict[int, RentStatement]:
    """By their ids, locked in one order; their sums are read under the locks."""
    pks = list(ids)
    rows = RentStatement.objects.filter(pk__in=pks).select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk").values_list("pk", flat=True))
    return RentStatement.objects.with_paid().select_related("company").in_bulk(pks)


def _tell(payment: RentPayment) -> None:
    company = payment.company.code if payment.company else ""
    outbox.record(CHANGED, payment.transaction, {"company": company, "amount": str(payment.amount)})


def proposals(payments: Iterable[RentPayment]) -> dict[int, RentStatement]:
    """By the id of a payment that nobody matched, the statement that it most likely pays: of a company that is called
    as the payer, and of exactly this amount; of several, the oldest. Two queries."""
    waiting = [one for one in payments if one.reversed_at is None and not one.used and one.payer]
    if not waiting:
        return {}
    amounts = {one.amount for one in waiting}
    owed = RentStatement.objects.owed().filter(open_amount__in=amounts).select_related("company").order_by("month")
    known: dict[tuple[str, Decimal], RentStatement] = {}
    for statement in owed:
        for name in (statement.company.name, statement.company.name_zh):
            if name:
                known.setdefault((_folded(name), statement.owed), statement)
    found = ((one.pk, known.get((_folded(one.payer), one.amount))) for one in waiting)
    return {pk: statement for pk, statement in found if statement is not None}


def _folded(name: str) -> str:
    """Without blanks, punctuation and case: banks write names as they like."""
    return "".join(character for character in fold(name) if character.isalnum())
