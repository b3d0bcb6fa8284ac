from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from subsidies.rules.catalogue import refuse_impossible
from subsidies.rules.errors import BadParameter, BadTimeline, MissingParameter
from subsidies.rules.parameters import Timeline
from tests.subsidies.rules.cases import PACK, START, parameters

DAY_BEFORE = date(2025, 9, 24)


def test_a_parameter_is_read_in_the_smallest_step_of_its_unit():
    version = parameters(settlement__cap="100000.01", rent_waiver__area_m2="300.01", rent_waiver__share="33.33")
    assert version["settlement.cap"] == 10_000_001
    assert version["rent_waiver.area_m2"] == 30_001
    assert version["rent_waiver.share"] == 3333
    assert version["rent_waiver.months"] == 36


def test_a_missing_parameter_raises_its_name():
    with pytest.raises(MissingParameter, match=r"rent_waiver\.moons"):
        parameters()["rent_waiver.moons"]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("rent_waiver.share", "33.333", "finer than"),
        ("rent_waiver.share", "100.01", "outside"),
        ("rent_waiver.months", "0", "outside"),
        ("rent_waiver.months", "36.5", "finer than"),
        ("settlement.cap", "-1", "outside"),
        ("settlement.cap", "0.001", "finer than"),
    ],
)
def test_an_impossible_value_is_refused(name, value, problem):
    with pytest.raises(BadParameter, match=problem):
        refuse_impossible(replace(PACK.parameters[name], value=Decimal(value)))


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2019, 8, 20), 425),
        (date(2019, 9, 19), 425),
        (date(2019, 9, 20), 420),
        (date(2025, 5, 19), 310),
        (date(2025, 5, 20), 300),
        (date(2030, 1, 1), 300),
    ],
)
def test_a_series_gives_the_value_in_force(day, rate):
    assert parameters().number_on("lpr_1y", day) == rate


def test_many_days_of_a_series_are_looked_up_at_once_in_their_order():
    days = pl.Series([date(2025, 5, 20), None, date(2019, 8, 20), date(2025, 5, 19)], dtype=pl.Date)
    assert parameters().numbers_on("lpr_1y", days).to_list() == [300, None, 425, 310]


def test_a_series_has_no_value_before_its_first():
    with pytest.raises(MissingParameter, match=r"lpr_1y has no value on 2019-08-19"):
        parameters().number_on("lpr_1y", date(2019, 8, 19))
    with pytest.raises(MissingParameter):
        parameters().numbers_on("lpr_1y", pl.Series([date(2025, 1, 1), date(2019, 8, 19)]))


def test_a_version_is_in_force_from_its_first_day_until_the_next_begins():
    first, second = parameters(START), parameters(date(2026, 1, 1))
    timeline = Timeline([second, first])
    assert timeline.at(DAY_BEFORE) is None
    assert timeline.at(START) is first
    assert timeline.at(date(2025, 12, 31)) is first
    assert timeline.at(date(2026, 1, 1)) is second
    assert timeline.starts_on == START


def test_before_the_first_version_its_gate_decides():
    timeline = Timeline([parameters()])
    assert timeline.deciding(DAY_BEFORE).effective_from == START
    with pytest.raises(BadTimeline, match="no version"):
        Timeline([]).deciding(START)


def test_two_versions_cannot_begin_on_one_day():
    with pytest.raises(BadTimeline, match="both begin on 2025-09-25"):
        Timeline([parameters(), parameters()])


def test_a_month_is_cut_where_a_version_begins():
    timeline = Timeline([parameters(START), parameters(date(2025, 9, 28))])
    pieces = timeline.pieces(date(2025, 9, 1), date(2025, 10, 1))
    assert [(p.first.day, p.until.day, p.parameters and p.parameters.version) for p in pieces] == [
        (1, 25, None),
        (25, 28, "from 2025-09-25"),
        (28, 1, "from 2025-09-28"),
    ]
