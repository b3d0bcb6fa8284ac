"""What a change would bring: reckoned on changed records, as a range where something stays open."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from subsidies.rules.amounts import Choose, Fixed, Of
from subsidies.rules.criteria import All, Is
from subsidies.rules.criteria import Any as AnyOf
from subsidies.rules.explain import explain
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS, Per, Point
from subsidies.rules.records import SCHEMAS, Records, facts_of
from subsidies.rules.whatif import Gain, Question, WhatIf
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


def with_(known: Records, **frames: list[dict[str, Any]]) -> Records:
    """And rows of other frames, all of the one company."""
    return replace(
        known, **{name: frame(name, *({"company": 1} | row for row in rows)) for name, rows in frames.items()}
    )


def gain(code: str | Point, known: Records, on: date = ON, timeline: Timeline = TIMELINE) -> Gain | None:
    """Of the nearest change, as it is found for the company."""
    point = POINTS[code] if isinstance(code, str) else code
    world = WhatIf(known, timeline, on)
    found = explain(point, facts_of(known, timeline, on).row(0, named=True), timeline.deciding(on), on)
    assert found.nearest
    keys = {advice.key for advice in found.nearest}
    days = [advice.day for advice in found.nearest if advice.day]
    turned = tuple(leaf for leaf in point.leaves if leaf.key in keys)
    (answer,) = world.gains([Question(point, turned, max(days, default=None))])
    return answer


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


TALENT = {"talent": "P-1", "grade": "c", "employed_from": date(2026, 1, 20), "awarded": False}
LEADING = {"project": "J-1", "kind": "leading", "awarded": False}
ANGEL = {"project": "J-2", "kind": "angel", "awarded": False}
MODEL = {
    "expense": "E-1", "point": "ai_vouchers", "kind": "model", "amount": 100_000_00, "paid_on": date(2026, 2, 1),
    "admitted": False, "related": False, "granted": False,
}  # fmt: skip
SETTLED = records(LEASE)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("settlement", (0, 100_000_00)),
        ("talent", (50_000_00, 1_000_000_00)),
        ("leading_project", (1_000_000_00, 3_000_000_00)),
        ("angel_fund", (0, 1_000_000_00)),
        ("loan_interest", (0, None)),
        ("ai_vouchers", (0, 400_000_00)),
        ("activities", (0, 200_000_00)),
    ],
)
def test_with_nothing_on_record_a_point_brings_what_its_caps_allow(code, expected):
    found = gain(code, SETTLED)
    assert found is not None
    assert (found.low, found.high) == expected


def test_a_talent_who_has_to_wait_brings_the_award_of_his_class_on_the_day():
    assert gain("talent", with_(SETTLED, talents=[TALENT])) == Gain(300_000_00, 300_000_00, date(2026, 7, 20))


def test_a_talent_without_a_class_brings_the_award_of_any():
    long_there = TALENT | {"grade": None, "employed_from": EARLY}
    assert gain("talent", with_(SETTLED, talents=[long_there])) == Gain(50_000_00, 1_000_000_00, ON)


@pytest.mark.parametrize("score", [None, 79_99])
def test_a_project_that_the_panel_has_not_recognised_brings_either_award(score):
    found = gain("leading_project", with_(SETTLED, projects=[LEADING | {"score": score}]))
    assert found == Gain(1_000_000_00, 3_000_000_00, ON)


@pytest.mark.parametrize(("asked", "low", "high"), [(600_000_00, 600_000_00, 600_000_00), (None, 0, 1_000_000_00)])
def test_an_angel_project_brings_what_it_requests_or_up_to_the_maximum(asked, low, high):
    known = with_(SETTLED, projects=[ANGEL | {"requested": asked}])
    assert gain("angel_fund", known) == Gain(low, high, ON)


def test_the_admission_of_the_supplier_brings_the_share_of_what_was_paid():
    small = {"period_end": date(2025, 12, 31), "months": 12, "revenue": 1_00, "employees": 3}
    known = with_(SETTLED, expenses=[MODEL], reports=[small])
    assert gain("ai_vouchers", known) == Gain(50_000_00, 50_000_00, ON)


def test_while_nobody_knows_whether_the_company_is_small_both_shares_are_possible():
    assert gain("ai_vouchers", with_(SETTLED, expenses=[MODEL])) == Gain(30_000_00, 50_000_00, ON)


def test_what_comes_with_another_change_is_nothing_that_somebody_has_to_tell():
    facts = facts_of(SETTLED, TIMELINE, ON).row(0, named=True)
    advice = explain(POINTS["leading_project"], facts, parameters(), ON).nearest
    assert [(change.key, change.by) for change in advice] == [
        ("project_proposed", By.FOUNDER), ("not_awarded_before", By.FOUNDER), ("recognised", By.OTHERS),
    ]  # fmt: skip


@pytest.mark.parametrize("code", POINTS)
def test_every_change_that_is_named_makes_the_point_a_yes_or_leaves_it_open(code):
    for known in (records(), records(LEASE, registered_from=None), records(operating_from=None)):
        assert gain(code, known) is not None


def test_many_questions_have_the_answers_that_each_has_alone():
    facts = facts_of(SETTLED, TIMELINE, ON).row(0, named=True)
    world = WhatIf(with_(SETTLED, talents=[TALENT], expenses=[MODEL]), TIMELINE, ON)
    asked = []
    for point in POINTS.values():
        keys = {advice.key for advice in explain(point, facts, parameters(), ON).nearest or ()}
        asked.append(Question(point, tuple(leaf for leaf in point.leaves if leaf.key in keys)))
    assert world.gains(asked) == [world.gains([one])[0] for one in asked]
