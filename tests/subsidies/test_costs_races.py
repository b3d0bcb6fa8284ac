"""Two people who enter the same thing at the same moment, on two real connections."""

import contextlib
import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection

from accounts.models import StaffRole
from core.errors import Conflict
from subsidies.models import Expense, Supplier
from subsidies.services import expenses
from tests.factories import CompanyFactory, ExpenseFactory, SupplierFactory, UserFactory
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def enter_at_once(monkeypatch, supplier: str, contracts: tuple[str, str]) -> list[object]:
    """Two costs of one company, entered after both people have looked for the same payment and found none."""
    company, officer = CompanyFactory(), UserFactory(roles=[StaffRole.OFFICER])
    look = expenses.same_payment
    both_have_looked = threading.Barrier(2, timeout=2)

    def look_and_wait(expense: Expense) -> Expense | None:
        found = look(expense)
        with contextlib.suppress(threading.BrokenBarrierError):  # the other one waits for a lock, or is through
            both_have_looked.wait()
        return found

    monkeypatch.setattr(expenses, "same_payment", look_and_wait)
    results: list[object] = [None, None]

    def run(index: int) -> None:
        try:
            results[index] = expenses.enter_expense(
                number=f"E{index}", company=company, point="activities", supplier=supplier,
                contract=contracts[index], amount=Decimal(100), paid_on=dt.date(2026, 5, 4), by=officer,
            )  # fmt: skip
        except Conflict as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


@pytest.mark.parametrize(
    ("supplier", "contracts"), [("AC", ("C1", "C1")), ("", ("C1", "c1")), ("", ("C1", "")), ("", ("", ""))]
)
def test_one_payment_is_entered_once(monkeypatch, supplier, contracts):
    SupplierFactory(code="AC", name="Acme")
    results = enter_at_once(monkeypatch, supplier, contracts)
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert refused.code == "claimed_twice"
    assert Expense.objects.count() == 1


def test_an_unknown_supplier_is_entered_once(monkeypatch):
    results = enter_at_once(monkeypatch, "New Cloud", ("C1", "C2"))
    assert all(isinstance(result, Expense) for result in results)
    assert Supplier.objects.count() == 1


@pytest.mark.parametrize("contracts", [("C1", "C1"), ("C1", ""), ("", "")])
def test_the_database_itself_takes_one_payment_once(contracts):
    """Of two writers who ask nobody, one comes through; the other violates the constraint, or they block each other and
    he is ended for it."""
    company, ready = CompanyFactory(), threading.Barrier(2, timeout=5)

    def write(index: int) -> object:
        ready.wait()
        said = {"supplier": None, "point": "activities", "kind": "", "contract": contracts[index]}
        try:
            return ExpenseFactory(number=f"E{index}", company=company, **said)
        except (IntegrityError, OperationalError) as error:
            return error

    results = at_once(lambda: write(0), lambda: write(1))
    assert sorted(isinstance(result, Expense) for result in results) == [False, True]
    assert Expense.objects.count() == 1
