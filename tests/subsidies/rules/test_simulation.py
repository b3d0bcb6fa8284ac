"""What a draft does not touch: the points that `touched` leaves out come out the same, whatever number is changed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from subsidies.rules.parameters import ParameterSet, Since, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import SCHEMAS
from subsidies.rules.simulation import Premises, cells, cells_beside, cells_of_both, decided, touched, with_draft
from tests.subsidies.rules.cases import DAY_OF_CASES, PACK, START, on_record, parameters

LAW = Timeline([parameters()])
POINT_LIST = tuple(POINTS.values())
LATER = DAY_OF_CASES + timedelta(days=5)  # in the month of which relief and interest are reckoned

RECORDS = on_record(
    companies=[{"company": key} for key in (1, 2, 3)],
    leases=[{"company": key, "lease": f"L{key}", "area": area} for key, area in ((1, 299_00), (2, 310_00), (3, 20_00))],
    desks=[{"company": 3}],
    loans=[{"company": 1, "principal": 2_100_000_00}, {"company": 2, "loan": "K2", "principal": 10_000_00}],
    talents=[{"company": key, "talent": f"T{key}", "grade": grade} for key, grade in ((1, "a"), (2, "d"), (3, "e"))],
    projects=[
        {"company": 1, "project": "P1", "score": 95_00},
        {"company": 2, "project": "P2", "score": 80_00},
        {"company": 1, "project": "P3", "kind": "angel", "score": 76_00, "requested": 5_000_000_00},
        {"company": 3, "project": "P4", "kind": "angel", "score": 90_00, "requested": 100_00},
    ],
    expenses=[
        {"company": key, "expense": f"E{key}{point}{kind}", "point": point, "kind": kind, "amount": amount}
        for key, amount in ((1, 900_000_00), (2, 1_234_56))
        for point, kind in (
            ("ai_vouchers", "model"), ("ai_vouchers", "compute"), ("ai_vouchers", "compute_other"),
            ("settlement", None), ("activities", None),
        )
    ],
    reports=[{"company": 1, "employees": 500, "revenue": 10**12}, {"company": 2}],
)  # fmt: skip
PREMISES = Premises(
    pl.DataFrame({"company": [1, 2, 3], "stage": ["chick", "growing", None]}),
    RECORDS.leases.select("company", pl.lit("C1").alias("campus"), "first_day", "until"),
)


def other(name: str, effective_from: date) -> ParameterSet:
    """The present version with half of the value, or with a series that lies a percent lower."""
    law = parameters(effective_from)
    found = law.parameters[name]
    if isinstance(found.value, tuple):
        lower = tuple(Since(step.day, step.value - 1) for step in found.value)
        return replace(law, parameters={**law.parameters, name: replace(found, value=lower)})
    value = Decimal(int(found.value / 2))
    return replace(law, parameters={**law.parameters, name: replace(found, value=value)})


def by_point(frame: pl.DataFrame, points: set[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col("point").cast(pl.String)).filter(pl.col("point").is_in(list(points)))


@pytest.mark.parametrize("begins", [DAY_OF_CASES, LATER], ids=["today", "in some days"])
@pytest.mark.parametrize("name", PACK.parameters)
def test_what_a_draft_does_not_touch_comes_out_the_same(name, begins):
    draft = other(name, begins)
    some = {point.code for point in touched(POINT_LIST, LAW, draft)}
    others = {point.code for point in POINT_LIST} - some
    with_it = with_draft(LAW, draft)
    one, another = (decided(POINT_LIST, RECORDS, side, DAY_OF_CASES) for side in (LAW, with_it))
    assert_frame_equal(by_point(one, others), by_point(another, others))


def test_a_number_that_decides_is_seen_to_touch_its_point():
    assert [point.code for point in touched(POINT_LIST, LAW, other("rent_waiver.area_m2", LATER))] == ["rent_waiver"]
    assert [point.code for point in touched(POINT_LIST, LAW, other("talent.award_d", START))] == ["talent"]
    assert touched(POINT_LIST, LAW, parameters(LATER)) == []


def test_a_draft_before_the_first_version_touches_every_point():
    assert touched(POINT_LIST, LAW, parameters(START - timedelta(days=1))) == list(POINT_LIST)


@pytest.mark.parametrize("name", ["rent_waiver.area_m2", "activities.share", "lpr_1y"])
def test_points_that_are_projected_once_for_both_come_out_as_if_projected_twice(name):
    draft = other(name, DAY_OF_CASES)
    sides = (LAW, with_draft(LAW, draft))
    twice = (cells(POINT_LIST, RECORDS, PREMISES, side, DAY_OF_CASES, 14) for side in sides)
    once = cells_of_both(RECORDS, PREMISES, *sides, draft, DAY_OF_CASES, 14)
    assert_frame_equal(once, cells_beside(*twice))
    assert (once["cost_before"] != once["cost_after"]).any()


def test_no_kind_of_record_is_left_out_of_these_tests():
    assert {name for name in SCHEMAS if getattr(RECORDS, name).is_empty()} == {"repayments", "grants"}
