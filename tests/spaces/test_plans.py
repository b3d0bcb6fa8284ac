"""The plan of a floor: where units are drawn, what it says on a day, and what founders may read of it."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.periods import period
from spaces.drawing import boxes_of, drawing_of, fitted
from spaces.layout import Box, packed
from spaces.models import Unit
from spaces.plans import units_on
from tests.factories import BuildingFactory, CompanyFactory, LeaseFactory, UnitFactory

TODAY = dt.date(2026, 6, 15)
FIRST = dt.date(2026, 1, 1)


# --- Where units are drawn ---------------------------------------------------------------------------------------

AREAS = st.lists(st.integers(1, 10_000_000).map(lambda area: Decimal(area).scaleb(-2)), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(AREAS)
def test_boxes_have_their_areas_overlap_nowhere_and_fill_the_floor(areas):
    boxes = packed(areas)
    assert [box.width * box.depth for box in boxes] == [Fraction(area) for area in areas]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    width = max(box.x + box.width for box in boxes)
    assert width * max(box.y + box.depth for box in boxes) == sum(map(Fraction, areas))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(AREAS)
def test_boxes_stand_in_the_order_of_their_units(areas):
    boxes = packed(areas)
    assert sorted(boxes, key=lambda box: (box.y, box.x)) == boxes
    assert packed(areas) == boxes


def test_nothing_is_packed_for_no_units():
    assert packed([]) == []
    assert drawing_of([]).shapes == []


def test_units_without_measures_lie_below_those_that_have_them():
    box = Box(Fraction(0), Fraction(0), Fraction(10), Fraction(5))
    units = [Measured(Decimal(50), box), Measured(Decimal(30), None), Measured(Decimal(20), None)]
    boxes = boxes_of(units)
    assert boxes[0] == box
    assert all(other.y >= 7 for other in boxes[1:])
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


class Measured:
    def __init__(self, area_m2, box):
        self.area_m2, self.box = area_m2, box


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [("Lingxi", 100, "Lingxi"), ("Lingxi Audio", 50, "Lingx…"), ("灵犀音频科技", 50, "灵犀音…"), ("Lingxi", 5, "")],
)
def test_words_are_cut_to_their_box(text, room, shown):
    assert fitted(text, room) == shown


# --- Measures on record ------------------------------------------------------------------------------------------


def unit(building, *sides, **other):
    names = ("x_m", "y_m", "width_m", "depth_m")
    return UnitFactory(building=building, **dict(zip(names, map(Decimal, sides), strict=True)), **other)


def refused(act) -> str:
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        act()
    return found.value.__cause__.diag.constraint_name


def test_units_of_a_floor_share_walls_and_nothing_else(db):
    building = BuildingFactory()
    unit(building, "0", "0", "10.25", "5")
    unit(building, "10.25", "0", "5", "5")
    unit(building, "0", "5", "10.25", "5")
    unit(building, "0", "0", "10.25", "5", floor="2")
    unit(BuildingFactory(), "0", "0", "10.25", "5")
    UnitFactory(building=building), UnitFactory(building=building)
    assert refused(lambda: unit(building, "10.24", "4.99", "1", "1")) == "spaces_unit_place_free"


@pytest.mark.parametrize(
    ("sides", "constraint"),
    [
        (("0", "0", "0", "5"), "bounds"), (("-1", "0", "5", "5"), "bounds"), (("495.01", "0", "5", "5"), "bounds"),
        ((0, 0, 5, None), "whole"), ((None, 0, 5, 5), "whole"),
    ],
)  # fmt: skip
def test_a_place_is_whole_and_on_the_floor(db, sides, constraint):
    names = ("x_m", "y_m", "width_m", "depth_m")
    assert refused(lambda: UnitFactory(**dict(zip(names, sides, strict=True)))) == f"spaces_unit_place_{constraint}"


def test_two_units_exchange_their_places_in_one_statement(db):
    building = BuildingFactory()
    one, other = unit(building, "0", "0", "5", "5"), unit(building, "5", "0", "5", "5")
    Unit.objects.update(x_m=5 - F("x_m"))
    one.refresh_from_db(), other.refresh_from_db()
    assert (one.x_m, other.x_m) == (5, 0)


def test_a_unit_that_a_file_moves_has_no_place_on_its_new_floor(db, bring):
    moved = unit(BuildingFactory(code="B"), "0", "0", "5", "5", code="A", floor="1")
    stays = unit(moved.building, "5", "0", "5", "5", code="C", floor="1")
    campus = moved.building.campus.code
    bring("units", f"unit,campus,building,floor,area_m2\nA,{campus},B,2,500\nC,{campus},B,1,400\n")
    moved.refresh_from_db(), stays.refresh_from_db()
    assert (moved.box, moved.floor) == (None, "2")
    assert stays.box == Box(Fraction(5), Fraction(0), Fraction(5), Fraction(5))


def test_the_form_names_what_is_wrong_with_a_place(officer, signed_in):
    building = BuildingFactory()
    unit(building, "0", "0", "5", "5")
    client, data = (
        signed_in(officer),
        {"code": "N", "building": building.pk, "floor": "1", "area_m2": "9", "desks": "0"},
    )
    for sides, words in (
        ({"x_m": "4", "y_m": "4", "width_m": "5", "depth_m": "5"}, "in the same place"),
        ({"x_m": "4"}, "all four measures"),
    ):
        response = client.post(reverse("spaces:unit_new"), data | sides)
        assert words in str(response.context["form"].errors)
    assert Unit.objects.count() == 1


# --- What a plan says --------------------------------------------------------------------------------------------


@pytest.fixture
def floor(company):
    """On floor 1: let without an end, ending, free, let from later on, renewed, and a unit of company A."""
    building = BuildingFactory(code="A", campus__name="Shuqiwan")
    other = CompanyFactory(name="Other Company")

    def let(code, first, last, of=other):
        where = Unit.objects.filter(code=code).first() or UnitFactory(code=code, building=building)
        return LeaseFactory(number=f"L-{code}-{first}", unit=where, company=of, term=period(first, last))

    let("U1", FIRST, None)
    let("U2", FIRST, dt.date(2026, 9, 13))
    UnitFactory(code="U3", building=building)
    let("U4", dt.date(2026, 7, 1), None)
    let("U5", FIRST, dt.date(2026, 6, 30))
    let("U5", dt.date(2026, 7, 1), None)
    let("U6", FIRST, dt.date(2026, 9, 14), company)
    UnitFactory(code="V1", building=building, floor="2")
    return building


def states(floor, viewer, day=TODAY):
    found = units_on(floor, "1", day, viewer)
    return {held.code: (held.state.value, str(held.lease) if held.lease else "") for held in found}


def test_staff_read_who_has_each_unit_and_until_when(floor, auditor):
    assert states(floor, auditor) == {
        "U1": ("let", "L-U1-2026-01-01"),
        "U2": ("ending", "L-U2-2026-01-01"),
        "U3": ("free", ""),
        "U4": ("coming", "L-U4-2026-07-01"),
        "U5": ("let", "L-U5-2026-01-01"),
        "U6": ("let", "L-U6-2026-01-01"),
    }
    later = states(floor, auditor, dt.date(2026, 9, 14))
    assert (later["U2"][0], later["U6"][0], later["U4"][0]) == ("free", "ending", "let")


def test_founders_read_their_own_and_of_others_only_whether_it_is_let(floor, alice):
    assert states(floor, alice) == {
        **dict.fromkeys(("U1", "U2", "U5"), ("let", "")),
        **dict.fromkeys(("U3", "U4"), ("free", "")),
        "U6": ("let", "L-U6-2026-01-01"),
    }


@pytest.fixture
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.mark.usefixtures("_june")
def test_a_founder_opens_the_plan_of_her_campus_without_names_of_others(floor, alice, mallory, signed_in):
    url = reverse("spaces:plan", args=[floor.pk])
    page = signed_in(alice).get(url).content.decode()
    assert "Lingxi Audio" in page
    assert "Other Company" not in page
    assert "2026-09-13" not in page
    assert signed_in(mallory).get(url).status_code == 404


@pytest.mark.usefixtures("_june")
def test_the_plan_is_drawn_with_the_way_to_each_lease(floor, officer, signed_in):
    client, url = signed_in(officer), reverse("spaces:plan", args=[floor.pk])
    page = client.get(url).content.decode()
    assert page.count('class="zp-plan-unit"') == 6 + 5
    assert 'href="/leases/L-U1-2026-01-01/"' in page
    assert "/leases/new/?unit=U3" in page
    assert "V1" in client.get(url, {"floor": "2", "on": "2030-01-01"}).content.decode()
    assert client.get(url, {"floor": "9"}).status_code == 404
    assert "between 1800" in client.get(url, {"on": "1500-01-01"}).content.decode()


@pytest.mark.usefixtures("_june")
def test_more_units_take_no_more_queries(
    floor, officer, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    client, url = signed_in(officer), reverse("spaces:plan", args=[floor.pk])
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for _number in range(5):
        LeaseFactory(unit=UnitFactory(building=floor), term=period(FIRST, None))
    with django_assert_num_queries(len(few)):
        client.get(url)
