"""The nearest change: the smallest set of criteria to turn around so that a no (or an unknown) becomes a yes.

Exact, through any nesting of All and Any: every way to satisfy the tree is listed as the set of criteria that it
needs, ways that need criteria which exclude each other (at least 10, at most 5) are dropped, and the cheapest of the
rest is taken. A tree only ever gains from a criterion that turns true, so whatever else changes with a fact cannot
spoil the way that was chosen.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any as AnyValue

from subsidies.rules.criteria import All, Criterion, Is, Results

MOST_WAYS = 20_000
PLAIN: dict[str, Callable[[AnyValue, AnyValue], AnyValue]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}

Way = frozenset[str]


class By(StrEnum):
    """Who or what brings a change about."""

    FOUNDER = "founder"
    SUPPLY = "supply"  # the fact is unknown: tell us, and it may hold already
    TIME = "time"
    OTHERS = "others"


@dataclass(frozen=True)
class Change:
    """One criterion that must turn true, and what brings that about."""

    criterion: Is
    by: By


def nearest(
    criteria: Criterion, results: Results, thresholds: Mapping[str, AnyValue] | None = None
) -> tuple[Change, ...] | None:
    """The cheapest set of changes in the order of the criteria; empty for a yes; None where there is no way.

    The fewest changes win; among these the fewest that are out of the founder's hands, then those that come first in
    the tree. A criterion that is false and has no cure is never part of it. `thresholds` (key -> the value on the
    right side) tells which criteria on one fact exclude each other; without them constants are compared only.
    """
    leaves = {leaf.key: leaf for leaf in criteria.leaves()}
    order = {key: place for place, key in enumerate(leaves)}
    known = {key: _threshold(leaf, thresholds or {}) for key, leaf in leaves.items()}
    best: tuple[int, int, list[int]] | None = None
    chosen: Way = frozenset()
    for way in _ways(criteria, results):
        turned = {key for key in way if not results[key]}
        cost = (len(turned), sum(not leaves[key].own for key in turned), sorted(order[key] for key in turned))
        if (best is None or cost < best) and _possible([leaves[key] for key in way], known):
            best, chosen = cost, way
    if best is None:
        return None
    return tuple(Change(leaves[key], _by(leaves[key], results)) for key in leaves if key in chosen and not results[key])


def _by(leaf: Is, results: Results) -> By:
    return By.SUPPLY if results[leaf.key] is None else brought_about_by(leaf)


def brought_about_by(leaf: Is) -> By:
    """Who or what turns a criterion that does not hold."""
    if leaf.own:
        return By.FOUNDER
    return By.TIME if leaf.cure == "time" else By.OTHERS


def _ways(node: Criterion, results: Results) -> set[Way]:
    """Every set of criteria that satisfies `node`, without those that contain another one."""
    if isinstance(node, Is):
        hopeless = results[node.key] is False and node.cure == "never"
        return set() if hopeless else {frozenset({node.key})}
    families = [_ways(part, results) for part in node.parts]
    if not isinstance(node, All):
        return _smallest(set().union(*families))
    ways: set[Way] = {frozenset()}
    for family in families:
        if len(ways) * len(family) > MOST_WAYS:
            raise ValueError(f"the criteria can be met in more than {MOST_WAYS} ways")
        ways = _smallest({one | other for one in ways for other in family})
    return ways


def _smallest(ways: set[Way]) -> set[Way]:
    kept: list[Way] = []
    for way in sorted(ways, key=len):
        if not any(other <= way for other in kept):
            kept.append(way)
    return set(kept)


def _threshold(leaf: Is, thresholds: Mapping[str, AnyValue]) -> AnyValue:
    return thresholds.get(leaf.key, leaf.value if not leaf.parameter else None)


def _possible(leaves: list[Is], thresholds: Mapping[str, AnyValue]) -> bool:
    """Whether one value of each fact can meet all criteria on it."""
    by_fact: dict[object, list[Is]] = {}
    for leaf in leaves:
        by_fact.setdefault(leaf.left, []).append(leaf)
    return all(
        _meetable([(leaf.op, thresholds[leaf.key]) for leaf in same]) for same in by_fact.values() if len(same) > 1
    )


def _meetable(demands: list[tuple[str, AnyValue]]) -> bool:
    """Whether a value exists that meets all of `demands`. One whose threshold is not known is taken to be met."""
    known = [(op, bound) for op, bound in demands if bound is not None]
    candidates = [value for op, bound in known for value in _around(op, bound)]
    return not known or any(all(_meets(value, op, bound) for op, bound in known) for value in candidates)


def _around(op: str, bound: AnyValue) -> Iterator[AnyValue]:
    """Values of which one meets a set of demands if any value does: each bound and its two neighbours."""
    if op == "in":
        yield from bound
    elif isinstance(bound, bool):
        yield from (True, False)
    elif isinstance(bound, str):
        yield from (bound, f"not {bound}")
    else:
        step = timedelta(days=1) if isinstance(bound, date) else 1
        yield from (bound - step, bound, bound + step)


def _meets(value: AnyValue, op: str, bound: AnyValue) -> bool:
    if op == "in":
        return bool(value in bound)
    return bool(PLAIN[op](value, bound))
