"""A zone that has one payment, or one contract, twice on record brings them through the upgrade: nothing fails, nothing
is deleted, and from then on it holds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from companies.models import Company
from subsidies.choices import Point
from subsidies.models import Expense, Grant, GrantedContract
from tests.factories import CompanyFactory, SupplierFactory
from tests.subsidies.conftest import let
from tests.subsidies.grants import approved, spent

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("subsidies", "0008_references_of_decisions")


def migrate(to: tuple[str, str] | None = None) -> None:
    """To the migration, or to the newest of its app: the models are what they are after all of them."""
    executor = MigrationExecutor(connection)
    executor.migrate([to] if to else executor.loader.graph.leaf_nodes("subsidies"))


@pytest.fixture
def before(policy) -> Iterator[Callable[[str], None]]:
    """Statements on the tables as they were; the upgrade comes with `migrate()`, at the latest with the end."""

    def execute(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    yield execute
    migrate()


def company_with(code: str, **cost: Any) -> tuple[Company, Expense]:
    company = CompanyFactory(code=code)
    let(company)
    return company, spent(company, **cost)


def test_doubles_are_declared_void_except_the_one_that_a_grant_holds(before):
    company, plain = company_with("A", amount="500", number="E-1", contract="1")
    granted = spent(company, "500", number="E-2", contract="2", point=Point.SETTLEMENT)
    approved(company, Point.SETTLEMENT)
    apart = [spent(company, "500", number=number, contract=number) for number in ("E-3", "E-4")]
    _company, alone = company_with("B", amount="500", number="E-5", contract="2")
    migrate(BEFORE)
    before("UPDATE subsidies_expense SET contract = '2' WHERE number IN ('E-1', 'E-3')")
    migrate()
    valid = Expense.objects.valid().order_by("number").values_list("number", flat=True)
    assert list(valid) == [granted.number, apart[1].number, alone.number]
    plain.refresh_from_db()
    assert plain.void_reason.startswith("The payment of E-2, under a second number: one payment is shared once.")
    event = Expense.events.rel.related_model.objects.filter(pgh_obj=plain).order_by("pgh_id").last()
    assert (event.pgh_label, event.void_reason, event.pgh_context.metadata["actor"]) == (
        "update", plain.void_reason, "subsidies.0009_claims",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="subsidies_expense_claimed_once"):
        spent(company, "500", contract="２")


def test_the_first_of_two_companies_goes_on_holding_a_contract(before):
    supplier = SupplierFactory(admitted=True)
    grants = [
        approved(company_with(code, amount="30000", supplier=supplier, contract=code)[0]) for code in ("A", "B", "C")
    ]
    unnamed = approved(company_with("D", amount="30000", contract="K-7")[0])
    migrate(BEFORE)
    assert not unnamed.contracts.values("pk").exists()
    before("ALTER TABLE subsidies_grantedcontract DISABLE TRIGGER USER")
    before("UPDATE subsidies_grantedcontract SET contract = 'K-7' WHERE contract IN ('A', 'B')")
    before("ALTER TABLE subsidies_grantedcontract ENABLE TRIGGER USER")
    migrate()
    held = GrantedContract.objects.order_by("grant").values_list("grant", "contract", "held")
    assert list(held) == [
        (grants[0].pk, "K-7", True), (grants[1].pk, "K-7", False), (grants[2].pk, "C", True), (unnamed.pk, "K-7", True),
    ]  # fmt: skip
    assert [grant.state for grant in Grant.objects.all()] == ["approved"] * 4
