"""Payments of rent in the demo zone, in every state that a payment can be in, and reminders of what is overdue, made by
the services that people use."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from core.periods import DAY
from subsidies.arrears import overdue, owed_statements
from subsidies.choices import ReminderLevel
from subsidies.models import RentPayment, RentStatement
from subsidies.services import payments, reminders
from subsidies.statement_numbers import written

MOST = 60  # statements of the newest month that is issued which somebody pays for; the earlier ones are paid whole
HALF = Decimal(2)
PAID_BEFORE_DAYS = 3  # they are due
REMINDED, REMINDED_AFTER_DAYS = 8, 5


def pay_all(*, on: dt.date, treasurer: User) -> None:
    """All but the newest month are paid by their numbers; of that one some are paid whole, in part, too much, without
    the number, or not at all. A payment is taken back by the bank."""
    owed = list(RentStatement.objects.owed().select_related("company").order_by("month", "company__code"))
    newest = max((statement.month for statement in owed), default=None)
    for place, statement in enumerate(one for one in owed if one.month != newest):
        _receive(statement, statement.owed, written(statement.number), f"D-{place:05}", on, treasurer)
    for place, statement in enumerate([one for one in owed if one.month == newest][:MOST]):
        _pay_one(place, statement, on, treasurer)
    late = list(overdue(owed_statements(RentStatement.objects.all()), on).order_by("company__code")[:REMINDED])
    for statement in late:
        day = min((statement.due_on or on) + REMINDED_AFTER_DAYS * DAY, on)
        reminders.send_reminder(statement=statement, level=ReminderLevel.REMINDER, on=day, by=treasurer)


def _pay_one(place: int, statement: RentStatement, on: dt.date, treasurer: User) -> None:
    amount, number, transaction = statement.owed, written(statement.number), f"N-{place:05}"
    if place % 5 == 0:
        _receive(statement, amount, number, transaction, on, treasurer)
    elif place % 5 == 1:
        _receive(statement, _half(amount), number, transaction, on, treasurer)
    elif place % 5 == 2:
        _receive(statement, amount, _("Rent"), transaction, on, treasurer)
    elif place % 5 == 3 and place < MOST // 2:
        _receive(statement, amount + 100, number, transaction, on, treasurer)
    elif place == MOST // 2:
        made = _receive(statement, amount, number, transaction, on, treasurer)
        payments.reverse_payment(payment=made, reason=_("The bank took it back: no cover."), by=treasurer)


def _half(amount: Decimal) -> Decimal:
    return max((amount / HALF).quantize(Decimal("0.01")), Decimal("0.01"))


def _receive(
    statement: RentStatement, amount: Decimal, reference: str, transaction: str, on: dt.date, by: User
) -> RentPayment:
    return payments.record_payment(
        transaction=transaction,
        paid_on=min((statement.due_on or on) - PAID_BEFORE_DAYS * DAY, on - DAY),
        amount=amount,
        payer=statement.company.name or statement.company.name_zh,
        reference=reference,
        by=by,
    )
