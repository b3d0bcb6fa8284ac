"""Deposits over REST: agreed on by an officer, moved by a treasurer, taken back where they were entered in error."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import User
from core.errors import Incomplete
from core.periods import period
from spaces import services
from spaces.deposits import deposit_of
from spaces.lives.plans import Terms
from spaces.models import DepositMovement, Lease
from tests.factories import LeaseFactory, MembershipFactory, UnitFactory

DEPOSITS = "/api/v1/deposits/"
OF_LEASE = f"{DEPOSITS}L%2F1/"
DAY = "2026-06-10"
SUMS = ("agreed", "received", "returned", "withheld", "handed_over", "held", "outstanding")


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def lease(company) -> Lease:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.00"))
    term = period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return LeaseFactory(number="L/1", unit=unit, company=company, term=term)


def client_of(person: User, *scopes: str) -> APIClient:
    """A key that acts for the person."""
    named = scopes or ("deposits:read", "deposits:write")
    _key, token = accounts.create_key(
        name="Accounts", scopes=named, days=1, now=timezone.now(), created_by=person, by=None
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def keeps(treasurer, clean_cache):
    return client_of(treasurer)


def sent(client, act, body, address=OF_LEASE, **headers):
    return client.post(f"{address}{act}/", body, format="json", **headers)


def sums(answer) -> dict[str, str]:
    assert answer.status_code == 200, answer.content
    return {name: answer.json()[name] for name in SUMS if answer.json()[name] not in ("0.00", None)}


def refused(answer, status, code):
    found = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), found
    return {error["name"] for error in found.get("errors", [])}


def test_a_deposit_goes_its_way(officer, keeps):
    agreed = sent(client_of(officer), "agree", {"amount": "30000.00", "day": DAY})
    assert sums(agreed) == {"agreed": "30000.00", "outstanding": "30000.00"}
    assert sums(sent(keeps, "receive", {"amount": "30000.00", "day": DAY})) == {
        "agreed": "30000.00", "received": "30000.00", "held": "30000.00",
    }  # fmt: skip
    back = sent(
        keeps, "return", {"returned": "20000.00", "withheld": "1500.50", "day": DAY, "reason": "a broken window"}
    )
    assert (back.json()["held"], [one["kind"] for one in back.json()["movements"]]) == (
        "8499.50", ["agreed", "received", "withheld", "returned"],
    )  # fmt: skip
    assert keeps.get(OF_LEASE).json() == back.json()
    (row,) = keeps.get(DEPOSITS, {"held": "true"}).json()["results"]
    assert row == {"lease": "L/1", "company": "A-001", "agreed": "30000.00", "held": "8499.50"}
    assert keeps.get(DEPOSITS, {"held": "false"}).json()["results"] == []


def test_whose_act_it_is_the_service_says(officer, keeps, lease):
    agree, receive = {"amount": "1.00", "day": DAY}, {"amount": "1.00", "day": DAY}
    assert sent(keeps, "agree", agree).status_code == 403
    assert sent(client_of(officer), "receive", receive).status_code == 403
    assert not DepositMovement.objects.exists()
    for act, body in (("return", {"returned": "1.00", "day": DAY}), ("take-back", {"movement": "x", "reason": "no"})):
        assert sent(client_of(officer), act, body).status_code in {403, 404}


def test_a_treasurer_keeps_not_that_of_his_own_company(keeps, treasurer, company):
    MembershipFactory(company=company, user=treasurer)
    answer = sent(keeps, "receive", {"amount": "1.00", "day": DAY})
    assert (answer.status_code, "own company" in answer.json()["detail"]) == (403, True)


def test_only_treasurers_and_officers_answer_for_such_a_key(approver, auditor, officer, treasurer):
    for person in (approver, auditor):
        with pytest.raises(Incomplete):
            client_of(person)
    with pytest.raises(Incomplete):
        client_of(treasurer, "deposits:write", "leases:write")
    assert client_of(officer)
    assert client_of(treasurer)


def test_a_movement_is_taken_back_by_its_id_once(keeps, lease):
    made = sent(keeps, "receive", {"amount": "100.00", "day": DAY}).json()["movements"][0]
    wrong = {"movement": made["id"], "reason": "of another lease"}
    assert refused(sent(keeps, "take-back", wrong | {"movement": "00000000-0000-4000-8000-000000000000"}), 404,
                   "not_found") == {"movement"}  # fmt: skip
    assert sums(sent(keeps, "take-back", wrong)) == {}
    assert sent(keeps, "take-back", wrong).status_code == 409
    assert (deposit_of(lease).held, DepositMovement.objects.count()) == (0, 2)


def test_it_is_handed_over_to_a_lease_that_follows_alone(keeps, officer, lease, company):
    sent(keeps, "receive", {"amount": "100.00", "day": DAY})
    LeaseFactory(number="L-9", company=company)
    terms = Terms("L/2", lease.unit, Decimal(80), Decimal("3.5"), dt.date(2026, 12, 31))
    services.change_lease_from(lease=lease, day=dt.date(2026, 6, 1), terms=terms, by=officer)
    body = {"to_lease": "L/2", "amount": "60.00", "day": DAY}
    assert refused(sent(keeps, "hand-over", body | {"to_lease": "L-9"}), 400, "incomplete") == {"to_lease"}
    assert sums(sent(keeps, "hand-over", body)) == {"received": "100.00", "handed_over": "60.00", "held": "40.00"}
    assert keeps.get(f"{DEPOSITS}L%2F2/").json()["held"] == "60.00"


@pytest.mark.parametrize(
    ("act", "body", "status", "names"),
    [
        ("return", {"returned": "100.01", "day": DAY}, 409, {"returned"}),
        ("return", {"returned": "0.00", "withheld": "1.00", "day": DAY}, 400, {"reason"}),
        ("return", {"returned": "0.00", "day": DAY}, 400, {"returned"}),
        ("receive", {"amount": "1.001", "day": DAY}, 400, {"amount"}),
        ("receive", {"amount": "1.00", "day": "2026-06-16"}, 400, {"day"}),
        ("receive", {"amount": "1.00"}, 400, {"day"}),
        ("receive", {"amount": "1.00", "day": DAY, "lease": "L/1"}, 400, {"lease"}),
    ],
)
def test_what_is_wrong_is_named_and_no_yuan_moves(keeps, lease, act, body, status, names):
    sent(keeps, "receive", {"amount": "100.00", "day": DAY})
    answer = sent(keeps, act, body)
    assert (answer.status_code, {error["name"] for error in answer.json()["errors"]}) == (status, names)
    assert deposit_of(lease).held == Decimal("100.00")


def test_the_same_request_again_moves_nothing_and_an_old_state_is_refused(keeps, lease):
    body = {"amount": "100.00", "day": DAY}
    first = sent(keeps, "receive", body, HTTP_IDEMPOTENCY_KEY="k-1")
    assert sent(keeps, "receive", body, HTTP_IDEMPOTENCY_KEY="k-1").content == first.content
    assert sent(keeps, "receive", body, HTTP_IF_MATCH=first["ETag"]).status_code == 200
    assert sent(keeps, "receive", body, HTTP_IF_MATCH=first["ETag"]).status_code == 412
    assert deposit_of(lease).held == Decimal("200.00")


def test_a_key_that_does_not_read_deposits_is_told_nothing_of_them(treasurer, clean_cache):
    writes = client_of(treasurer, "deposits:write")
    answer = sent(writes, "receive", {"amount": "100.00", "day": DAY})
    assert (answer.status_code, answer.content) == (204, b"")
    assert writes.get(OF_LEASE).status_code == 403
    assert sent(client_of(treasurer, "deposits:read"), "receive", {"amount": "1.00", "day": DAY}).status_code == 403
