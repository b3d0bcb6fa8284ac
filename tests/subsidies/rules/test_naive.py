"""The rules, evaluated a second time: one company at a time, with Python's own operators, and the same answers."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.naive import decide_one_by_one
from subsidies.rules.evaluate import decide
from subsidies.rules.facts import FACTS
from subsidies.rules.points import POINTS
from tests.subsidies.rules.cases import DAY_OF_CASES, ENTITLED, facts, parameters

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def values(name: str) -> st.SearchStrategy:
    """Unknown, the value that entitles, its neighbours, or anything that the fact may be."""
    fact, known = FACTS[name], ENTITLED[name]
    if fact.dtype == pl.Boolean:
        return st.sampled_from([None, True, False])
    if fact.dtype == pl.Date:
        near = [known, known - timedelta(days=1), known + timedelta(days=1)] if known else []
        return st.sampled_from([None, *near]) | DAYS
    if fact.dtype == pl.String:
        return st.sampled_from([None, known, "team", "anchor"])
    return st.sampled_from([None, 0, 1, known, max(known - 1, 0), min(known + 1, fact.most)]) | st.integers(
        0, fact.most
    )


companies = st.lists(
    st.fixed_dictionaries({}, optional={name: values(name) for name in ENTITLED if name in FACTS}),
    min_size=1,
    max_size=20,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(companies, DAYS | st.just(DAY_OF_CASES))
def test_a_loop_over_objects_decides_the_same(rows, on):
    frame, version = facts(*rows), parameters()
    by_frame = decide(POINTS.values(), frame, version, on)
    found = {
        (row["company"], row["point"]): (row["outcome"], row["amount_fen"]) for row in by_frame.iter_rows(named=True)
    }
    loop = decide_one_by_one(POINTS.values(), frame, version, on)
    assert found == {(company, point): (outcome, amount) for company, point, outcome, amount in loop}
