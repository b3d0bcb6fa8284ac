"""The certificate of a decision by machine: the same as people keep, by those whose key may read decisions."""

import json

import pytest
from django.urls import reverse

from accounts.models import Scope
from subsidies.gather.selection import chosen
from subsidies.models import Decision
from subsidies.services import assessments
from tests.api.test_contract import open_connection, schema  # noqa: F401 - a fixture
from tests.factories import TODAY
from tests.policies import published_policy

MISSING = "/api/v1/decisions/00000000-0000-4000-8000-000000000000/certificate/"


@pytest.fixture
def decided(company) -> Decision:
    """Alice's company, decided."""
    published_policy()
    assessments.assess(chosen([company.pk]), on=TODAY)
    return Decision.objects.get(company=company, point="rent_waiver")


def address(found: Decision) -> str:
    return f"/api/v1/decisions/{found.public_id}/certificate/"


def test_a_key_reads_the_certificate_as_people_keep_it(decided, machine, alice, signed_in):
    answer = machine(Scope.DECISIONS_READ).get(address(decided))
    assert answer.status_code == 200
    page = signed_in(alice).get(reverse("subsidies:certificate_json", args=[decided.public_id]))
    assert answer.json() == json.loads(page.content)


def test_a_key_reads_parts_of_it(decided, machine):
    client = machine(Scope.DECISIONS_READ)
    assert set(client.get(address(decided), {"fields": "amount,seal"}).json()) == {"amount", "seal"}
    assert client.get(address(decided), {"field": "amount"}).json()["code"] == "unknown_parameter"


def test_a_key_needs_the_scope_and_a_decision_that_is_there(decided, machine):
    assert machine(Scope.LEASES_READ).get(address(decided)).status_code == 403
    assert machine(Scope.DECISIONS_READ).get(MISSING).status_code == 404


def test_the_answer_is_what_the_document_promises(decided, machine, open_connection):  # noqa: F811
    key = machine()._credentials["HTTP_AUTHORIZATION"]
    operation = schema["/api/v1/decisions/{id}/certificate/"]["GET"]
    case = operation.Case(path_parameters={"id": str(decided.public_id)})
    answer = case.call_and_validate(headers={"Authorization": key, "Accept-Encoding": "identity"})
    assert answer.status_code == 200
