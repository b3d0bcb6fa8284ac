"""The ends of windows, for many companies at once, against the points themselves."""

from datetime import date, timedelta

import polars as pl
import pytest

from subsidies.rules.endings import STEPS, due, interest_windows, rent_windows, told_on
from subsidies.rules.evaluate import decide
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import facts_of
from subsidies.rules.windows import add_months
from tests.subsidies.rules.cases import START, parameters
from tests.subsidies.rules.test_whatif import LEASE, TIMELINE, records, with_

DAY = timedelta(days=1)
ON = date(2026, 3, 15)


def ends_on(*leases, timeline: Timeline = TIMELINE, on: date = ON, **company) -> date | None:
    known = records(*leases, **company)
    found = rent_windows(known.companies, known.leases, timeline, on)
    return found["ends_on"][0] if found.height else None


def test_the_window_ends_before_the_same_day_36_months_later():
    assert ends_on(LEASE | {"first_day": date(2025, 10, 1)}) == date(2028, 9, 30)


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2028, 9, 24), date(2028, 9, 24)), (date(2028, 9, 25), None), (date(2025, 9, 1), None)]
)
def test_only_a_window_that_is_open_on_the_day_has_an_end(on, expected):
    assert ends_on(LEASE, on=on) == expected


def test_a_company_that_never_settled_or_may_not_have_has_no_window():
    assert ends_on() is None
    assert ends_on(LEASE, operating_from=None) is None


@pytest.mark.parametrize(
    ("months", "from_day", "expected"),
    [
        ("12", date(2026, 6, 1), date(2026, 9, 24)),  # the later version shortens it, and is in force by then
        ("6", date(2026, 6, 1), date(2026, 5, 31)),  # by the later version it was over before: it ends with the earlier
        ("60", date(2028, 1, 1), date(2030, 9, 24)),
        ("60", date(2028, 10, 1), date(2028, 9, 24)),  # too late: the window is over when the version begins
    ],
)
def test_a_published_later_version_moves_the_end(months, from_day, expected):
    timeline = Timeline([parameters(), parameters(from_day, rent_waiver__months=months)])
    assert ends_on(LEASE, timeline=timeline) == expected


@pytest.mark.parametrize("from_day", [date(2026, 6, 1), date(2028, 1, 1), date(2028, 10, 1)])
@pytest.mark.parametrize("months", ["6", "12", "60"])
def test_the_day_after_is_the_first_on_which_the_waiver_is_no_longer_a_yes(months, from_day):
    timeline = Timeline([parameters(), parameters(from_day, rent_waiver__months=months)])
    known = records(LEASE)
    last = ends_on(LEASE, timeline=timeline)
    assert last is not None
    outcomes = [
        decide([POINTS["rent_waiver"]], facts_of(known, timeline, day), timeline.deciding(day), day)["outcome"][0]
        for day in (last, last + DAY)
    ]
    assert outcomes == ["eligible", "not_eligible"]


LOAN = {"loan": "K-1", "principal": 1_000_000_00, "rate": 3_0000, "drawn_on": date(2025, 10, 1)}


def interest_ends_on(timeline: Timeline = TIMELINE, on: date = ON, **loan) -> date | None:
    known = with_(records(LEASE), loans=[LOAN | loan])
    found = interest_windows(known.companies, known.loans, timeline, on)
    return found["ends_on"][0] if found.height else None


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2028, 9, 30), date(2028, 9, 30)), (date(2028, 10, 1), None), (date(2025, 9, 30), None)]
)
def test_the_window_of_interest_support_opens_with_the_first_loan(on, expected):
    assert interest_ends_on(on=on) == expected
    assert interest_ends_on(on=on, due_on=date(2027, 1, 1)) == expected  # paid back or not: the window goes on


def test_a_loan_from_before_the_policy_opens_it_with_the_policy():
    assert interest_ends_on(drawn_on=date(2024, 1, 1)) == add_months(START, 36) - DAY


@pytest.mark.parametrize("from_day", [date(2026, 6, 1), date(2028, 1, 1), date(2028, 10, 1)])
@pytest.mark.parametrize("months", ["6", "12", "60"])
def test_the_day_after_is_the_first_on_which_interest_is_no_longer_supported(months, from_day):
    timeline = Timeline([parameters(), parameters(from_day, loan_interest__months=months)])
    known = with_(records(LEASE), loans=[LOAN])
    last = interest_ends_on(timeline)
    assert last is not None
    outcomes = [
        decide([POINTS["loan_interest"]], facts_of(known, timeline, day), timeline.deciding(day), day)["outcome"][0]
        for day in (last, last + DAY)
    ]
    assert outcomes == ["eligible", "not_eligible"]


def test_every_window_is_told_of_once_for_each_step():
    days = [date(2028, 1, 1) + DAY * place for place in range(800)]
    found = pl.DataFrame({"company": range(800), "ends_on": days})
    told = pl.concat([due(found, day, day) for day in _days(date(2027, 6, 1), date(2030, 4, 1))])
    assert told.height == 800 * len(STEPS)
    assert told.select("company", "months").n_unique() == told.height
    assert all(told_on(row["ends_on"], row["months"]) == row["told_on"] for row in told.iter_rows(named=True))


def _days(first: date, until: date):
    return (first + DAY * place for place in range((until - first).days))


@pytest.mark.parametrize(
    ("last", "months", "expected"),
    [
        (date(2028, 9, 24), 6, date(2028, 3, 24)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
    ],
)
def test_the_day_of_telling_is_the_same_day_of_an_earlier_month(last, months, expected):
    found = pl.DataFrame({"company": [1], "ends_on": [last]})
    assert due(found, expected, expected)["months"].to_list() == [months]
    assert due(found, expected + DAY, expected + DAY).is_empty()


def test_the_step_of_a_window_that_opened_with_the_policy_is_found_on_its_day():
    assert told_on(add_months(START, 36) - DAY, 1) == date(2028, 8, 24)
