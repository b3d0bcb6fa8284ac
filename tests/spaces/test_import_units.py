"""The file `units`: campuses and buildings come with them, and nothing shrinks below its leases."""

from decimal import Decimal

import pytest

from core.interchange import kinds
from spaces.models import Building, Campus, Unit
from tests.factories import CampusFactory, LeaseFactory, UnitFactory

HEADER = "unit,campus,building,floor,area_m2\n"


def test_campuses_and_buildings_are_made_once(db, bring):
    done = bring("units", HEADER + "U1,shuqiwan,A,1,120.50\nU2,shuqiwan,A,,80\nU3,shuqiwan,B,2,80\n")
    assert done.stored == kinds.Stored(new=3)
    assert (Campus.objects.count(), Building.objects.count()) == (1, 2)
    assert list(Unit.objects.values_list("code", "building__code", "floor", "area_m2")) == [
        ("U1", "A", "1", Decimal("120.50")),
        ("U2", "A", "", Decimal("80.00")),
        ("U3", "B", "2", Decimal("80.00")),
    ]


@pytest.mark.parametrize("written", ["sqw", "Shuqiwan", "树栖湾"])
def test_a_campus_is_known_by_its_code_or_either_name(db, bring, written):
    campus = CampusFactory(code="sqw", name="Shuqiwan", name_zh="树栖湾")
    bring("units", HEADER + f"U1,{written},A,1,10\n")
    assert list(Campus.objects.all()) == [campus]


def test_importing_twice_changes_nothing_the_second_time(db, bring):
    content = HEADER + "U1,sqw,A,1,120.50\n"
    bring("units", content)
    assert bring("units", content).stored == kinds.Stored(unchanged=1)


def test_a_unit_may_move_and_grow(db, bring):
    bring("units", HEADER + "U1,sqw,A,1,120.50\n")
    assert bring("units", HEADER + "U1,sqw,B,1,200\n").stored == kinds.Stored(changed=1)


def test_an_absent_floor_stays_as_it_is(db, bring):
    bring("units", HEADER + "U1,sqw,A,1,120.50\n")
    bring("units", "unit,campus,building,area_m2\nU1,sqw,A,130\n")
    assert Unit.objects.values_list("floor", "area_m2").get() == ("1", Decimal("130.00"))


def test_a_unit_does_not_shrink_below_its_lease(db, refusals):
    unit = UnitFactory(code="U1", area_m2=Decimal(500))
    LeaseFactory(number="L1", unit=unit, area_m2=Decimal("100.00"))
    found = refusals("units", HEADER + "U1,sqw,A,1,99.99\n")
    assert found == [(2, "area_m2", "99.99", "is less than the 100.00 m² of the lease L1")]
    assert not Campus.objects.filter(code="sqw").exists()
