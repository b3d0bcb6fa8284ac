"""Payments of rent, read by machines, and what is paid of a statement."""

from decimal import Decimal

from subsidies.models import PolicyVersion
from tests.policies import published_policy
from tests.subsidies.conftest import let
from tests.subsidies.paying import issued, received


def test_a_payment_and_what_it_pays(company, machine):
    assert isinstance(published_policy(), PolicyVersion)
    let(company, area_m2=Decimal("400.00"))
    statement = issued(company)
    received("3200.00", statement.number, "Lingxi", transaction="T-1")
    received("5.00", transaction="T-2")
    client = machine()
    one, other = client.get("/api/v1/rent-payments/").json()["results"]
    assert (one["transaction"], one["amount"], one["left"], one["state"]) == ("T-1", "3200.00", "100.00", "left")
    assert one["company"] == company.code
    assert [(row["statement"], row["amount"]) for row in one["allotments"]] == [(str(statement.public_id), "3100.00")]
    assert (other["company"], other["state"], other["allotments"]) == (None, "unmatched", [])
    found = client.get("/api/v1/rent-payments/?state=unmatched&paid_from=2026-06-10").json()["results"]
    assert [row["transaction"] for row in found] == ["T-2"]
    assert client.get("/api/v1/rent-payments/?state=nothing").status_code == 400
    answer = client.get(f"/api/v1/rent-statements/{statement.public_id}/").json()
    assert (answer["number"], answer["paid"], answer["owed"], answer["settled"]) == (
        statement.number, "3100.00", "0.00", True,
    )  # fmt: skip
    assert answer["due_on"] == str(statement.due_on)
    assert len(client.get("/api/v1/rent-statements/?settled=true").json()["results"]) == 1
    assert client.get("/api/v1/rent-statements/?settled=false").json()["results"] == []
