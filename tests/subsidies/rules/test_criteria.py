"""Criteria against brute force: three values by trying every completion, the nearest change by trying every set."""

from itertools import combinations, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.criteria import All, Any, Criterion, Is
from subsidies.rules.nearest import By, nearest
from subsidies.rules.parameters import Terms
from tests.subsidies.rules.cases import DAY_OF_CASES, parameters

FACTS = ("a", "b", "c", "d")
BOUNDS = (2, 4)
VALUES = (1, 2, 3, 4, 5)

leaf_parts = st.tuples(
    st.sampled_from(FACTS), st.sampled_from(("==", "!=", ">=", "<=", ">", "<")), st.sampled_from(BOUNDS), st.booleans()
)


@st.composite
def trees(draw) -> Criterion:
    """A tree of up to three levels, with a number for a key in each leaf."""
    keys = iter(range(100))

    def leaf() -> Is:
        fact, op, bound, own = draw(leaf_parts)
        return Is(f"k{next(keys)}", fact, op, bound, own=own)

    def node(depth: int) -> Criterion:
        if depth == 0 or draw(st.booleans()):
            return leaf()
        return draw(st.sampled_from((All, Any)))(*(node(depth - 1) for _ in range(draw(st.integers(1, 3)))))

    return draw(st.sampled_from((All, Any)))(*(node(2) for _ in range(draw(st.integers(1, 3)))))


def judge(tree: Criterion, row: dict[str, int | None]) -> tuple[bool | None, dict[str, bool | None]]:
    """What Polars says: the outcome and each criterion's result."""
    frame = pl.DataFrame([row], schema=dict.fromkeys(FACTS, pl.Int64()))
    terms = Terms(parameters(), DAY_OF_CASES)
    whole = frame.select(
        tree.expr(terms).alias("outcome"),
        *(leaf.expr(terms).alias(leaf.key) for leaf in tree.leaves()),
    ).row(0, named=True)
    return whole.pop("outcome"), whole


def by_truth(tree: Criterion, results: dict[str, bool]) -> bool:
    if isinstance(tree, Is):
        return results[tree.key]
    return (all if isinstance(tree, All) else any)(by_truth(part, results) for part in tree.parts)


def completions(results: dict[str, bool | None]):
    unknown = [key for key, result in results.items() if result is None]
    for values in product((True, False), repeat=len(unknown)):
        yield {**results, **dict(zip(unknown, values, strict=True))}


rows = st.fixed_dictionaries({fact: st.sampled_from(VALUES) | st.none() for fact in FACTS})


@settings(max_examples=150, deadline=None)
@given(trees(), rows)
def test_an_outcome_is_known_exactly_where_no_unknown_criterion_can_change_it(tree, row):
    outcome, results = judge(tree, row)
    if sum(result is None for result in results.values()) > 9:
        return
    possible = {by_truth(tree, completed) for completed in completions(results)}
    assert outcome == (possible.pop() if len(possible) == 1 else None)
    assert tree.result(results) is outcome


@settings(max_examples=100, deadline=None)
@given(trees(), rows)
def test_a_criterion_is_open_exactly_where_it_can_change_the_outcome(tree, row):
    _, results = judge(tree, row)
    unknown = [key for key, result in results.items() if result is None]
    if len(unknown) > 8:
        return
    matters = {
        key
        for key in unknown
        for completed in completions(results)
        if by_truth(tree, {**completed, key: True}) != by_truth(tree, {**completed, key: False})
    }
    assert {leaf.key for leaf in tree.open(results)} == matters


@settings(max_examples=100, deadline=None)
@given(trees(), rows)
def test_mending_all_unmet_criteria_of_a_no_undoes_it(tree, row):
    outcome, results = judge(tree, row)
    unmet = [leaf.key for leaf in tree.unmet(results)]
    assert bool(unmet) == (outcome is False)
    assert tree.result({**results, **dict.fromkeys(unmet, True)}) is not False


def cheapest(tree: Criterion, results: dict[str, bool | None], values: tuple[int, ...]) -> tuple[int, int] | None:
    """Number of changes and of those out of the founder's hands: over every set of criteria that some values of the
    facts allow to hold together.
    """
    leaves = list(tree.leaves())
    compare = {"==": int.__eq__, "!=": int.__ne__, ">=": int.__ge__, "<=": int.__le__, ">": int.__gt__, "<": int.__lt__}
    used = sorted({leaf.fact for leaf in leaves})
    best = None
    for combination in product(values, repeat=len(used)):
        world = dict(zip(used, combination, strict=True))
        holds = {leaf.key for leaf in leaves if compare[leaf.op](world[leaf.fact], leaf.value)}
        kept = [leaf for leaf in leaves if leaf.key in holds]
        turned = [leaf for leaf in kept if not results[leaf.key]]
        already = {leaf.key for leaf in kept if results[leaf.key]}
        for size in range(len(turned) + 1):
            if best is not None and size > best[0]:
                break
            for chosen in combinations(turned, size):
                true = already | {leaf.key for leaf in chosen}
                if by_truth(tree, {leaf.key: leaf.key in true for leaf in leaves}):
                    cost = (size, sum(not leaf.own for leaf in chosen))
                    best = cost if best is None else min(best, cost)
    return best


@settings(max_examples=60, deadline=None)
@given(trees(), rows)
def test_the_nearest_change_is_the_cheapest_of_all(tree, row):
    leaves = list(tree.leaves())
    if len(leaves) > 9:
        return
    _, results = judge(tree, row)
    changes = nearest(tree, results)
    found = None if changes is None else (len(changes), sum(not change.criterion.own for change in changes))
    # Below the least bound, at and between them, above the greatest: no other value can tell the comparisons apart.
    assert found == cheapest(tree, results, VALUES)


def leaf(key: str, **extra) -> Is:
    return Is(key, key, "==", value=True, **extra)


def test_the_founders_change_is_preferred_where_the_number_is_equal():
    tree = Any(leaf("panel"), leaf("mine", own=True))
    assert [change.criterion.key for change in nearest(tree, {"panel": False, "mine": False})] == ["mine"]


def test_one_change_of_others_beats_two_of_the_founders():
    tree = Any(All(leaf("x", own=True), leaf("y", own=True)), leaf("panel"))
    assert [change.criterion.key for change in nearest(tree, {"x": False, "y": False, "panel": False})] == ["panel"]


def test_the_smallest_set_is_found_where_the_shortest_way_of_each_part_is_not_it():
    low, high = Is("low", "size", "<", 5), Is("high", "size", ">=", 10)
    tree = All(Any(low, leaf("p")), Any(high, leaf("q")))
    changes = nearest(tree, {"low": False, "p": False, "high": False, "q": False})
    assert {change.criterion.key for change in changes} != {"low", "high"}
    assert len(changes) == 2


def test_criteria_that_leave_no_value_for_a_fact_are_no_way():
    way = All(Is("least", "a", ">=", 2), Is("most", "a", "<=", 2), Is("other", "a", "!=", 2))
    assert nearest(way, {"least": False, "most": True, "other": False}) is None
    choice = All(Is("one", "kind", "in", ("x", "y")), Is("not", "kind", "!=", "x"))
    assert len(nearest(choice, {"one": False, "not": True})) == 1


def test_what_nothing_cures_is_no_advice():
    assert nearest(All(leaf("old", cure="never"), leaf("mine", own=True)), {"old": False, "mine": False}) is None
    assert [
        c.criterion.key for c in nearest(Any(leaf("old", cure="never"), leaf("p")), {"old": False, "p": False})
    ] == ["p"]


def test_advice_says_what_brings_the_change_about():
    tree = All(
        leaf("mine", own=True), leaf("wait", cure="time"), leaf("panel"), leaf("unknown", cure="never"), leaf("fine")
    )
    results = {"mine": False, "wait": False, "panel": False, "unknown": None, "fine": True}
    assert [change.by for change in nearest(tree, results)] == [By.FOUNDER, By.TIME, By.OTHERS, By.SUPPLY]


def test_a_yes_needs_no_change():
    assert nearest(leaf("fine"), {"fine": True}) == ()


def test_a_criterion_needs_a_value_or_a_parameter_and_a_known_comparison():
    with pytest.raises(ValueError, match="either a value or a parameter"):
        Is("k", "a", "==")
    with pytest.raises(ValueError, match="either a value or a parameter"):
        Is("k", "a", "==", 1, parameter="x")
    with pytest.raises(ValueError, match="no such comparison"):
        Is("k", "a", "~", 1)
    with pytest.raises(ValueError, match="at least one"):
        All()
