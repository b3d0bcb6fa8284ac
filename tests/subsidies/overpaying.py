"""What the tests of overpaid interest share: months that are billed and issued, and a loan that turns out smaller."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from accounts.models import StaffRole, User
from companies.models import Company
from funding.models import Loan
from subsidies.choices import StatementState
from subsidies.gather.selection import chosen
from subsidies.models import InterestStatement, Recovery
from subsidies.services.statements import bill, issue_statements
from tests.factories import LoanFactory, UserFactory
from tests.subsidies.conftest import JUNE, MAY

SEPTEMBER_1 = dt.date(2026, 9, 1)
LATER = dt.date(2026, 9, 20)


def lend(company: Company, number: str = "K-1") -> Loan:
    """¥360,000 at 4 %, of which 3 % count (the reference rate): ¥15 of support a day."""
    return LoanFactory(company=company, number=number, principal=Decimal("360000.00"), due_on=None)


def correct(company: Company, **fields: object) -> None:
    Loan.objects.filter(company=company).update(**fields)


def billed(company: Company, month: dt.date) -> InterestStatement:
    bill(chosen([company.pk]), month=month)
    return InterestStatement.objects.get(company=company, month=month)


def issued(company: Company, month: dt.date, by: User) -> InterestStatement:
    """Bill the month for the company, and issue it for all."""
    statement = billed(company, month)
    issue_statements(month=month, on=SEPTEMBER_1, by=by)
    statement.refresh_from_db()
    return statement


def put_out(statement: InterestStatement) -> InterestStatement:
    """Issued by hand: a statement without lines takes nothing from a budget."""
    found = InterestStatement.objects.filter(pk=statement.pk)
    found.update(state=StatementState.ISSUED, issued_at=timezone.now())
    return found.get()


def overpaid(company: Company, by: User) -> Recovery:
    """May is issued with ¥465. Then the loan is a tenth of that: ¥418.50 of May were too much, and June gives ¥45."""
    lend(company)
    issued(company, MAY, by)
    correct(company, principal=Decimal("36000.00"))
    return issued(company, JUNE, by).recovery


def another(role: StaffRole) -> User:
    return UserFactory(roles=[role])
