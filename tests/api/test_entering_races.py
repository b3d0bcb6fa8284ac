"""Two machines at the same moment, on two real connections: what both enter is there once, and nothing gets lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.api.entered import EXPENSES, KINDS, LOANS, Entered
from tests.factories import CompanyFactory, LoanFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loan():
    return LoanFactory(number="L/1", company=CompanyFactory(code="A-001"))


def at_once(*acts):
    """What each act returns; all begin together."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(run, act) for act in acts]]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_one_number_sent_twice_at_once_is_entered_once(kind: Entered, machine):
    before = kind.model.objects.count()
    clients: list[APIClient] = [machine(), machine()]
    answers = at_once(*(lambda client=client: client.post(kind.list, kind.body, format="json") for client in clients))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["existing"] == first["Location"]
    assert kind.model.objects.count() == before + 1
    if kind is EXPENSES:
        assert kind.model.objects.latest("pk").supplier.expenses.count() == 1


def test_of_two_corrections_of_one_state_one_is_refused(machine):
    clients = [machine(), machine()]
    seen = clients[0].get(LOANS.row("L/1"))["ETag"]
    answers = at_once(
        *(
            lambda client=client, bank=bank: client.patch(
                LOANS.row("L/1"), {"bank": bank}, format="json", HTTP_IF_MATCH=seen
            )
            for client, bank in zip(clients, ("One", "Two"), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
