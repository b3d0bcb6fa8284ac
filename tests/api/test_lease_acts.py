"""Leases over REST: acted on as on the pages, previewed with the relief, and read back with their life."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from core.periods import period
from spaces import services
from spaces.api.acts import body_of
from spaces.models import Ending, Lease, LeaseOffer, Succession
from tests.api.test_entering_races import at_once
from tests.factories import DayPassFactory, DepositMovementFactory, LeaseFactory, LeaseOfferFactory, UnitFactory
from tests.policies import published_policy

LEASES, PLANS = "/api/v1/leases/", "/api/v1/lease-plans/"
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
CHANGE = {
    "day": "2026-07-01", "area_m2": "80.00", "price_per_m2_day": "3.5000", "last_day": "2026-12-31", "lease": "L/1-2",
    "reason": "a wall was moved",
}  # fmt: skip
RENEW = CHANGE | {"day": "2027-01-01", "last_day": "2027-12-31"}
MOVE = CHANGE | {"unit": "U2"}
SPLIT = {
    "day": "2026-07-01", "last_day": None, "reason": "two teams",
    "parts": [
        {"unit": "U1", "area_m2": "60.00", "price_per_m2_day": "3.5", "lease": "L/1-2"},
        {"unit": "U2", "area_m2": "40.00", "price_per_m2_day": "3", "lease": "L/1-3"},
    ],
}  # fmt: skip
MERGE = CHANGE | {"unit": "U2", "others": ["L/9"], "area_m2": "150.00"}
END = {"last_day": "2026-06-30", "notice_by": "company", "reason": "it closes"}
ACTS = {"renew": RENEW, "change": CHANGE, "move": MOVE, "split": SPLIT, "merge": MERGE, "end": END}
every_act = pytest.mark.parametrize(("act", "body"), ACTS.items())


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def lease(company) -> Lease:
    """Of 100 of the 120 m² of U1, for a year; the company has U9, too, and U2 of 200 m² is free."""
    u1, u9 = UnitFactory(code="U1", area_m2=Decimal("120.00")), UnitFactory(code="U9")
    UnitFactory(code="U2", area_m2=Decimal("200.00"))
    LeaseFactory(number="L/9", unit=u9, company=company, area_m2=Decimal(50), term=period(FIRST, LAST))
    return LeaseFactory(number="L/1", unit=u1, company=company, term=period(FIRST, LAST))


@pytest.fixture
def client(machine):
    return machine("leases:read", "leases:write")


def of(base: str, act: str, number: str = "L%2F1") -> str:
    return f"{base}{number}/{act}/"


def told(answer, status: int = 200):
    assert answer.status_code == status, answer.content
    return answer.json()


def numbers(rows) -> list[str]:
    return [row["lease"] for row in rows]


@every_act
def test_each_act_does_what_its_page_does(client, act, body):
    found = told(client.post(of(LEASES, act), body, format="json"))
    others = ["L/9"] if act == "merge" else []
    assert numbers(found["ended"]) == ["L/1", *others]
    begun = {"end": [], "split": ["L/1-2", "L/1-3"]}.get(act, ["L/1-2"])
    assert numbers(found["begun"]) == begun
    assert found["ended"][0]["last_day"] == ("2026-12-31" if act == "renew" else "2026-06-30")
    assert {row["first_day"] for row in found["begun"]} <= {body.get("day")}
    assert Lease.objects.count() == 2 + len(begun)
    assert (Ending.objects.exists(), Succession.objects.exists()) == (act == "end", act != "end")


@every_act
def test_each_act_is_shown_before_and_nothing_is_done(client, act, body):
    published_policy()
    found = told(client.post(of(PLANS, act), body, format="json"))
    assert {row["lease"] for row in found["ends"]} == ({"L/1", "L/9"} if act == "merge" else {"L/1"})
    assert numbers(found["begins"]) == {"end": [], "split": ["L/1-2", "L/1-3"]}.get(act, ["L/1-2"])
    assert found["rents"][0]["month"] == ("2027-01" if act == "renew" else "2026-07")
    assert found["relief"]["most_m2"] == "300.00"
    assert Lease.objects.count() == 2


def test_a_preview_tells_rent_and_relief_in_yuan(client):
    published_policy()
    found = told(client.post(of(PLANS, "change"), CHANGE, format="json"))
    assert found["day"] == "2026-07-01"
    assert found["ends"] == [{"lease": "L/1", "last_day": "2026-06-30"}]
    assert found["begins"] == [{
        "lease": "L/1-2", "unit": "U1", "area_m2": "80.00", "price_per_m2_day": "3.5000", "first_day": "2026-07-01",
        "last_day": "2026-12-31",
    }]  # fmt: skip
    # 31 days of 100 and then of 80 m² at ¥3.50; L/9 has 50 m² at ¥3.50 beside it
    assert found["rents"] == [{"month": "2026-07", "before": "10850.00", "after": "8680.00"}]
    sides = found["relief"]["months"][0]
    assert (sides["before"]["rent"], sides["after"]["rent"]) == ("16275.00", "14105.00")
    assert (found["relief"]["waived_m2_before"], found["relief"]["waived_m2_after"]) == ("150.00", "130.00")


def test_without_a_policy_a_preview_tells_no_relief(client):
    assert told(client.post(of(PLANS, "change"), CHANGE, format="json"))["relief"] is None


@pytest.mark.parametrize("base", [LEASES, PLANS])
@pytest.mark.parametrize(
    ("act", "change", "status", "name"),
    [
        ("change", {"day": None}, 400, "day"),
        ("change", {"day": "2026-01-01"}, 400, "day"),
        ("change", {"area_m2": 80}, 400, "area_m2"),
        ("change", {"area_m2": "120.01"}, 409, "area_m2"),
        ("change", {"unit": "U2"}, 400, "unit"),
        ("change", {"lease": "L/9"}, 400, "lease"),
        ("renew", {"day": "2027-01-02"}, 409, "day"),
        ("move", {"unit": "no such"}, 404, "unit"),
        ("move", {"unit": "U9"}, 409, "unit"),
        ("merge", {"others": []}, 400, "others"),
        ("merge", {"others": ["L/1"]}, 400, "others"),
        ("split", {"parts": SPLIT["parts"][:1]}, 400, "parts"),
        ("split", {"parts": [SPLIT["parts"][0], SPLIT["parts"][1] | {"area_m2": None}]}, 400, "parts"),
        ("split", {"parts": [SPLIT["parts"][0], SPLIT["parts"][1] | {"area_m2": "200.01"}]}, 409, "area_m2"),
        ("split", {"parts": [SPLIT["parts"][0], "U2"]}, 400, "parts"),
        ("split", {"parts": [SPLIT["parts"][0] | {"lease": "L/9"}, SPLIT["parts"][1]]}, 400, "parts"),
        ("end", {"notice_by": "nobody"}, 400, "notice_by"),
        ("end", {"reason": None}, 400, "reason"),
        ("end", {"last_day": "2026-12-31"}, 400, "last_day"),
    ],
)
def test_what_an_act_is_refused_for(client, base, act, change, status, name):
    answer = client.post(of(base, act), ACTS[act] | change, format="json")
    named = {error["name"] for error in told(answer, status).get("errors", [])}
    assert named == {"parts" if act == "split" else name}, answer.content
    assert (Lease.objects.count(), Succession.objects.count(), Ending.objects.count()) == (2, 0, 0)


def test_a_lease_that_is_followed_is_let_alone(client):
    told(client.post(of(LEASES, "change"), CHANGE, format="json"))
    assert told(client.post(of(LEASES, "change"), CHANGE | {"lease": "L/1-3"}, format="json"), 409)["code"] == (
        "lease_followed"
    )


def test_what_was_declared_void_is_not_told_as_begun(client, officer):
    told(client.post(of(LEASES, "change"), CHANGE, format="json"))
    services.void_lease(lease=Lease.objects.get(number="L/1-2"), reason="entered twice", by=officer)
    again = told(client.post(of(LEASES, "renew"), CHANGE | {"lease": "L/1-3"}, format="json"))
    assert numbers(again["begun"]) == ["L/1-3"]


def test_the_document_is_in_english_whoever_asked_before(client):
    told(client.post(of(PLANS, "renew"), RENEW, format="json", HTTP_ACCEPT_LANGUAGE="zh-hans"))
    with translation.override("en"):
        assert body_of("renew").schema()["properties"]["last_day"]["description"].startswith("Included.")


@pytest.mark.django_db(transaction=True)
def test_of_two_machines_that_act_at_once_one_is_told_that_it_is_followed(machine):
    clients = [machine("leases:read", "leases:write") for _ in range(2)]
    bodies = [CHANGE | {"lease": number} for number in ("L/1-2", "L/1-3")]
    answers = at_once(
        *(
            lambda client=client, body=body: client.post(of(LEASES, "change"), body, format="json")
            for client, body in zip(clients, bodies, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "lease_followed"}
    assert Succession.objects.count() == 1


def test_an_act_says_on_which_state_it_was_meant(client, lease):
    seen = client.get(f"{LEASES}L%2F1/")["ETag"]
    lease.area_m2 = Decimal(90)
    lease.save()
    old = client.post(of(LEASES, "change"), CHANGE, format="json", HTTP_IF_MATCH=seen)
    assert told(old, 412)["code"] == "precondition_failed"
    now = client.get(f"{LEASES}L%2F1/")["ETag"]
    told(client.post(of(LEASES, "change"), CHANGE, format="json", HTTP_IF_MATCH=now))


def test_an_act_that_is_repeated_under_its_key_is_done_once(client):
    first, again = (
        client.post(of(LEASES, "change"), CHANGE, format="json", HTTP_IDEMPOTENCY_KEY="k-1") for _ in range(2)
    )
    assert told(first) == told(again)
    assert Succession.objects.count() == 1


def test_acts_need_the_writing_scope_and_an_answer_the_reading_one(machine):
    assert machine("leases:read").post(of(LEASES, "end"), END, format="json").status_code == 403
    assert machine("leases:read").post(of(PLANS, "end"), END, format="json").status_code == 403
    unread = machine("leases:write").post(of(PLANS, "end"), END, format="json")
    assert told(unread, 403)["code"] == "scope_missing"
    done = machine("leases:write").post(of(LEASES, "end"), END, format="json")
    assert (done.status_code, done.content) == (204, b"")


def test_a_void_lease_and_one_that_is_not_there(client):
    LeaseFactory(number="gone", voided=True)
    assert told(client.post(of(LEASES, "end", "gone"), END, format="json"), 409)["code"] == "lease_void"
    told(client.post(of(LEASES, "end", "nowhere"), END, format="json"), 404)


def test_a_life_is_read_back(client, company):
    told(client.post(of(LEASES, "change"), CHANGE, format="json"))
    told(client.post(of(LEASES, "end", "L%2F1-2"), END | {"last_day": "2026-10-31"}, format="json"))
    for number in ("L%2F1", "L%2F1-2"):
        found = told(client.get(of(LEASES, "lineage", number)))
        assert numbers(found["leases"]) == ["L/1", "L/1-2"]
        (line,) = found["successions"]
        assert (line["act"], line["day"], line["before"], line["after"]) == ("changed", "2026-07-01", "L/1", "L/1-2")
        assert line["reason"] == "a wall was moved"
        (end,) = found["endings"]
        assert (end["lease"], end["last_day"], end["agreed_last_day"]) == ("L/1-2", "2026-10-31", "2026-12-31")
    assert list(told(client.get(of(LEASES, "lineage"), {"fields": "endings"}))) == ["endings"]
    assert told(client.get(of(LEASES, "lineage"), {"on": "2026-01-01"}), 400)["code"] == "unknown_parameter"


def test_a_number_that_ends_like_an_act_is_a_lease_of_its_own(client, company):
    for end in ("lineage", "renew"):
        LeaseFactory(number=f"L/1/{end}", company=company)
        assert told(client.get(f"{LEASES}L%2F1%2F{end}/"))["lease"] == f"L/1/{end}"
    assert numbers(told(client.get(of(LEASES, "lineage", "L%2F1%2Frenew")))["leases"]) == ["L/1/renew"]


# --- Offers ------------------------------------------------------------------------------------------------------

OFFERS = "/api/v1/lease-offers/"
OFFER = {
    "offer": "O/1", "company": "A-001", "unit": "U2", "area_m2": "100.00", "price_per_m2_day": "3.5",
    "first_day": "2026-09-01", "last_day": "2027-08-31", "deposit": "20000.00", "valid_until": "2026-07-15",
}  # fmt: skip


def test_an_offer_is_made_withdrawn_and_read(client):
    made = client.post(OFFERS, OFFER, format="json")
    row = told(made, 201)
    assert {name: row[name] for name in OFFER} == OFFER | {"price_per_m2_day": "3.5000"}
    assert (row["state"], row["lease"], made["Location"]) == ("open", None, f"http://testserver{OFFERS}O%2F1/")
    again = told(client.post(OFFERS, OFFER, format="json"), 409)
    assert again["existing"] == made["Location"]
    assert numbers_of_offers(client, {"state": "open"}) == ["O/1"]
    gone = told(client.post(f"{OFFERS}O%2F1/withdraw/", {"reason": "the roof leaks"}, format="json"))
    assert (gone["state"], gone["reason"]) == ("withdrawn", "the roof leaks")
    closed = client.post(f"{OFFERS}O%2F1/withdraw/", {"reason": "again"}, format="json")
    assert told(closed, 409)["code"] == "offer_closed"
    assert numbers_of_offers(client, {"state": "open"}) == []


def numbers_of_offers(client, query) -> list[str]:
    return [row["offer"] for row in told(client.get(OFFERS, query))["results"]]


def test_what_was_accepted_is_signed(client, company, officer):
    LeaseOfferFactory(number="O-2", company=company, unit=UnitFactory(code="U3"), made_by=officer)
    early = client.post(f"{OFFERS}O-2/sign/", {"lease": "L-2"}, format="json")
    assert told(early, 409)["code"] == "offer_closed"
    LeaseOffer.objects.update(state="accepted")
    row = told(client.post(f"{OFFERS}O-2/sign/", {"lease": "L-2"}, format="json"))
    assert (row["state"], row["lease"]) == ("signed", "L-2")
    assert Lease.objects.get(number="L-2").company == company


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"company": "Lingxi"}, 404, "company"),
        ({"unit": "no such"}, 404, "unit"),
        ({"unit": "U1"}, 201, ""),
        ({"unit": "U1", "first_day": "2026-12-31"}, 409, "unit"),
        ({"area_m2": "200.01"}, 409, "area_m2"),
        ({"valid_until": "2026-06-14"}, 400, "valid_until"),
        ({"valid_until": "2026-06-15"}, 201, ""),
        ({"last_day": "2026-08-31"}, 400, "last_day"),
        ({"deposit": "-0.01"}, 400, "deposit"),
        ({"state": "accepted"}, 400, "state"),
    ],
)
def test_what_an_offer_is_refused_for(client, change, status, name):
    body = OFFER | ({"first_day": "2027-01-01"} if change == {"unit": "U1"} else {}) | change
    answer = client.post(OFFERS, body, format="json")
    assert answer.status_code == status, answer.content
    if name:
        assert {error["name"] for error in answer.json()["errors"]} == {name}
    assert LeaseOffer.objects.exists() is (status == 201)


def test_no_key_answers_an_offer(client, company):
    LeaseOfferFactory(number="O-2", company=company)
    for act in ("accept", "decline"):
        assert client.post(f"{OFFERS}O-2/{act}/", {}, format="json").status_code in {404, 405}
    assert LeaseOffer.objects.get().state == "open"


def test_the_api_and_the_page_make_the_same_lease(client, officer, signed_in, lease):
    told(client.post(of(LEASES, "change"), CHANGE, format="json"))
    unit = UnitFactory(area_m2=Decimal("120.00"))
    LeaseFactory(number="M/1", unit=unit, company=lease.company, term=period(FIRST, LAST))
    typed = {name: value for name, value in CHANGE.items() if name != "lease"} | {"number": "M/1-2"}
    page = reverse("spaces:lease_act", args=["change", "M/1"])
    assert signed_in(officer).post(page, typed).status_code == 302
    by_api, by_page = Lease.objects.get(number="L/1-2"), Lease.objects.get(number="M/1-2")
    for name in ("area_m2", "price_per_m2_day", "term", "company"):
        assert getattr(by_api, name) == getattr(by_page, name)


# --- Deposits ----------------------------------------------------------------------------------------------------


def test_the_deposit_of_a_lease_is_read_with_every_movement(client, lease, treasurer):
    DepositMovementFactory(lease=lease, kind="agreed", amount=Decimal("25000.50"), by=treasurer)
    wrong = DepositMovementFactory(lease=lease, amount=Decimal("1.00"), by=treasurer)
    DepositMovementFactory(lease=lease, by=treasurer)
    DepositMovementFactory(
        lease=lease, kind="reversed", amount=Decimal("1.00"), reverses=wrong, reason="typed twice", by=treasurer
    )
    found = told(client.get(of(LEASES, "deposit")))
    movements = found.pop("movements")
    assert found == {
        "agreed": "25000.50", "received": "20000.00", "taken_over": "0.00", "returned": "0.00", "withheld": "0.00",
        "handed_over": "0.00", "held": "20000.00", "outstanding": "5000.50",
    }  # fmt: skip
    assert [(move["kind"], move["amount"], move["is_taken_back"]) for move in movements] == [
        ("agreed", "25000.50", False), ("received", "1.00", True), ("received", "20000.00", False),
        ("reversed", "1.00", False),
    ]  # fmt: skip
    assert told(client.get(of(LEASES, "deposit"), {"fields": "held"})) == {"held": "20000.00"}
    other = told(client.get(of(LEASES, "deposit", "L%2F9")))
    assert (other["agreed"], other["held"], other["movements"]) == (None, "0.00", [])


# --- Day passes --------------------------------------------------------------------------------------------------


def test_day_passes_are_read_without_the_names_of_residents(client, company):
    one = DayPassFactory(company=company, desks=2)
    DayPassFactory(company=None, person="Lin Xia", email="lin@example.org", day=dt.date(2026, 6, 20))
    DayPassFactory(voided=True, day=dt.date(2026, 6, 21))
    rows = told(client.get("/api/v1/day-passes/"))["results"]
    assert {name: rows[0][name] for name in ("day_pass", "company", "day", "desks", "price_per_desk")} == {
        "day_pass": one.code, "company": "A-001", "day": "2026-06-15", "desks": 2, "price_per_desk": "60.00",
    }  # fmt: skip
    assert (rows[1]["company"], "Lin Xia" in str(rows)) == (None, False)
    late = told(client.get("/api/v1/day-passes/", {"day_from": "2026-06-20", "voided": "false"}))["results"]
    assert [row["day"] for row in late] == ["2026-06-20"]
    assert told(client.get(f"/api/v1/day-passes/{one.code}/")) == rows[0]
