"""What holds whatever is on record: more is never less, an unknown detail decides nothing, caps are never exceeded."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.evaluate import decide
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import facts_of
from subsidies.rules.windows import add_months
from tests.subsidies.rules.cases import DAY_OF_CASES, on_record, parameters

ON = DAY_OF_CASES
TIMELINE = Timeline([parameters()])
MONTH = date(2026, 3, 1)
some = settings(max_examples=25, deadline=None)


def decided(point: str, on: date = ON, **items) -> dict:
    facts = facts_of(on_record(**items), TIMELINE, on)
    return decide([POINTS[point]], facts, parameters(), on).row(0, named=True)


areas = st.integers(1, 60_000)


@some
@given(st.lists(areas, min_size=1, max_size=3), areas)
def test_more_area_never_lowers_the_relief(leased, more):
    leases = [{"lease": f"L{place}", "area": area} for place, area in enumerate(leased)]
    larger = [{**leases[0], "area": leases[0]["area"] + more}, *leases[1:]]
    assert decided("rent_waiver", leases=larger)["amount_fen"] >= decided("rent_waiver", leases=leases)["amount_fen"]


principals = st.integers(1, 3 * 10**8)


@some
@given(st.lists(principals, min_size=1, max_size=3), principals)
def test_more_debt_of_the_only_rate_never_lowers_the_support(owed, more):
    # Each loan is rounded by itself, so a fen may move from one to the other for each of them.
    loans = [{"loan": f"K{place}", "principal": principal} for place, principal in enumerate(owed)]
    larger = [*loans, {"loan": "Z", "principal": more}]
    lower, higher = (decided("loan_interest", loans=rows)["amount_fen"] for rows in (loans, larger))
    assert higher >= lower
    # 31 days of the largest principal, and half a fen of rounding for each loan.
    assert higher <= Fraction(200_000_000 * 31 * 3, 100 * 360 * 2) + Fraction(len(larger), 2)


scores = st.sampled_from((0, 74_99, 75_00, 79_99, 80_00, 89_99, 90_00, 100_00))
projects = st.fixed_dictionaries({"score": scores | st.none(), "awarded": st.booleans()})


@some
@given(st.sampled_from(("leading", "angel")), st.lists(projects, min_size=1, max_size=4), st.sampled_from((0, 100_00)))
def test_an_unscored_project_decides_nothing_unless_no_score_could_change_it(kind, rows, score):
    point = {"leading": "leading_project", "angel": "angel_fund"}[kind]
    known = decided(point, projects=[{**row, "kind": kind} for row in rows])["outcome"]
    scored = [{**row, "kind": kind, "score": score if row["score"] is None else row["score"]} for row in rows]
    assert known in ("unknown", decided(point, projects=scored)["outcome"])


costs = st.fixed_dictionaries(
    {
        "amount": st.integers(1, 10**8),
        "admitted": st.booleans() | st.none(),
        "granted": st.booleans(),
        "kind": st.sampled_from(("model", "compute", "compute_other")),
    }
)


@some
@given(st.lists(costs, min_size=1, max_size=4), st.booleans())
def test_a_supplier_who_is_not_named_decides_nothing_unless_none_could_change_it(rows, admitted):
    unnamed = [{**row, "related": None if row["admitted"] is None else False} for row in rows]
    named = [{**row, "admitted": admitted if row["admitted"] is None else row["admitted"]} for row in rows]
    known = decided("ai_vouchers", expenses=unnamed)["outcome"]
    assert known in (
        "unknown",
        decided("ai_vouchers", expenses=[{**row, "related": False} for row in named])["outcome"],
    )


def grant(point: str, on: date, items: dict, grants: list[dict]) -> dict:
    """Grant what is decided on the day: everything that counts is in an active grant from then on."""
    found = decided(point, on, **items, grants=grants, reports=[{}])
    if found["amount_fen"]:
        grants.append({"point": point, "granted_on": on, "amount": found["amount_fen"]})
        for row in items.get("expenses", []):
            row["granted"] = row["granted"] or row["paid_on"] <= on
    return found


AWARDS = {"a": 1_000_000_00, "b": 500_000_00, "c": 300_000_00, "d": 100_000_00, "e": 50_000_00}
days = st.lists(st.integers(1, 700), min_size=2, max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4 * 10**7), st.integers(0, 700)), min_size=1, max_size=6), days)
@pytest.mark.parametrize(("point", "cap"), [("activities", 200_000_00), ("settlement", 100_000_00)])
def test_no_sequence_of_grants_exceeds_the_cap_of_a_year(point, cap, paid, days):
    start = date(2025, 10, 1)
    expenses = [
        {"point": point, "kind": None, "amount": amount, "paid_on": start + timedelta(days=day), "granted": False}
        for amount, day in paid
    ]
    grants: list[dict] = []
    for day in sorted(days):
        grant(point, start + timedelta(days=day), {"expenses": expenses}, grants)
    by_year: dict[int, int] = {}
    for one in grants:
        by_year[one["granted_on"].year] = by_year.get(one["granted_on"].year, 0) + one["amount"]
    assert all(sum_ <= cap for sum_ in by_year.values())
    assert point != "settlement" or len(grants) <= 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 500)), min_size=1, max_size=8), days)
def test_no_sequence_of_awards_exceeds_the_cap_of_a_year(people, days):
    start = date(2025, 10, 1)
    talents = [
        {"talent": f"T{place}", "grade": grade, "employed_from": start + timedelta(days=day), "awarded": False}
        for place, (grade, day) in enumerate(people)
    ]
    grants: list[dict] = []
    for day in sorted(days):
        on = start + timedelta(days=day)
        if grant("talent", on, {"talents": talents}, grants)["amount_fen"]:
            for row in talents:
                row["awarded"] |= add_months(row["employed_from"], 6) <= on
    by_year: dict[int, int] = {}
    for one in grants:
        by_year[one["granted_on"].year] = by_year.get(one["granted_on"].year, 0) + one["amount"]
    assert all(sum_ <= 2_000_000_00 for sum_ in by_year.values())
    assert sum(by_year.values()) <= sum(AWARDS[row["grade"]] for row in talents if row["awarded"])
