"""The pages of the acts on a lease: what they show before, what they do, and what they refuse."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from core.periods import period
from spaces import services
from spaces.models import Lease, Succession
from tests.factories import LeaseFactory, UnitFactory

FRAGMENT = {"HX-Request": "true"}
CHANGE = {
    "day": "2026-07-01", "area_m2": "80", "price_per_m2_day": "3.5", "last_day": "2026-12-31", "number": "L-1-2",
    "reason": "a wall was moved",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def lease(company) -> Lease:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.00"))
    return LeaseFactory(
        number="L-1", unit=unit, company=company, term=period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    )


@pytest.fixture
def desk(officer, signed_in):
    return signed_in(officer)


def page_of(act: str, lease: Lease) -> str:
    return reverse("spaces:lease_act", args=[act, lease.number])


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_an_officer_changes_a_lease_and_both_sides_read_its_life(desk, lease, alice, signed_in):
    response = desk.post(page_of("change", lease), CHANGE)
    assert response.url == reverse("spaces:lease_detail", args=["L-1-2"])
    for reader in (desk, signed_in(alice)):
        page = shown(reader.get(response.url))
        assert "a wall was moved" in page
        assert "L-1-2" in page
    assert "Officer" not in shown(signed_in(alice).get(response.url))
    assert Succession.objects.get().act == "changed"


def test_the_preview_names_the_leases_and_the_rent_with_and_without_script(desk, lease):
    part = shown(desk.get(page_of("change", lease), CHANGE, headers=FRAGMENT))
    whole = shown(desk.get(page_of("change", lease), CHANGE))
    for found in (part, whole):
        assert "¥10,850.00" in found  # 31 days × 100 m² × ¥3.50
        assert "¥8,680.00" in found  # 31 days × 80 m² × ¥3.50
        assert "ends on 2026-06-30" in found
    assert "<form" not in part
    assert 'value="80"' in whole
    assert Lease.objects.count() == 1


def test_a_preview_says_what_stands_in_the_way(desk, lease):
    LeaseFactory(number="L-9", unit=UnitFactory(code="U9"))
    asked = CHANGE | {"unit": "U9"}
    assert "Unit U9 is let to" in shown(desk.get(page_of("move", lease), asked, headers=FRAGMENT))
    assert "Fill in the form" in shown(desk.get(page_of("move", lease), headers=FRAGMENT))


def test_a_refusal_stands_beside_its_field_and_nothing_is_done(desk, lease):
    page = shown(desk.post(page_of("change", lease), CHANGE | {"day": "2026-01-01"}))
    assert "begins on 2026-01-01: name a later day" in page
    assert Lease.objects.count() == 1


def test_a_renewal_is_proposed_for_as_long_again(desk, lease):
    initial = desk.get(page_of("renew", lease)).context["form"].initial
    assert (initial["day"], initial["last_day"]) == (dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert initial["number"] == "L-1-2"


def test_a_lease_is_split_and_merged_again_on_the_page(desk, lease):
    UnitFactory(code="U2", area_m2=Decimal("60.00"))
    parts = {"day": "2026-07-01", "last_day": "2026-12-31", "reason": ""}
    for place, (unit, area) in enumerate([("U1", "60"), ("U2", "40")], 1):
        parts |= {f"unit_{place}": unit, f"area_m2_{place}": area, f"price_per_m2_day_{place}": "3.5"}
        parts |= {f"number_{place}": f"L-1-{place + 1}"}
    assert "requires" not in shown(desk.get(page_of("split", lease), parts, headers=FRAGMENT))
    missing = shown(desk.post(page_of("split", lease), parts | {"unit_3": "U2"}))
    assert "This field is required" in missing
    assert desk.post(page_of("split", lease), parts).status_code == 302
    first, second = Lease.objects.filter(follows__before=lease).order_by("number")
    merger = CHANGE | {
        "day": "2026-08-01",
        "unit": "U1",
        "area_m2": "100",
        "number": "L-1-4",
        "others": [second.number],
    }
    desk.post(page_of("merge", first), merger)
    assert set(Lease.objects.get(number="L-1-4").follows.values_list("before", flat=True)) == {first.pk, second.pk}


def test_an_early_end_wants_a_reason_and_who_gave_notice(desk, lease):
    said = {"last_day": "2026-07-31", "notice_by": "company", "reason": "it grew"}
    assert "This field is required" in shown(desk.post(page_of("end", lease), said | {"reason": ""}))
    assert "before the agreed day" not in shown(desk.get(reverse("spaces:lease_detail", args=["L-1"])))
    desk.post(page_of("end", lease), said)
    page = shown(desk.get(reverse("spaces:lease_detail", args=["L-1"])))
    assert "Ends before the agreed day; notice by the company" in page
    assert "it grew" in page


def test_leases_are_listed_by_their_state(desk, lease, officer):
    LeaseFactory(number="L-2", company=lease.company, term=period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    gone = Lease.objects.get(number="L-2")
    services.end_lease(lease=gone, last_day=dt.date(2026, 5, 31), notice_by="zone", reason="x", by=officer)
    table = desk.get(reverse("spaces:leases"), {"state": "ended_early"}).context["table"]
    assert [row.record.number for row in table.rows] == ["L-2"]
    assert "ended early" in shown(desk.get(reverse("spaces:leases")))


def test_an_act_that_is_none_is_not_found(desk, lease):
    assert desk.get(page_of("paint", lease)).status_code == 404
