"""What a change would bring: reckoned on changed records, as a range where something stays open."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from subsidies.rules.amounts import Choose, Fixed, Of
from subsidies.rules.criteria import All, Is
from subsidies.rules.criteria import Any as AnyOf
from subsidies.rules.explain import explain
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS, Per, Point
from subsidies.rules.records import SCHEMAS, Records
from subsidies.rules.whatif import Gain, WhatIf
from tests.subsidies.rules.cases import START, parameters

ON = date(2026, 3, 15)
APRIL = date(2026, 4, 1)
EARLY = date(2025, 1, 1)
TIMELINE = Timeline([parameters()])
COMPANY = {
    "company": 1, "kind": "company", "registered_from": EARLY, "operating_from": EARLY, "founded_on": date(2024, 6, 1),
    "listed": False, "bad_credit": False,
}  # fmt: skip
LEASE = {"company": 1, "lease": "L-1", "area": 400_00, "price": 1_0000, "first_day": START}


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(SCHEMAS[name]) | row for row in rows], schema=SCHEMAS[name])


def records(*leases: dict[str, Any], **company: Any) -> Records:
    return Records(frame("companies", COMPANY | company), leases=frame("leases", *leases))


def gain(code: str | Point, known: Records, on: date = ON, timeline: Timeline = TIMELINE) -> Gain | None:
    """Of the nearest change, as it is found for the company."""
    point = POINTS[code] if isinstance(code, str) else code
    world = WhatIf(known, timeline, on)
    found = explain(point, world.facts(frozenset(), on, on).row(0, named=True), timeline.deciding(on), on)
    assert found.nearest
    keys = {advice.key for advice in found.nearest}
    days = [advice.day for advice in found.nearest if advice.day]
    return world.gain(point, [leaf for leaf in point.leaves if leaf.key in keys], max(days, default=None))


@pytest.mark.parametrize("registered", [None, date(2026, 12, 1)])
def test_to_register_brings_the_relief_of_the_first_whole_month(registered):
    assert gain("rent_waiver", records(LEASE, registered_from=registered)) == Gain(9_000_00, 9_000_00, APRIL)


def test_to_register_again_after_the_registration_ended_brings_the_relief_back():
    assert gain("rent_waiver", records(LEASE, registered_until=date(2026, 1, 1))) == Gain(9_000_00, 9_000_00, APRIL)


def test_to_begin_operating_brings_the_relief_of_what_is_leased_already():
    assert gain("rent_waiver", records(LEASE, operating_from=None)) == Gain(9_000_00, 9_000_00, APRIL)


def test_without_a_lease_the_relief_depends_on_what_will_be_leased():
    assert gain("rent_waiver", records()) == Gain(0, None, APRIL)


def test_before_the_policy_is_in_force_time_brings_the_relief_of_its_first_whole_month():
    assert gain("rent_waiver", records(LEASE | {"first_day": EARLY}), date(2025, 8, 1)) == Gain(
        9_300_00, 9_300_00, date(2025, 10, 1)
    )


def test_the_version_of_the_day_on_which_it_would_hold_says_what_it_brings():
    later = parameters(APRIL, rent_waiver__area_m2="100")
    assert gain("rent_waiver", records(LEASE, registered_from=None), timeline=Timeline([parameters(), later])) == Gain(
        3_000_00, 3_000_00, APRIL
    )


def test_a_month_in_which_the_window_ends_brings_what_is_left_of_it():
    opened = LEASE | {"first_day": START}
    found = gain("rent_waiver", records(opened, registered_from=None), date(2028, 9, 20))
    assert found == Gain(5 * 300_00, 5 * 300_00, date(2028, 9, 20))


NESTED = All(
    Is("registered", "registered", "==", True, own=True),
    AnyOf(
        All(
            Is("young", "kind", "==", "team"),
            AnyOf(Is("listed", "listed", "==", True), All(Is("settled", "settled", "==", True, own=True))),
        ),
        All(
            Is("leases", "leased_area", ">", 0, own=True),
            AnyOf(
                Is("credit", "bad_credit", "==", True, cure="never"), Is("operates", "settled", "==", True, own=True)
            ),
        ),
    ),
)
RELIEF = Point("nested", "", Per.MONTH, NESTED, Of("", "relief_of_month"))


def test_a_change_deep_within_a_tree_brings_what_the_amount_is_then():
    assert gain(RELIEF, records(LEASE, operating_from=None, registered_from=None)) == Gain(9_000_00, 9_000_00, APRIL)


def test_a_wished_value_decides_what_an_amount_chooses():
    chosen = Choose(
        "", Is("listed", "listed", "==", True), Fixed("", "settlement.cap"), Fixed("", "angel_fund.project_cap")
    )
    point = Point("listed", "", Per.ONCE, Is("is_listed", "listed", "==", True), chosen)
    assert gain(point, records()) == Gain(100_000_00, 100_000_00, ON)
