"""What ends a yes, against trying every day of four years."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from subsidies.rules.horizon import End, change_days, ends
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import SCHEMAS, Records, facts_of
from tests.subsidies.rules.cases import START, parameters
from tests.subsidies.rules.test_whatif import COMPANY, LEASE, TALENT, TIMELINE, frame, records, with_

ON = date(2026, 3, 15)
DAY = timedelta(days=1)
FOUR_YEARS = 4 * 365 + 1
COMPANIES = 40
COSTLY = ("settlement", "ai_vouchers", "activities")
# Criteria alone: an amount may be unknown without the yes being any less of one.
BARE = {code: replace(point, amount=None) for code, point in POINTS.items()}
NAMES = {name for point in BARE.values() for name in point.facts}
CHANGING = Timeline(
    [
        parameters(START, rent_waiver__months="18", angel_fund__max_age_years="3"),
        parameters(date(2027, 5, 10), leading_project__score="85", talent__employment_months="9"),
        parameters(date(2028, 2, 29), rent_waiver__months="30", loan_interest__months="24"),
    ]
)


def ending(known: Records, timeline: Timeline = TIMELINE, on: date = ON) -> dict[str, End]:
    return ends(BARE.values(), lambda day: facts_of(known, timeline, day, NAMES), change_days(known, on), timeline, on)


def end(code: str, known: Records, timeline: Timeline = TIMELINE, on: date = ON) -> tuple[date, list[str]] | None:
    found = ending(known, timeline, on).get(code)
    return (found.day, [leaf.key for leaf in found.criteria]) if found else None


def test_the_waiver_ends_with_its_window():
    assert end("rent_waiver", records(LEASE)) == (date(2028, 9, 25), ["window_open"])


def test_it_ends_before_with_the_last_lease():
    until = {"until": date(2027, 1, 1)}
    assert end("rent_waiver", records(LEASE | until)) == (date(2027, 1, 1), ["settled", "area_leased"])
    assert end("rent_waiver", records(LEASE | until, LEASE | {"lease": "L-2"})) == (date(2028, 9, 25), ["window_open"])


@pytest.mark.parametrize(("period", "key"), [("registered_until", "registered"), ("operating_until", "settled")])
def test_it_ends_with_a_known_end_of_registration_or_operation(period, key):
    assert end("rent_waiver", records(LEASE, **{period: date(2026, 7, 1)})) == (date(2026, 7, 1), [key])


def test_a_company_grows_too_old_for_the_angel_fund_after_its_fifth_anniversary():
    project = {"project": "J-1", "kind": "angel", "score": 80_00, "awarded": False, "requested": 1_00}
    known = with_(records(LEASE), projects=[project])
    assert end("angel_fund", known) == (date(2029, 6, 2), ["young_enough"])


def test_yearly_costs_end_with_the_year():
    cost = {"expense": "E-1", "point": "activities", "amount": 1_00, "paid_on": ON, "granted": False}
    assert end("activities", with_(records(LEASE), expenses=[cost])) == (
        date(2027, 1, 1), ["activity_costs_documented"],
    )  # fmt: skip


def test_a_later_version_that_is_published_ends_a_yes_on_its_first_day():
    later = Timeline([parameters(), parameters(date(2026, 9, 1), rent_waiver__months="6")])
    assert end("rent_waiver", records(LEASE), later) == (date(2026, 9, 1), ["window_open"])


def test_a_yes_that_nothing_ends_and_a_no_have_no_end():
    long_there = TALENT | {"employed_from": date(2025, 1, 1)}
    found = ending(with_(records(LEASE), talents=[long_there]))
    assert "talent" not in found
    assert "leading_project" not in found


def drawn(chance: random.Random, company: int) -> dict[str, list[dict[str, Any]]]:
    """All that may be on record about a company, with days around the four years."""

    def day(first: int = -700, last: int = 1300) -> date:
        return ON + DAY * chance.randint(first, last)

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.4 else None

    def several(row: Any) -> list[dict[str, Any]]:
        return [{"company": company} | row(place) for place in range(chance.choice((0, 1, 1, 2)))]

    def key(place: int) -> str:
        return f"{company}-{place}"

    def yes() -> bool:
        return chance.random() < 0.8

    loans = several(lambda n: {"loan": key(n), "principal": 1000, "rate": 4_0000, "drawn_on": day(-400, -1),
                               "due_on": maybe(day(1))})  # fmt: skip
    return {
        "companies": [COMPANY | {"company": company, "founded_on": day(-1500, -300),
                                 "registered_until": maybe(day(1)), "operating_until": maybe(day(1))}],
        "leases": [{"company": company, "lease": key(0), "area": 1, "price": 1, "first_day": day(-500, 0),
                    "until": maybe(day(1))},
                   *several(lambda n: {"lease": key(n + 1), "area": 1, "price": 1, "first_day": day()})],
        "loans": loans,
        "repayments": [{"loan": row["loan"], "paid_on": day(), "amount": 1000} for row in loans if yes()],
        "talents": several(lambda n: {"talent": key(n), "grade": "c", "employed_from": day(-600, 0),
                                      "employed_until": maybe(day(1)), "awarded": not yes()}),
        "projects": several(lambda n: {"project": key(n), "kind": chance.choice(("leading", "angel")),
                                       "score": chance.choice((70_00, 80_00, 90_00)), "requested": 1,
                                       "awarded": not yes()}),
        "expenses": several(lambda n: {"expense": key(n), "kind": "model", "amount": 100, "granted": not yes(),
                                       "point": chance.choice(COSTLY),
                                       "paid_on": day(-70, 0) if yes() else day(),
                                       "admitted": yes(), "related": not yes()}),
        "reports": several(lambda n: {"period_end": day(-400, 400), "months": 12, "revenue": 1, "employees": 1}),
        "grants": several(lambda n: {"point": "settlement", "granted_on": day(), "amount": 1})[:1],
        "desks": several(lambda n: {"first_day": day(), "until": maybe(day(1))}),
    }  # fmt: skip


@cache
def register() -> Records:
    chance = random.Random(20260315)  # the same register every time
    rows = [drawn(chance, company) for company in range(COMPANIES)]
    return Records(**{name: frame(name, *(row for one in rows for row in one[name])) for name in SCHEMAS})


def outcomes_on(day: date, codes: Iterable[str] = BARE) -> dict[tuple[int, str], bool | None]:
    """By the expressions that decide, compiled together for speed; of the points of these codes."""
    terms = Terms(CHANGING.deciding(day), day)
    points = {code: BARE[code] for code in codes}
    facts = facts_of(register(), CHANGING, day, {name for point in points.values() for name in point.facts})
    decided = facts.select("company", **{code: point.criteria.expr(terms) for code, point in points.items()})
    return {(row["company"], code): row[code] for row in decided.iter_rows(named=True) for code in points}


def first_days_without() -> dict[tuple[int, str], tuple[date, bool]]:
    """(company, point) -> the first day on which what was a yes on ON is none, of every day of four years, and whether
    it is unknown then."""
    found: dict[tuple[int, str], tuple[date, bool]] = {}
    lasting = {key for key, outcome in outcomes_on(ON).items() if outcome}
    for place in range(1, FOUR_YEARS):
        day = ON + DAY * place
        outcomes = outcomes_on(day, sorted({code for _company, code in lasting}))
        ended = {key: outcome for key, outcome in outcomes.items() if key in lasting and not outcome}
        found |= {key: (day, outcome is None) for key, outcome in ended.items()}
        lasting -= ended.keys()
    return found


@pytest.mark.slow
def test_the_end_of_a_yes_is_the_day_that_trying_every_day_finds():
    expected = first_days_without()
    last = ON + DAY * (FOUR_YEARS - 1)
    found = {
        (company, code): (one.day, one.is_unknown)
        for company in range(COMPANIES)
        for code, one in ending(register().of([company]), CHANGING).items()
        if one.day <= last
    }
    assert len(expected) > COMPANIES
    assert {code for _, code in expected} == set(POINTS)
    assert found == expected
