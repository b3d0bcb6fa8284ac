"""Signing, changing, ending and voiding leases: what is refused, with which words, and who may."""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from spaces import services
from spaces.models import Lease
from tests.factories import BuildingFactory, CampusFactory, LeaseFactory, UnitFactory

START = dt.date(2026, 1, 1)


@pytest.fixture
def unit(db):
    return UnitFactory(code="U1", area_m2=Decimal("120.50"))


def sign(unit, company, by, **other) -> Lease:
    terms = {
        "number": "L1",
        "area_m2": Decimal("100.00"),
        "price_per_m2_day": Decimal("3.5000"),
        "term": period(START, dt.date(2026, 12, 31)),
    }
    return services.sign_lease(unit=unit, company=company, by=by, **(terms | other))


def test_a_signed_lease_is_told_in_the_outbox(unit, company, officer):
    sign(unit, company, officer)
    assert list(OutboxEvent.objects.values_list("topic", "key", "payload")) == [
        ("lease.changed", "L1", {"company": "A-001"})
    ]


def test_a_unit_is_let_once_at_a_time_and_the_refusal_names_the_other_lease(unit, company, other_company, officer):
    sign(unit, other_company, officer)
    with pytest.raises(Conflict) as refused:
        sign(unit, company, officer, number="L2", term=period(dt.date(2026, 12, 31), None))
    assert str(refused.value) == "Unit U1 is let to Other Company from 2026-01-01 to 2026-12-31 (lease L1)."
    assert refused.value.code == "unit_taken"


def test_the_next_lease_begins_on_the_day_after(unit, company, other_company, officer):
    sign(unit, other_company, officer)
    sign(unit, company, officer, number="L2", term=period(dt.date(2027, 1, 1), None))
    assert Lease.objects.count() == 2


def test_a_lease_takes_up_to_the_whole_unit_and_no_more(unit, company, officer):
    with pytest.raises(Conflict, match="are more than unit U1 has"):
        sign(unit, company, officer, area_m2=Decimal("120.51"))
    assert sign(unit, company, officer, area_m2=Decimal("120.50")).pk


def test_a_number_is_used_once(unit, company, officer):
    sign(unit, company, officer)
    with pytest.raises(Incomplete, match="There is a lease with this number already"):
        sign(UnitFactory(), company, officer)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"area_m2": Decimal(0)}, None),
        ({"area_m2": Decimal("1.005")}, "area_m2"),
        ({"price_per_m2_day": Decimal("-0.01")}, "price_per_m2_day"),
        ({"price_per_m2_day": Decimal("3.00001")}, "price_per_m2_day"),
        ({"term": None}, "term"),
        ({"term": period(None, START)}, None),
        ({"number": " L1"}, "number"),
        ({"number": ""}, "number"),
    ],
)
def test_a_malformed_lease_is_refused(unit, company, officer, terms, field):
    with pytest.raises(Incomplete) as refused:
        sign(unit, company, officer, **terms)
    assert field is None or field in refused.value.fields
    assert not Lease.objects.exists()


def test_a_lease_is_corrected_without_being_in_its_own_way(unit, company, officer):
    lease = sign(unit, company, officer)
    services.change_lease(
        lease=lease, unit=unit, area_m2=Decimal(90), price_per_m2_day=Decimal(4), term=period(START, None), by=officer
    )
    lease.refresh_from_db()
    assert (lease.area_m2, lease.price_per_m2_day, lease.term.upper) == (Decimal(90), Decimal(4), None)
    assert OutboxEvent.objects.filter(topic="lease.changed").count() == 2


def test_a_void_lease_gives_the_unit_back_and_stays_on_record(unit, company, other_company, officer):
    services.void_lease(lease=sign(unit, company, officer), reason="entered twice", by=officer)
    assert Lease.objects.get().void_reason == "entered twice"
    assert sign(unit, other_company, officer, number="L2").pk


def test_a_lease_is_voided_once_and_with_a_reason(unit, company, officer):
    lease = sign(unit, company, officer)
    with pytest.raises(Incomplete, match="Say why"):
        services.void_lease(lease=lease, reason=" ", by=officer)
    services.void_lease(lease=lease, reason="entered twice", by=officer)
    for act in (
        lambda: services.void_lease(lease=lease, reason="again", by=officer),
        lambda: services.end_lease(lease=lease, last_day=START, notice_by="zone", reason="x", by=officer),
    ):
        with pytest.raises(Conflict, match="was declared void"):
            act()


def test_a_unit_shrinks_to_its_largest_lease_and_no_further(unit, company, officer):
    sign(unit, company, officer)
    with pytest.raises(Conflict) as refused:
        services.change_unit(unit=unit, building=unit.building, floor="1", area_m2=Decimal("99.99"), by=officer)
    assert "lease L1 covers 100.00 m²" in str(refused.value)
    changed = services.change_unit(unit=unit, building=unit.building, floor="2", area_m2=Decimal("100.00"), by=officer)
    assert (changed.floor, changed.area_m2) == ("2", Decimal("100.00"))


def test_places_are_entered_once(officer):
    campus = services.add_campus(code="sqw", name="Shuqiwan", name_zh="树栖湾", step="0-1", by=officer)
    building = services.add_building(campus=campus, code="A", by=officer)
    services.add_unit(building=building, code="U1", area_m2=Decimal(10), by=officer)
    for act in (
        lambda: services.add_campus(code="sqw", name="Again", by=officer),
        lambda: services.add_building(campus=campus, code="A", by=officer),
        lambda: services.add_unit(building=building, code="U1", area_m2=Decimal(10), by=officer),
        lambda: services.add_unit(building=building, code="U2", area_m2=Decimal(0), by=officer),
    ):
        with pytest.raises(Incomplete):
            act()


@pytest.mark.parametrize("actor", ["approver", "treasurer", "reviewer", "policy_editor", "auditor", "alice"])
def test_nobody_but_officers_writes(request, actor, unit, company):
    by = request.getfixturevalue(actor)
    lease = LeaseFactory(number="L0", company=company)
    for act in (
        lambda: services.add_campus(code="x", name="X", by=by),
        lambda: services.add_building(campus=CampusFactory(), code="x", by=by),
        lambda: services.add_unit(building=BuildingFactory(), code="x", area_m2=Decimal(1), by=by),
        lambda: services.change_unit(unit=unit, building=unit.building, floor="", area_m2=Decimal(1), by=by),
        lambda: services.change_campus(campus=unit.building.campus, name="X", name_zh="", step="", by=by),
        lambda: services.rename_building(building=unit.building, code="x", by=by),
        lambda: sign(unit, company, by),
        lambda: services.change_lease(
            lease=lease, unit=unit, area_m2=Decimal(1), price_per_m2_day=Decimal(1), term=period(START, None), by=by
        ),
        lambda: services.end_lease(lease=lease, last_day=START, notice_by="zone", reason="x", by=by),
        lambda: services.void_lease(lease=lease, reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    unit.refresh_from_db()
    assert (unit.area_m2, list(Lease.objects.values_list("number", "voided_at"))) == (Decimal("120.50"), [("L0", None)])
