"""Issued statements and payments of rent, for the tests of both."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from accounts.models import StaffRole, User
from companies.models import Company
from subsidies.gather.selection import chosen
from subsidies.models import RentPayment, RentStatement
from subsidies.services import payments, statements
from tests.factories import UserFactory
from tests.subsidies.conftest import JULY, JUNE, MAY

ON = dt.date(2026, 8, 1)
DUE = dt.date(2026, 6, 15)  # of statements that are issued on the first of June
numbers = itertools.count(1)


def treasurer() -> User:
    return UserFactory(roles=[StaffRole.TREASURER])


def issued(company: Company, month: dt.date = MAY) -> RentStatement:
    """Bill and issue a month; the months before it are issued with it."""
    statements.bill(chosen([company.pk]), month=month)
    statements.issue_statements(month=month, on=ON, by=treasurer())
    return RentStatement.objects.get(company=company, month=month)


def received(amount: str, reference: str = "", payer: str = "", **more: Any) -> RentPayment:
    """A payment that the treasurer records."""
    fields = {"transaction": f"T-{next(numbers)}", "paid_on": dt.date(2026, 6, 10), "by": treasurer()} | more
    return payments.record_payment(amount=Decimal(amount), reference=reference, payer=payer, **fields)


def owed(statement: RentStatement) -> str:
    return str(RentStatement.objects.get(pk=statement.pk).owed)


def left(payment: RentPayment) -> str:
    return str(RentPayment.objects.get(pk=payment.pk).left)


MONTHS = (MAY, JUNE, JULY)
