"""Zones with what was possible before come through the upgrades: nothing fails, nothing is deleted, and from then on
what the upgrade brought holds.

To migrate back and forth takes a hundred times as long as all that is looked at, so that all zones go the way together,
each with companies of its own: a generator that makes its rows, continues on the tables of before, and again on the
newest.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from companies.models import Company
from subsidies.choices import Point
from subsidies.models import Budget, Expense, Grant, GrantedContract, InterestStatement, Recovery
from tests.factories import CompanyFactory, InterestStatementFactory, RecoveryFactory, SupplierFactory
from tests.subsidies.conftest import JUNE, MAY, billed, let
from tests.subsidies.grants import approved, spent
from tests.subsidies.overpaying import put_out
from tests.subsidies.test_billed_budgets import DECEMBER, JANUARY, issue, relet

pytestmark = pytest.mark.django_db(transaction=True)

NOVEMBER = dt.date(2025, 11, 1)
BEFORE = ("subsidies", "0008_references_of_decisions")
BEFORE_RECOVERIES_OF_INTEREST = ("subsidies", "0013_budgets_of_what_is_billed")

Zone = Iterator[None]


def migrate(to: tuple[str, str] | None = None) -> None:
    """To the migration, or to the newest of its app: the models are what they are after all of them."""
    executor = MigrationExecutor(connection)
    executor.migrate([to] if to else executor.loader.graph.leaf_nodes("subsidies"))


@pytest.fixture(autouse=True)
def _newest() -> Iterator[None]:
    """Whatever comes of it."""
    yield
    migrate()


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def company_with(code: str, **cost: Any) -> tuple[Company, Expense]:
    company = CompanyFactory(code=code)
    let(company)
    return company, spent(company, **cost)


def doubles() -> Zone:
    """One payment twice on record: all are declared void except the one that a grant holds."""
    company, plain = company_with("A", amount="500", number="E-1", contract="1")
    granted = spent(company, "500", number="E-2", contract="2", point=Point.SETTLEMENT)
    approved(company, Point.SETTLEMENT)
    apart = [spent(company, "500", number=number, contract=number) for number in ("E-3", "E-4")]
    other, alone = company_with("B", amount="500", number="E-5", contract="2")
    yield
    execute("UPDATE subsidies_expense SET contract = '2' WHERE number IN ('E-1', 'E-3')")
    yield
    valid = Expense.objects.valid().filter(company__in=[company, other]).order_by("number")
    assert [cost.number for cost in valid] == [granted.number, apart[1].number, alone.number]
    plain.refresh_from_db()
    assert plain.void_reason.startswith("The payment of E-2, under a second number: one payment is shared once.")
    event = Expense.events.rel.related_model.objects.filter(pgh_obj=plain).order_by("pgh_id").last()
    assert (event.pgh_label, event.void_reason, event.pgh_context.metadata["actor"]) == (
        "update", plain.void_reason, "subsidies.0009_claims",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="subsidies_expense_claimed_once"):
        spent(company, "500", contract="２")


def contracts() -> Zone:
    """One contract of two companies: the first goes on holding it."""
    supplier = SupplierFactory(admitted=True)
    grants = [
        approved(company_with(code, amount="30000", supplier=supplier, contract=code)[0]) for code in ("K", "L", "M")
    ]
    unnamed = approved(company_with("N", amount="30000", contract="K-7")[0])
    ours = [*(grant.pk for grant in grants), unnamed.pk]
    yield
    assert not unnamed.contracts.values("pk").exists()
    execute("ALTER TABLE subsidies_grantedcontract DISABLE TRIGGER USER")
    execute("UPDATE subsidies_grantedcontract SET contract = 'K-7' WHERE contract IN ('K', 'L')")
    execute("ALTER TABLE subsidies_grantedcontract ENABLE TRIGGER USER")
    yield
    held = GrantedContract.objects.filter(grant__in=ours).order_by("grant").values_list("grant", "contract", "held")
    assert list(held) == [
        (grants[0].pk, "K-7", True), (grants[1].pk, "K-7", False), (grants[2].pk, "M", True), (unnamed.pk, "K-7", True),
    ]  # fmt: skip
    assert [grant.state for grant in Grant.objects.filter(pk__in=ours)] == ["approved"] * 4


def issued_months(tenant: Company, treasurer: User) -> Zone:
    """Months that were issued before there were budgets for them are committed of these."""
    relet(tenant, "300.00")
    for month, area in ((NOVEMBER, "200.00"), (DECEMBER, "100.00"), (JANUARY, "400.00")):
        billed(tenant, month)
        issue(month, treasurer)
        relet(tenant, area)
    billed(tenant, dt.date(2026, 2, 1))
    known = list(Budget.objects.filter(committed__gt=0).values_list("point", "year", "amount", "committed"))
    assert [row[-1] for row in known] != []
    yield
    assert not Budget.objects.filter(point=Point.RENT_WAIVER).exists()
    yield
    again = Budget.objects.filter(committed__gt=0).values_list("point", "year", "amount", "committed")
    assert list(again) == known


def interest_statement(payable: str, state: str = "issued", **more: object) -> InterestStatement:
    amount = Decimal(payable)
    made = InterestStatementFactory(supported=Decimal(0), adjustment=amount, payable=amount, **more)
    return put_out(made) if state == "issued" else made


def overpaid_interest() -> Zone:
    """Statements of interest that were issued below 0 are asked back, each once, and what is asked back of grants stays
    as it is. The upgrade is not taken back after that."""
    of_grant = RecoveryFactory(grant__number="G-2026-90001")
    first = interest_statement("-0.01", month=MAY)
    second = interest_statement("-418.50", month=JUNE, company=first.company)
    for payable, state in (("0.00", "issued"), ("465.00", "issued"), ("-90.00", "open")):
        interest_statement(payable, state)
    yield
    yield
    found = Recovery.objects.exclude(statement=None).order_by("pk")
    assert list(found.values_list("statement", "amount", "state", "opened_by", "reason", "arithmetic")) == [
        (first.pk, Decimal("0.01"), "open", None, "", {}),
        (second.pk, Decimal("418.50"), "open", None, "", {}),
    ]
    assert list(Recovery.objects.filter(statement=None)) == [of_grant]
    event = Recovery.events.rel.related_model.objects.get(pgh_obj=found[0])
    assert (event.pgh_label, event.pgh_context.metadata["actor"]) == ("insert", "subsidies.0014_overpaid_interest")
    with pytest.raises(IntegrityError):
        migrate(BEFORE_RECOVERIES_OF_INTEREST)
    assert found.count() == 2


def test_zones_of_before_come_through_the_upgrades(tenant: Company, treasurer: User):
    zones = (doubles(), contracts(), issued_months(tenant, treasurer), overpaid_interest())
    for zone in zones:
        next(zone)
    migrate(BEFORE)
    for zone in zones:
        next(zone)
    migrate()
    for zone in zones:
        assert next(zone, "through") == "through"
