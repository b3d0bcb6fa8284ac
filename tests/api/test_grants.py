"""Grants and budgets as machines read them."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from accounts.models import StaffRole
from companies.models import Company
from core.money import to_yuan
from subsidies.services.grants import propose_supplement
from tests.factories import CompanyFactory
from tests.policies import published_policy
from tests.subsidies.conftest import let
from tests.subsidies.grants import corrected, paid, person, proposed, spent


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def tenant(db) -> Company:
    published_policy()
    company = CompanyFactory(code="T-001")
    let(company)
    spent(company, "30000", number="E-1")
    return company


def test_a_grant_comes_with_its_items_and_its_ledger(tenant, machine):
    grant = paid(tenant)
    row = machine().get(f"/api/v1/grants/{grant.public_id}/").json()
    assert (row["number"], row["company"], row["point"], row["part"]) == (grant.number, "T-001", "activities", "")
    assert (row["amount"], row["committed"], row["paid"], row["recovered"]) == (*["15000.00"] * 3, "0.00")
    assert row["items"] == [{"expense": "E-1", "talent": None, "project": None, "worth": "30000.00"}]
    assert [(line["kind"], line["amount"]) for line in row["ledger"]] == [
        ("commitment", "15000.00"),
        ("payment", "15000.00"),
    ]
    assert row["decision"] == str(grant.decision.public_id)


def test_a_supplement_names_its_grant(tenant, machine):
    grant = paid(tenant)
    corrected(grant.items.get().expense, amount=Decimal("40000.00"))
    row = machine().get(f"/api/v1/grants/{grant.public_id}/").json()
    assert (row["more_due"], row["supplement_to"], row["due_in_all"], row["correction"]) == ("5000.00", None, None, "")
    made = propose_supplement(grant=grant, on=grant.granted_on, by=person(StaffRole.OFFICER))
    row = machine().get(f"/api/v1/grants/{made.public_id}/").json()
    assert (row["supplement_to"], row["amount"], row["due_in_all"]) == (str(grant.public_id), "5000.00", "20000.00")
    assert row["correction"].startswith("Corrected: E-1.")


def test_grants_are_narrowed_down(tenant, machine):
    grant = proposed(tenant)
    for query, found in (("state=proposed", 1), ("state=paid", 0), ("year=2026", 1), ("year=2025", 0)):
        rows = machine().get(f"/api/v1/grants/?{query}").json()["results"]
        assert [row["number"] for row in rows] == [grant.number] * found, query


def test_a_budget_says_what_is_left(tenant, machine):
    paid(tenant)
    (row,) = machine().get("/api/v1/budgets/?point=activities&year=2026").json()["results"]
    assert {name: row[name] for name in ("amount", "committed", "paid", "recovered", "left")} == {
        "amount": "10000000.00", "committed": "15000.00", "paid": "15000.00", "recovered": "0.00",
        "left": str(to_yuan(998_500_000)),
    }  # fmt: skip
