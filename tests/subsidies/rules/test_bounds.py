"""Bounds of amounts against every completion of what is unknown."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.amounts import Amount, Choose, Fixed, Least, Of, Rest, Share, Sum, Times
from subsidies.rules.criteria import Is
from subsidies.rules.parameters import ParameterSet, Terms
from subsidies.rules.points import POINTS
from tests.subsidies.rules.cases import DAY_OF_CASES, START, facts, parameters

NAMES = ("a", "b", "c")
MONEY = tuple(f"money_{place}" for place in range(3))
SHARES = tuple(f"share_{place}" for place in range(3))
numbers = st.integers(0, 5_000_00)


@st.composite
def amounts(draw: Any, depth: int = 4) -> Amount:
    """A tree of amounts over three facts, of every kind of node."""

    def inner() -> Amount:
        return draw(amounts(depth - 1))

    plain: list[Any] = [
        lambda: Of("", draw(st.sampled_from(NAMES))),
        lambda: Fixed("", draw(st.sampled_from(MONEY))),
        lambda: Times("", draw(st.sampled_from(NAMES)), draw(st.sampled_from(MONEY))),
    ]
    nested: list[Any] = [
        lambda: Share("", inner(), draw(st.sampled_from(SHARES))),
        lambda: Sum("", (inner(), inner())),
        lambda: Least("", inner(), inner()),
        lambda: Rest("", inner(), inner()),
        lambda: Choose("", Is("k", draw(st.sampled_from(NAMES)), ">=", 1_000_00), inner(), inner()),
    ]
    return draw(st.sampled_from(plain if depth == 0 else plain + nested))()


@st.composite
def terms(draw: Any) -> Terms:
    """Parameters of the names above; a share, and an amount, may be nothing."""
    like = parameters().parameter("settlement.cap")
    of_share = parameters().parameter("settlement.share")
    chosen = {name: replace(like, name=name, value=Decimal(draw(st.sampled_from((0, 1, 12, 3000))))) for name in MONEY}
    chosen |= {
        name: replace(of_share, name=name, value=Decimal(draw(st.sampled_from((0, 33, 50, 100))))) for name in SHARES
    }
    return Terms(ParameterSet("drawn", START, chosen), DAY_OF_CASES)


def evaluated(amount: Amount, terms: Terms, row: dict[str, int | None]) -> tuple[int | None, int, int | None]:
    frame = pl.DataFrame([row], schema=dict.fromkeys(NAMES, pl.Int64()))
    low, high = amount.bounds(terms)
    return frame.select(amount=amount.expr(terms), low=low, high=high).row(0)


@settings(max_examples=300, deadline=None)
@given(amounts(), terms(), st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)), st.sets(st.sampled_from(NAMES)))
def test_whatever_is_unknown_turns_out_to_be_the_amount_lies_within_its_bounds(amount, terms, world, unknown):
    known, _, _ = evaluated(amount, terms, world)
    _, low, high = evaluated(amount, terms, {**world, **dict.fromkeys(unknown)})
    assert low <= known
    assert high is None or known <= high


@settings(max_examples=200, deadline=None)
@given(amounts(), terms(), st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)))
def test_bounds_with_nothing_unknown_are_the_amount(amount, terms, world):
    known, low, high = evaluated(amount, terms, world)
    assert (low, high) == (known, known)


@settings(max_examples=200, deadline=None)
@given(amounts(), terms(), st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)), st.sets(st.sampled_from(NAMES)))
def test_to_learn_a_fact_never_widens_the_bounds(amount, terms, world, unknown):
    _, low, high = evaluated(amount, terms, {**world, **dict.fromkeys(unknown)})
    for name in unknown:
        _, nearer_low, nearer_high = evaluated(amount, terms, {**world, **dict.fromkeys(unknown - {name})})
        assert low <= nearer_low
        assert high is None or (nearer_high is not None and nearer_high <= high)


def bounds_of(code: str, **changes: Any) -> tuple[int, int | None]:
    amount = POINTS[code].amount
    assert amount is not None
    low, high = amount.bounds(Terms(parameters(), DAY_OF_CASES))
    return facts(changes).select(low=low, high=high).row(0)


@pytest.mark.parametrize(
    ("code", "unknown", "expected"),
    [
        ("settlement", "setup_costs", (0, 100_000_00)),
        ("rent_waiver", "relief_of_month", (0, None)),
        ("leading_project", "leading_plain", (0, None)),
        ("activities", "activities_granted_this_year", (0, 5_000_01)),
        ("talent", "talents_a", (100_000_00, 2_000_000_00)),
    ],
)
def test_an_unknown_fact_leaves_the_amount_between_its_caps(code, unknown, expected):
    assert bounds_of(code, **{unknown: None}) == expected


def test_a_company_that_may_be_small_gets_between_both_shares():
    many = {"voucher_costs": 100_00, "model_costs": 100_00, "compute_costs": 0, "compute_other_costs": 0}
    assert bounds_of("ai_vouchers", small_company=None, **many) == (30_00, 50_00)
