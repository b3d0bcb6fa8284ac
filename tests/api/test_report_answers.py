"""Answers to the zone's own questions over REST: read by code, taken as one object, held to what is asked."""

import datetime as dt
from decimal import Decimal

import pytest

from companies.models import Report
from companies.services import questions, reports
from tests.factories import ReportFactory

URL = "/api/v1/reports/"
SENT = {"company": "A-001", "period_end": "2026-03-31", "months": 3}
TEXTS = {"text_en": "Question", "text_zh": "问题", "text_de": "Frage"}


@pytest.fixture
def asked(officer) -> None:
    kinds = {"works": "count", "funding": "amount", "exports": "yes_no", "partners": "text"}
    for place, (code, kind) in enumerate(kinds.items(), 1):
        questions.add_question(code=code, kind=kind, place=place, texts=TEXTS, by=officer)


@pytest.fixture
def client(machine, officer):
    return machine("reports:read", "reports:write")


def post(client, **more):
    return client.post(URL, {**SENT, **more}, format="json")


def errors(response) -> dict[str, str]:
    return {error["name"]: error["detail"] for error in response.json()["errors"]}


def test_answers_are_taken_and_read_as_their_kinds_are(company, asked, client):
    answers = {"works": 12, "funding": "0.10", "exports": False, "partners": "Zhejiang University"}
    response = post(client, answers=answers)
    assert (response.status_code, response.json()["answers"]) == (201, answers)
    row = client.get(f"{URL}{response.json()['id']}/").json()
    assert row["answers"] == answers
    assert Report.objects.get().answers.get(question__code="funding").number == Decimal("0.10")


def test_what_is_not_answered_is_null_and_a_correction_changes_what_it_names(company, asked, client):
    made = post(client, answers={"works": 12})
    assert made.json()["answers"] == {"works": 12, "funding": None, "exports": None, "partners": None}
    body, address = {"answers": {"works": None, "partners": "Alibaba"}}, f"{URL}{made.json()['id']}/"
    changed = client.patch(address, body, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.json()["answers"] == {"works": None, "funding": None, "exports": None, "partners": "Alibaba"}
    assert changed["ETag"] != made["ETag"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"patents": 1}, "patents: There is no such field to send"),
        ({"works": "12"}, "works: Send a whole number without quotes"),
        ({"works": -1}, "greater than or equal to 0"),
        ({"funding": 5}, "funding: Send a decimal in quotes"),
        ({"exports": "yes"}, "exports: Send true, false, or null"),
        ({"partners": ""}, "partners: Send a text in quotes"),
        ([], "Send a JSON object"),
        ("works", "Send a JSON object"),
        (None, "required"),
    ],
)
def test_a_malformed_answer_is_refused(company, asked, client, answers, told):
    response = post(client, answers=answers)
    assert response.status_code == 400
    assert told in errors(response)["answers"]
    assert not Report.objects.exists()


def test_a_jump_is_refused_until_the_reason_is_sent(company, asked, client, officer):
    ReportFactory(company=company, revenue=Decimal(1_000_000))
    response = post(client, revenue="9000000.00")
    assert (response.status_code, response.json()["code"]) == (400, "unexplained_jump")
    assert list(errors(response)) == ["jump_reason"]
    again = post(client, revenue="9000000.00", jump_reason="a large order")
    assert (again.status_code, again.json()["jump_reason"]) == (201, "a large order")


def test_what_is_no_longer_asked_is_read_and_not_taken(company, asked, client, officer):
    made = post(client, answers={"works": 12}).json()
    questions.retire_question(question=Report.objects.get().answers.get(question__code="works").question, by=officer)
    assert client.get(f"{URL}{made['id']}/").json()["answers"]["works"] == 12
    response = post(client, period_end="2026-06-30", answers={"works": 1})
    assert "works: There is no such field" in errors(response)["answers"]


def test_a_list_takes_as_many_queries_with_answers_as_without(
    company, asked, client, officer, django_assert_max_num_queries
):
    for year in range(2016, 2026):
        reports.enter_report(
            company=company, period_end=dt.date(year, 12, 31), months=12, answers={"works": 3}, by=officer
        )
    client.get(URL)
    with django_assert_max_num_queries(8):
        assert len(client.get(URL).json()["results"]) == 10
