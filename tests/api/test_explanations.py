"""The reasons for a decision in the API: complete, as the document promises, and without anybody's name."""

import datetime as dt
from decimal import Decimal

import pghistory
import pytest
import time_machine
from jsonschema import Draft202012Validator

from companies.models import Company
from core.periods import period
from subsidies.gather.selection import chosen
from subsidies.models import Decision
from subsidies.services import assessments
from tests.factories import IN_FORCE_FROM, CompanyFactory, LeaseFactory, LoanFactory, ProjectFactory
from tests.policies import published_policy
from tests.subsidies.grants import approved, spent
from zone_portal.api import document

ON = dt.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def tenant(db) -> Company:
    published_policy()
    company = CompanyFactory(code="T-001")
    LeaseFactory(company=company, number="L-1", area_m2=Decimal("300.00"), price_per_m2_day=Decimal("1.0000"))
    assessments.assess(chosen([company.pk]), on=ON)
    return company


def explanation(machine, company: Company, point: str = "rent_waiver", fields: str = "") -> dict:
    decision = Decision.objects.in_force().get(company=company, point=point)
    query = f"?fields={fields}" if fields else ""
    response = machine("decisions:read").get(f"/api/v1/decisions/{decision.public_id}/explanation/{query}")
    assert response.status_code == 200
    return response.json()


def test_a_yes_shows_its_criteria_its_arithmetic_and_its_end(machine, tenant):
    found = explanation(machine, tenant)
    assert (found["outcome"], found["amount"], found["nearest"]) == (
        "eligible", "9000.00", {"changes": [], "brings": None},
    )  # fmt: skip
    window = next(criterion for criterion in found["criteria"] if criterion["key"] == "window_open")
    assert (window["result"], window["value"], window["op"], window["threshold"]) == (
        True, "2028-09-24", ">=", "2026-06-15",
    )  # fmt: skip
    assert window["path"] == "all.4"
    assert [number["provenance"] for number in window["parameters"]] == ["published"]
    assert [(step["kind"], step["value"]) for step in found["steps"]] == [("of", "9000.00")]
    assert found["ends"] == {
        "day": "2028-09-25",
        "outcome": "not_eligible",
        "criteria": ["window_open"],
        "after": {"month": "2028-10", "borne": "9300.00", "before": "0.00", "eligible": [], "unknown": []},
    }


@pytest.mark.parametrize(
    ("area", "last", "borne", "before"),
    [
        ("300.01", None, "9300.31", "0.31"),
        ("400.00", None, "12400.00", "3100.00"),
        ("400.00", dt.date(2028, 10, 1), "400.00", "100.00"),
        ("400.00", dt.date(2028, 9, 30), None, None),
    ],
)
def test_an_end_says_what_rent_is_payable_then(machine, tenant, area, last, borne, before):
    tenant.leases.update(area_m2=Decimal(area), term=period(IN_FORCE_FROM, last))
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = explanation(machine, tenant, fields="ends")["ends"]["after"]
    assert (found["month"], found["borne"], found["before"]) == ("2028-10", borne, before)


def test_an_end_says_what_interest_is_borne_then_and_what_else_there_is(machine, tenant):
    LoanFactory(
        company=tenant, principal=Decimal("2000000.00"), annual_rate_percent=Decimal("3.0000"),
        drawn_on=dt.date(2026, 1, 5), due_on=None,
    )  # fmt: skip
    ProjectFactory(company=tenant, kind="leading", score=Decimal("85.00"), scored_on=ON)
    assessments.assess(chosen([tenant.pk]), on=ON)
    assert explanation(machine, tenant, "loan_interest", fields="ends")["ends"] == {
        "day": "2029-01-05",
        "outcome": "not_eligible",
        "criteria": ["interest_window_open"],
        "after": {
            "month": "2029-02", "borne": "4666.67", "before": "2333.34", "eligible": ["leading_project"], "unknown": [],
        },
    }  # fmt: skip
    assert explanation(machine, tenant, fields="ends")["ends"]["after"]["eligible"] == [
        "leading_project", "loan_interest",
    ]  # fmt: skip


def test_nothing_is_reckoned_after_a_point_that_is_not_paid_by_the_month(machine, tenant):
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2027, 1, 31)))
    ProjectFactory(company=tenant, kind="leading", score=Decimal("85.00"), scored_on=ON)
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = explanation(machine, tenant, "leading_project", fields="ends")["ends"]
    assert (found["day"], found["criteria"], found["after"]) == ("2027-02-01", ["registered"], None)


def test_a_no_says_what_would_change_it_and_what_that_would_bring(machine, tenant):
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2026, 5, 31)))
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = explanation(machine, tenant, fields="outcome,nearest,amount_high,ends")
    assert found == {
        "outcome": "not_eligible",
        "amount_high": None,
        "nearest": {
            "changes": [
                {
                    "criterion": "registered",
                    "label": "Registered in the zone",
                    "by": "founder",
                    "day": None,
                    "facts": [{"name": "registered", "label": "Registered in the zone", "supplier": "founder"}],
                }
            ],
            "brings": {"low": "9300.00", "high": "9300.00", "on": "2026-07-01"},
        },
        "ends": None,
    }


def test_an_unknown_lies_between_two_amounts_and_names_who_can_tell(machine, tenant):
    Company.objects.filter(pk=tenant.pk).update(registration=None)
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = explanation(machine, tenant)
    assert (found["outcome"], found["amount"], found["amount_low"]) == ("unknown", None, "0.00")
    assert [(fact["name"], fact["supplier"]) for fact in found["missing"]] == [("registered_on", "founder")]
    (change,) = found["nearest"]["changes"]
    assert (change["by"], [fact["name"] for fact in change["facts"]]) == ("supply", ["registered_on"])


def test_a_fact_says_whether_the_zone_or_a_file_entered_it_and_names_nobody(machine, tenant, officer):
    with pghistory.context(actor="import companies.csv"):
        Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 2), None))
    with pghistory.context(user=officer.pk):
        Company.objects.filter(pk=tenant.pk).update(operation=period(dt.date(2025, 10, 2), None))
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = {criterion["key"]: criterion["facts"] for criterion in explanation(machine, tenant)["criteria"]}
    assert [fact["entered"]["by"] for fact in (*found["registered"], *found["settled"])] == ["file", "zone"]
    assert officer.name not in str(found)


def test_a_superseded_decision_keeps_its_reasons_and_has_no_prospects(machine, tenant):
    old = Decision.objects.get(company=tenant, point="rent_waiver")
    Company.objects.filter(pk=tenant.pk).update(registration=None)
    assessments.assess(chosen([tenant.pk]), on=ON)
    found = machine("decisions:read").get(f"/api/v1/decisions/{old.public_id}/explanation/").json()
    assert (found["outcome"], found["ends"]) == ("eligible", None)
    assert all(fact["entered"] is None for criterion in found["criteria"] for fact in criterion["facts"])


def test_the_answer_is_what_the_document_promises(machine, tenant):
    schema = {"$ref": "#/components/schemas/Explanation", **_json_schema({"components": document()["components"]})}
    for point in ("rent_waiver", "leading_project", "settlement", "ai_vouchers"):
        Draft202012Validator(schema).validate(explanation(machine, tenant, point))


def _json_schema(node):
    """OpenAPI 3.0 says `nullable`, which JSON Schema does not know."""
    if isinstance(node, list):
        return [_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _json_schema(part) for name, part in node.items()}
    return {"anyOf": [inner, {"type": "null"}]} if node.get("nullable") is True else inner


def test_an_unknown_parameter_is_refused_and_another_scope_does_not_open_it(machine, tenant):
    decision = Decision.objects.filter(company=tenant).first()
    address = f"/api/v1/decisions/{decision.public_id}/explanation/"
    assert machine("decisions:read").get(f"{address}?on=2026-01-01").status_code == 400
    assert machine("statements:read").get(address).status_code == 403


def test_an_explanation_costs_a_fixed_number_of_queries(machine, tenant, django_assert_max_num_queries):
    client = machine("decisions:read")
    decision = Decision.objects.in_force().get(company=tenant, point="rent_waiver")
    for number in range(2, 7):
        LeaseFactory(company=tenant, number=f"L-{number}")
    with django_assert_max_num_queries(27):
        client.get(f"/api/v1/decisions/{decision.public_id}/explanation/")


def test_what_is_in_a_grant_already_is_named(machine, tenant):
    spent(tenant, "30000", number="E-1")
    grant = approved(tenant)
    found = explanation(machine, tenant, "activities", fields="outcome,held")
    held = {"kind": "expense", "item": "E-1", "contract": None, "grant": grant.number, "point": "activities"}
    assert found["held"] == [held | {"state": "approved"}]
    assert explanation(machine, tenant, "talent", fields="held") == {"held": []}
