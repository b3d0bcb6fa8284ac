"""Desk memberships and day passes, given out, corrected, ended and declared void by machines, as on the pages."""

import datetime as dt

import pytest
import time_machine

from core.models import OutboxEvent
from spaces.models import DayPass, DeskMembership
from tests.factories import DayPassFactory, DeskMembershipFactory, UnitFactory

DESKS, PASSES = "/api/v1/desk-memberships/", "/api/v1/day-passes/"
MEMBERSHIP = {
    "membership": "D/1", "company": "A-001", "unit": "U1", "desks": 2, "price_per_desk_month": "600.00",
    "first_day": "2026-07-01", "last_day": None,
}  # fmt: skip
PASS = {"company": "A-001", "unit": "U1", "day": "2026-07-01", "desks": 1, "price_per_desk": "60.00"}
RESIDENT = {"company": None, "person": "Li Na", "email": "li.na@example.org"}


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def unit(company):
    return UnitFactory(code="U1", desks=3)


@pytest.fixture
def client(machine):
    return machine("leases:read", "leases:write")


def sent(client, address, body, **headers):
    return client.post(address, body, format="json", **headers)


def problem(answer, status, code):
    found = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), found
    return {error["name"] for error in found.get("errors", [])}


def test_a_membership_is_given_out_corrected_ended_and_void(client):
    made = sent(client, DESKS, MEMBERSHIP)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in MEMBERSHIP} == MEMBERSHIP
    row = made["Location"]
    changed = client.patch(row, {"desks": 3}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert (changed.status_code, changed.json()["desks"]) == (200, 3)
    problem(client.patch(row, {"desks": 1}, format="json", HTTP_IF_MATCH=made["ETag"]), 412, "precondition_failed")
    ended = sent(client, f"{row}end/", {"last_day": "2026-12-31"}, HTTP_IF_MATCH=changed["ETag"])
    assert (ended.status_code, ended.json()["last_day"]) == (200, "2026-12-31")
    void = sent(client, f"{row}void/", {"reason": "entered twice"})
    assert (void.status_code, void.json()["void_reason"]) == (200, "entered twice")
    assert OutboxEvent.objects.filter(topic="desk.changed", key="D/1").count() == 4
    problem(sent(client, f"{row}end/", {"last_day": "2026-12-31"}), 409, "void")


def test_a_number_is_given_out_once_and_leads_to_its_row(client):
    row = sent(client, DESKS, MEMBERSHIP)["Location"]
    again = sent(client, DESKS, MEMBERSHIP | {"desks": 1})
    assert problem(again, 409, "taken") == {"membership"}
    assert again.json()["existing"] == row


def test_never_more_desks_than_the_unit_has(client):
    assert problem(sent(client, DESKS, MEMBERSHIP | {"desks": 4}), 409, "too_few_desks") == {"desks"}
    sent(client, DESKS, MEMBERSHIP)
    assert sent(client, PASSES, PASS).status_code == 201
    assert problem(sent(client, PASSES, PASS), 409, "too_few_desks") == {"desks"}
    assert (DeskMembership.objects.count(), DayPass.objects.count()) == (1, 1)


@pytest.mark.parametrize(("address", "body"), [(DESKS, MEMBERSHIP), (PASSES, PASS)])
def test_a_resident_is_given_a_desk_and_is_not_named(client, address, body):
    made = sent(client, address, body | RESIDENT)
    assert (made.status_code, made.json()["company"]) == (201, None)
    assert not {"person", "email"} & made.json().keys()
    held = (DeskMembership if address == DESKS else DayPass).objects.get()
    assert (held.company, held.person, held.email) == (None, "Li Na", "li.na@example.org")


@pytest.mark.parametrize(("address", "body"), [(DESKS, MEMBERSHIP), (PASSES, PASS)])
@pytest.mark.parametrize(
    ("wrong", "status", "names"),
    [
        ({"company": "A-404"}, 404, {"company"}),
        ({"unit": "nowhere"}, 400, {"unit"}),
        ({"desks": "2"}, 400, {"desks"}),
        ({"desks": 0}, 400, {"desks"}),
        ({"seat": "7"}, 400, {"seat"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(client, address, body, wrong, status, names):
    answer = sent(client, address, body | wrong)
    assert (answer.status_code, {error["name"] for error in answer.json()["errors"]}) == (status, names)
    assert not DeskMembership.objects.exists()
    assert not DayPass.objects.exists()


def test_a_pass_is_given_out_once_however_often_it_is_sent(client):
    first, again = (sent(client, PASSES, PASS, HTTP_IDEMPOTENCY_KEY="till-7") for _ in range(2))
    assert (again.content, DayPass.objects.count()) == (first.content, 1)
    row = first["Location"]
    changed = client.patch(row, {"day": "2026-07-02"}, format="json", HTTP_IF_MATCH="*")
    assert (changed.status_code, changed.json()["day"]) == (200, "2026-07-02")
    assert sent(client, f"{row}void/", {"reason": "given back"}).json()["void_reason"] == "given back"
    problem(client.patch(row, {"desks": 1}, format="json", HTTP_IF_MATCH="*"), 409, "void")


def test_a_key_that_only_reads_gives_nothing_out(machine):
    client = machine("leases:read")
    desk, day_pass = DeskMembershipFactory(), DayPassFactory()
    for address, body in (
        (DESKS, MEMBERSHIP), (PASSES, PASS), (f"{DESKS}{desk.number}/end/", {"last_day": "2026-12-31"}),
        (f"{PASSES}{day_pass.code}/void/", {"reason": "no"}),
    ):  # fmt: skip
        assert sent(client, address, body).status_code == 403
    assert DeskMembership.objects.valid().get().last_day is None
