"""The path: what of each campus is let on a day, and the forms in which officers enter and correct its places."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core.periods import period
from spaces.models import Building, Campus, Unit
from spaces.path import Space, floor_order, path_on
from tests.factories import BuildingFactory, CampusFactory, CompanyFactory, LeaseFactory, UnitFactory

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 8, 31)


@pytest.fixture
def campus(db):
    return CampusFactory(code="sqw", name="Shuqiwan", name_zh="数栖湾", step="0-1")


@pytest.fixture
def building(campus):
    return BuildingFactory(campus=campus, code="A")


@pytest.fixture
def desk(officer, signed_in):
    return signed_in(officer)


def let(building, floor="1", area=Decimal("100.00"), **lease):
    unit = UnitFactory(building=building, floor=floor, area_m2=Decimal("120.00"))
    return LeaseFactory(unit=unit, area_m2=area, **{"term": period(FIRST, LAST), **lease})


@pytest.mark.parametrize(
    ("day", "is_let"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-08-31", True), ("2026-09-01", False)],
)
def test_a_campus_counts_what_is_let_on_the_day(building, officer, day, is_let):
    company = CompanyFactory()
    let(building, company=company)
    let(building, floor="2", company=company)
    let(building, floor="2", voided=True)
    UnitFactory(building=building, floor="10", area_m2=Decimal("0.55"))
    (found,) = path_on(dt.date.fromisoformat(day), officer)[0].campuses
    assert [floor.floor for floor in found.buildings[0].floors] == ["1", "2", "10"]
    areas = (Decimal("200.00"), Decimal("120.55")) if is_let else (Decimal(0), Decimal("360.55"))
    assert found.space == Space(4, Decimal("360.55"), *areas)
    assert found.companies == (1 if is_let else 0)


def test_a_company_in_two_campuses_counts_in_each_and_a_part_of_a_unit_is_not_free(building, officer):
    company = CompanyFactory()
    let(building, company=company)
    let(BuildingFactory(campus=CampusFactory(step="")), company=company)
    *_named, elsewhere = path_on(FIRST, officer)
    assert [step.campuses[0].companies for step in (path_on(FIRST, officer)[0], elsewhere)] == [1, 1]
    assert path_on(FIRST, officer)[0].campuses[0].space.free == 0


def test_floors_are_counted_as_people_do():
    assert sorted(["10", "M", "2", "-1", "", "1"], key=floor_order) == ["-1", "1", "2", "10", "", "M"]


def test_a_larger_zone_takes_no_more_queries(desk, building, django_assert_num_queries, django_assert_max_num_queries):
    let(building)
    with django_assert_max_num_queries(20) as few:
        assert "Shuqiwan" in desk.get(reverse("spaces:path")).content.decode()
    for _number in range(4):
        let(BuildingFactory())
    with django_assert_num_queries(len(few)):
        desk.get(reverse("spaces:path"))


# --- Forms -------------------------------------------------------------------------------------------------------


def test_an_officer_enters_a_campus_with_a_building_and_a_unit(desk):
    campus = {"code": "sqw", "name": "Shuqiwan", "name_zh": "数栖湾", "step": "0-1"}
    assert desk.post(reverse("spaces:campus_new"), campus).status_code == 302
    desk.post(reverse("spaces:building_new"), {"campus": Campus.objects.get().pk, "code": "A"})
    desk.post(
        reverse("spaces:unit_new"),
        {"building": Building.objects.get().pk, "code": "A/1", "floor": "1", "area_m2": "20.50", "desks": "0"},
    )
    unit = Unit.objects.get()
    assert (str(unit.building.campus), unit.code, unit.area_m2) == ("Shuqiwan", "A/1", Decimal("20.50"))


def test_an_officer_corrects_places_whose_codes_stay(desk, building):
    unit = UnitFactory(building=building, code="A/1")
    other = BuildingFactory(campus=building.campus, code="B")
    desk.post(reverse("spaces:campus_change", args=[building.campus.pk]), {"code": "x", "name": "Bay", "step": "1-10"})
    desk.post(reverse("spaces:building_change", args=[building.pk]), {"code": "A1", "campus": 1})
    desk.post(
        reverse("spaces:unit_change", args=["A/1"]),
        {"code": "x", "building": other.pk, "floor": "2", "area_m2": "9", "desks": "0"},
    )
    for place in (building.campus, building, unit):
        place.refresh_from_db()
    assert (building.campus.code, building.campus.name, building.campus.step) == ("sqw", "Bay", "1-10")
    assert (building.code, unit.code, unit.building, unit.floor) == ("A1", "A/1", other, "2")


def test_a_unit_stays_as_large_as_its_lease_and_the_form_says_why(desk, building):
    lease = let(building)
    url = reverse("spaces:unit_change", args=[lease.unit.code])
    response = desk.post(url, {"building": building.pk, "floor": "1", "area_m2": "99.99", "desks": "0"})
    assert f"lease {lease.number} covers 100.00" in response.context["form"].errors["area_m2"][0]
    lease.unit.refresh_from_db()
    assert lease.unit.area_m2 == Decimal("120.00")


def test_other_staff_see_the_path_and_no_way_to_change_it(building, auditor, signed_in):
    page = signed_in(auditor).get(reverse("spaces:path")).content.decode()
    assert "Shuqiwan" in page
    assert "campus-new" not in page
    assert "unit-change" not in signed_in(auditor).get(reverse("spaces:units")).content.decode()
