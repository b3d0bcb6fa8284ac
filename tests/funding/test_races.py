"""Two people at the same moment, on two real connections: what was lent is never paid back twice."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import StaffRole
from core.errors import Conflict, DomainError
from funding.models import Loan, Repayment
from funding.services import loans, repayments
from tests.factories import LoanFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAID = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))


@pytest.fixture
def loan() -> Loan:
    return LoanFactory(number="L1", principal=Decimal(1000))


@pytest.fixture
def officers():
    return [UserFactory(roles=[StaffRole.OFFICER]), UserFactory(roles=[StaffRole.OFFICER])]


def one_after_the_other(leader: Callable[[], object], follower: Callable[[], object]) -> list[object]:
    """What each returned or was refused with: the follower begins once the leader has written, and the leader commits
    only while the follower waits for it."""
    written, waits = threading.Event(), threading.Event()
    results: list[object] = [None, None]

    def lead() -> object:
        with transaction.atomic():
            done = leader()
            written.set()
            waits.wait(timeout=10)
            return done

    def follow() -> object:
        written.wait(timeout=10)
        threading.Timer(0.3, waits.set).start()  # by then the other statement waits for the row
        return follower()

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            results[index] = act()
        except (DomainError, IntegrityError) as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((lead, follow))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    return results


def pay(loan: Loan, day: dt.date, amount: int, by) -> Callable[[], Repayment]:
    fresh = Loan.objects.get(pk=loan.pk)
    return lambda: repayments.record_repayment(loan=fresh, paid_on=day, principal=Decimal(amount), by=by)


def test_two_repayments_that_together_exceed_the_principal(loan, officers):
    first, second = one_after_the_other(pay(loan, PAID[0], 600, officers[0]), pay(loan, PAID[1], 500, officers[1]))
    assert isinstance(first, Repayment)
    assert isinstance(second, Conflict)
    assert str(second) == "Only ¥400.00 of loan L1 are left to pay back."
    assert loan.repaid == Decimal(600)


def test_two_repayments_past_the_services(loan):
    def raw(day: dt.date, amount: int) -> Callable[[], Repayment]:
        return lambda: Repayment.objects.create(loan_id=loan.pk, paid_on=day, principal=Decimal(amount))

    first, second = one_after_the_other(raw(PAID[0], 600), raw(PAID[1], 500))
    assert isinstance(first, Repayment)
    assert isinstance(second, IntegrityError)
    assert loan.repaid == Decimal(600)


@pytest.mark.parametrize("first", ["pay", "shrink"])
def test_a_loan_shrinks_while_it_is_paid_back(loan, officers, first):
    terms = {"bank": "Bank", "annual_rate_percent": Decimal(4), "drawn_on": loan.drawn_on, "due_on": None}
    acts = {
        "pay": pay(loan, PAID[0], 600, officers[0]),
        "shrink": lambda: loans.change_loan(loan=loan, principal=Decimal(500), by=officers[1], **terms),
    }
    led, followed = one_after_the_other(acts.pop(first), *acts.values())
    assert not isinstance(led, DomainError)
    assert isinstance(followed, Conflict)
    assert followed.code == ("below_repayments" if first == "pay" else "beyond_principal")
