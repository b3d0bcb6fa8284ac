"""`Idempotency-Key`: the same request again gets the first answer, also when both arrive at the same moment."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core import tasks
from core.models import KeptAnswer
from funding.models import Loan
from tests.api.entered import LOANS
from tests.factories import CompanyFactory

KEY = {"HTTP_IDEMPOTENCY_KEY": "9f1c-1"}


@pytest.fixture
def company_a(db):
    return CompanyFactory(code="A-001")


def send(client, key="9f1c-1", **changed):
    return client.post(LOANS.list, LOANS.body | changed, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_a_repeat_is_given_the_first_answer_and_does_nothing(machine, company_a):
    client = machine()
    first, again = send(client), send(client)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again[name] for name in ("Location", "ETag")] == [first[name] for name in ("Location", "ETag")]
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Loan.objects.count() == 1


def test_how_a_body_is_spaced_and_ordered_does_not_matter(machine, company_a):
    client = machine()
    send(client)
    turned = dict(reversed(LOANS.body.items()))
    assert client.post(LOANS.list, turned, format="json", **KEY)["Idempotency-Replayed"] == "true"


def test_another_body_or_address_under_the_key_is_422_and_does_nothing(machine, company_a):
    client = machine()
    send(client)
    patched = client.patch(LOANS.row("HZ/2026 1"), {"bank": "B"}, format="json", HTTP_IF_MATCH="*", **KEY)
    for answer in (send(client, bank="Another bank"), patched):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert answer["Content-Type"] == "application/problem+json"
    assert Loan.objects.get().bank == LOANS.body["bank"]


def test_a_refusal_is_an_answer_too(machine, company_a):
    client = machine()
    first = send(client, principal="-1.00")
    again = send(client, principal="-1.00")
    assert (first.status_code, again.status_code, again["Content-Type"]) == (400, 400, first["Content-Type"])
    assert again.content == first.content
    assert send(client, "9f1c-2").status_code == 201


def test_each_api_key_has_keys_of_its_own(machine, company_a):
    send(machine())
    assert send(machine()).json()["code"] == "taken"


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "schlüssel"])
def test_a_malformed_key_is_400(machine, company_a, key):
    answer = send(machine(), key)
    assert (answer.status_code, answer.json()["errors"][0]["name"]) == (400, "Idempotency-Key")
    assert not Loan.objects.exists()


def test_the_longest_key_is_taken(machine, company_a):
    assert send(machine(), "x" * 255).status_code == 201


def test_a_failure_of_ours_is_not_kept(machine, company_a, monkeypatch):
    client = machine()
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("core.outbox.record", lambda *_args, **_kwargs: 1 / 0)
        assert send(client).status_code == 500
    assert not KeptAnswer.objects.exists()
    assert send(client).status_code == 201


def test_an_answer_is_kept_for_a_day(machine, company_a):
    client, now = machine(), timezone.now()
    send(client)
    almost = KeptAnswer.objects.get().created_at + dt.timedelta(days=1)
    with time_machine.travel(almost - dt.timedelta(seconds=1), tick=False):
        assert tasks.forget_answers() == 0
        assert send(client)["Idempotency-Replayed"] == "true"
    with time_machine.travel(almost + dt.timedelta(seconds=1), tick=False):
        assert send(client).json()["code"] == "taken"  # it is a request like any other again
        assert KeptAnswer.objects.get().status == 409
        assert tasks.forget_answers() == 0
    with time_machine.travel(now + dt.timedelta(days=3), tick=False):
        assert tasks.forget_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_the_second_waits_and_answers_the_same(machine):
    CompanyFactory(code="A-001")
    client, start = machine(), threading.Barrier(2)

    def run(_number):
        try:
            start.wait(timeout=10)
            return send(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, range(2)))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [False, True]
    assert Loan.objects.count() == 1
