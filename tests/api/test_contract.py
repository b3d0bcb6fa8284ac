"""The OpenAPI document against the answers: whatever a client sends, it gets what the document promises."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, assume, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from accounts.models import Scope
from tests.factories import (
    BudgetFactory,
    DecisionFactory,
    DeliveryFactory,
    ExpenseFactory,
    GrantFactory,
    LeaseOfferFactory,
    ProjectFactory,
    RentLineFactory,
    RentPaymentFactory,
    RepaymentFactory,
    ReportFactory,
    TalentFactory,
)
from tests.policies import published_policy
from zone_portal.api import document

# What an address takes: a list, one that records are entered in, a row, one that is corrected, an act on a row.
METHODS = ({"get"}, {"get", "post"}, {"get", "patch"}, {"post"})
REFUSED = {
    "get": {"200", "304", "400", "401", "403", "429"},
    "post": {"400", "401", "403", "404", "409", "413", "415", "422", "429"},
    "patch": {"200", "204", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429"},
}
VOIDABLE = {
    "loans": "loan", "repayments": "id", "projects": "project", "talents": "talent", "reports": "id",
    "expenses": "expense", "rounds": "id", "desk-memberships": "membership", "day-passes": "day_pass",
}  # fmt: skip

# A correction without `If-Match` is a 428 (RFC 6585), which is not among the tool's own.
REQUIRED = {"missing_required_header": {"expected-statuses": [400, 401, 403, 406, 415, 422, 428]}}
config = schemathesis.Config.from_dict({"checks": REQUIRED})
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)


@pytest.fixture
def open_connection(db) -> Iterator[None]:
    """As Django's own test client does: a request must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def authorization(machine, open_connection) -> str:
    published_policy()
    for factory in (
        DecisionFactory, RentLineFactory, RentPaymentFactory, ReportFactory, ProjectFactory, RepaymentFactory,
        TalentFactory, ExpenseFactory, GrantFactory, BudgetFactory, LeaseOfferFactory, DeliveryFactory,
    ):  # fmt: skip
        factory()
    return machine()._credentials["HTTP_AUTHORIZATION"]


def is_left_out(value: object) -> bool:
    """Whether a parameter of this value is no part of an address: what was meant to be wrong about it never arrives."""
    return value is None or (isinstance(value, list | tuple | dict) and all(is_left_out(part) for part in value))


def refuse_broken_promises(case: schemathesis.Case, authorization: str) -> None:
    """The rows' ids are not guessable, and the document cannot say which names `fields` takes or how a cursor looks: a
    generated request that conforms may still be refused, but only with a problem of the documented kind."""
    assume(not any(is_left_out(value) for value in (case.query or {}).values()))
    case.call_and_validate(
        headers={"Authorization": authorization, "Accept-Encoding": "identity"},
        excluded_checks=[ignored_auth, positive_data_acceptance],
    )


# Each parameter's bounds and mistakes come first, for each address, and are no examples. What is drawn at random
# after them goes through one parser, one filter and one pagination for all that is read: few requests to each address
# are hundreds to them, other ones in each run.
@pytest.mark.slow
@schema.include(method="GET").parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_promises(case, authorization):
    refuse_broken_promises(case, authorization)


# One view and one parser take all that is written, so that few requests to each address are many to them.
@pytest.mark.slow
@schema.exclude(method="GET").parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_to_what_is_written_is_one_that_the_document_promises(case, authorization):
    refuse_broken_promises(case, authorization)


def test_the_document_is_complete(db, client):
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"].startswith("application/vnd.oai.openapi+json")
    found = json.loads(response.content)
    assert {path for path in found["paths"] if "{" not in path} == {
        "/api/v1/policy-versions/", "/api/v1/rent-payments/", "/api/v1/rounds/",
        "/api/v1/companies/", "/api/v1/leases/", "/api/v1/decisions/", "/api/v1/rent-statements/", "/api/v1/reports/",
        "/api/v1/projects/", "/api/v1/loans/", "/api/v1/talents/", "/api/v1/suppliers/", "/api/v1/expenses/",
        "/api/v1/interest-statements/", "/api/v1/grants/", "/api/v1/budgets/", "/api/v1/repayments/",
        "/api/v1/rooms/", "/api/v1/bookings/", "/api/v1/desk-memberships/", "/api/v1/lease-offers/",
        "/api/v1/booking-series/",
        "/api/v1/day-passes/", "/api/v1/deposits/", "/api/v1/stage-proposals/",
        "/api/v1/support-packages/", "/api/v1/deliveries/",
        "/api/v1/booking-series/preview/",
    }  # fmt: skip
    assert found["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, operations in found["paths"].items():
        assert set(operations) in METHODS, path
        for method, operation in operations.items():
            assert operation["description"]
            assert operation["x-scope"] in Scope.values
            assert Scope(operation["x-scope"]).is_writing is (method != "get")
            assert REFUSED[method] <= set(operation["responses"])
            assert ("404" in operation["responses"]) is ("{" in path or method != "get")
            for parameter in operation["parameters"]:
                assert parameter.get("description") or parameter["schema"].get("enum"), (path, parameter["name"])


def test_what_is_entered_is_corrected_and_what_is_no_register_is_declared_void(db):
    paths = document()["paths"]
    entered = {path for path, operations in paths.items() if "{" not in path and "post" in operations}
    made = {
        "/api/v1/bookings/",
        "/api/v1/lease-offers/",
        "/api/v1/booking-series/",
        "/api/v1/booking-series/preview/",
    }  # and then acted on
    entered -= made
    assert entered == {f"/api/v1/{kind}/" for kind in (*VOIDABLE, "suppliers")}
    assert {path for path in paths if path.endswith("/void/")} == {
        f"/api/v1/{kind}/{{{key}}}/void/" for kind, key in VOIDABLE.items()
    }
    assert {path.partition("{")[0] for path, operations in paths.items() if "patch" in operations} == entered


def test_whatever_writes_takes_an_idempotency_key(db):
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            named = {parameter["name"] for parameter in operation["parameters"]}
            assert ("Idempotency-Key" in named) is (method != "get"), path


def test_the_example_of_a_problem_is_one():
    problem = document()["components"]["schemas"]["Problem"]
    Draft202012Validator(problem).validate(problem["example"])


def test_the_pages_show_every_address_with_its_scope(db, client):
    index = client.get("/api/").content.decode()
    pages = {}
    for path, operations in document()["paths"].items():
        kind = path.split("/")[3]
        page = pages.setdefault(kind, client.get(f"/api/reference/{kind}/").content.decode())
        for method, operation in operations.items():
            for shown in (index, page):
                assert f"{method.upper()} {path}" in shown
                assert operation["x-scope"] in shown
            assert f'href="/api/reference/{kind}/#{operation["operationId"]}"' in index
            assert f'id="{operation["operationId"]}"' in page
    assert "decimal" in pages["leases"]
    assert "nestling, chick" in pages["companies"]
    assert client.get("/api/reference/nothing/").status_code == 404
