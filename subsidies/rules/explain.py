"""Explain one decision: every criterion with the value seen, its threshold, clause and provenance; the amount step by
step.

It runs the very expressions that decided, on one row, and looks at what stands on either side of each.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any as AnyValue

import polars as pl

from subsidies.rules import facts as fact_registry
from subsidies.rules import operands
from subsidies.rules.amounts import Amount, Bounds
from subsidies.rules.cascades import FOLLOWING
from subsidies.rules.criteria import Criterion, Is
from subsidies.rules.evaluate import OUTCOME_OF, Outcome, missing_facts
from subsidies.rules.facts import FACTS, Fact, Supplier
from subsidies.rules.nearest import By, Change, brought_about_by, nearest
from subsidies.rules.parameters import Parameter, ParameterSet, Terms
from subsidies.rules.points.point import Point


@dataclass(frozen=True)
class Seen:
    """One criterion as it was judged. `value` and `threshold` are in the integers of the rules; `unit` says which."""

    key: str
    label: str
    facts: tuple[Fact, ...]
    op: str
    value: AnyValue
    threshold: AnyValue
    unit: str
    result: bool | None
    clause: str
    parameters: tuple[Parameter, ...]
    own: bool
    cure: str

    def leaves(self) -> Iterator["Seen"]:
        yield self


@dataclass(frozen=True)
class Group:
    """All or any of several criteria, as they were judged. `kind` is "all" or "any"."""

    kind: str
    result: bool | None
    parts: tuple["Seen | Group", ...]

    def leaves(self) -> Iterator[Seen]:
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Step:
    """One operation of the amount: `kind` (of, fixed, times, share, sum, least, rest, choose), what went in and what
    came out.
    """

    label: str
    kind: str
    inputs: tuple[AnyValue, ...]
    parameters: tuple[Parameter, ...]
    value: int | None


@dataclass(frozen=True)
class Advice:
    """One change of the nearest set. `day` is the day on which time alone brings it about, where that is known.

    `facts`: what to supply where the criterion is unknown, else what must change; each says whose it is.
    """

    key: str
    label: str
    by: By
    day: date | None
    facts: tuple[Fact, ...] = ()

    @property
    def suppliers(self) -> tuple[Supplier, ...]:
        """Whose hands it is in, or who can tell."""
        return tuple(dict.fromkeys(fact.supplier for fact in self.facts))


@dataclass(frozen=True)
class Explanation:
    """A decision with its reasons. `nearest` is empty for a yes and None where nothing would turn the answer into a
    yes. `least_fen` and `most_fen`: between what the amount lies whatever is unknown, the criteria aside; `most_fen` is
    None where nothing bounds it.
    """

    point: str
    on: date
    version: str
    outcome: Outcome
    amount_fen: int | None
    least_fen: int
    most_fen: int | None
    criteria: Seen | Group
    steps: tuple[Step, ...]
    unmet: tuple[str, ...]
    missing: tuple[Fact, ...]
    nearest: tuple[Advice, ...] | None


def explain(
    point: Point, row: Mapping[str, AnyValue], parameters: ParameterSet, on: date, registry: Mapping[str, Fact] = FACTS
) -> Explanation:
    """Explain the decision on one company. `row`: its facts by name, as `decide` takes them. Raises what `decide`
    raises.
    """
    names = fact_registry.seen_by(point.facts, registry)
    frame = fact_registry.frame_of({name: row[name] for name in names if name in row}, registry)
    fact_registry.refuse_impossible(frame, names, registry)
    judged = _judge(point, frame, Terms(parameters, on), registry)
    results = {leaf.key: judged[leaf.key] for leaf in point.leaves}
    outcome = OUTCOME_OF[point.criteria.result(results)]
    steps = tuple(_steps(point.amount, judged, parameters)) if point.amount else ()
    worth = steps[-1].value if steps else 0
    absent = {name for name in names if _is_unknown(frame, name)}
    changes = nearest(point.criteria, results, {leaf.key: judged[f"{leaf.key}.right"] for leaf in point.leaves})
    return Explanation(
        point=point.code,
        on=on,
        version=parameters.version,
        outcome=outcome,
        amount_fen={Outcome.ELIGIBLE: worth, Outcome.NOT_ELIGIBLE: 0}.get(outcome),
        least_fen=judged["least"],
        most_fen=judged["most"],
        criteria=_tree(point.criteria, results, judged, parameters, registry),
        steps=steps,
        unmet=tuple(leaf.key for leaf in point.criteria.unmet(results)),
        missing=tuple(registry[name] for name in missing_facts(point, results, absent, worth is None, registry)),
        nearest=None if changes is None else tuple(_advice(changes, absent, judged, registry)),
    )


def _judge(point: Point, frame: pl.DataFrame, terms: Terms, registry: Mapping[str, Fact]) -> dict[str, AnyValue]:
    """Each criterion (`key`) and both its sides (`key.left`, `key.right`), each step of the amount by its place, and
    the bounds of the whole (`least`, `most`)."""
    nothing = pl.lit(0, dtype=pl.Int64)
    bounds = point.amount.bounds(terms) if point.amount else Bounds(nothing, nothing)
    columns = {"least": bounds.low, "most": bounds.high}
    for leaf in point.leaves:
        columns[leaf.key] = leaf.expr(terms)
        columns[f"{leaf.key}.left"] = leaf.left.expr(terms)
        columns[f"{leaf.key}.right"] = leaf.right.expr(terms)
    for place, step in enumerate(point.amount.steps() if point.amount else ()):
        columns[f"step.{place}"] = step.expr(terms)
    whole = fact_registry.complete(frame.lazy(), point.facts, registry)
    return whole.select(**columns).collect().row(0, named=True)


def _tree(
    node: Criterion,
    results: Mapping[str, bool | None],
    judged: Mapping[str, AnyValue],
    parameters: ParameterSet,
    registry: Mapping[str, Fact],
) -> Seen | Group:
    if not isinstance(node, Is):
        parts = tuple(_tree(part, results, judged, parameters, registry) for part in node.parts)
        return Group(type(node).__name__.lower(), node.result(results), parts)
    threshold = judged[f"{node.key}.right"]
    return Seen(
        key=node.key,
        label=node.label,
        facts=tuple(registry[name] for name in node.facts),
        op=node.op,
        value=judged[f"{node.key}.left"],
        threshold=tuple(threshold) if isinstance(threshold, list) else threshold,
        unit=registry[node.left.fact].unit if isinstance(node.left, operands.Seen) else "",
        result=results[node.key],
        clause=node.clause,
        parameters=tuple(parameters.parameter(name) for name in dict.fromkeys(node.parameters)),
        own=node.own,
        cure=node.cure,
    )


def _steps(amount: Amount, judged: Mapping[str, AnyValue], parameters: ParameterSet) -> Iterator[Step]:
    places = {id(step): place for place, step in enumerate(amount.steps())}
    for step in amount.steps():
        yield Step(
            label=step.label,
            kind=step.kind,
            inputs=tuple(judged[f"step.{places[id(part)]}"] for part in step.parts),
            parameters=tuple(parameters.parameter(name) for name in step.parameters),
            value=judged[f"step.{places[id(step)]}"],
        )


def _advice(
    changes: tuple[Change, ...], absent: Collection[str], judged: Mapping[str, AnyValue], registry: Mapping[str, Fact]
) -> Iterator[Advice]:
    mended = {name for change in changes if change.by is not By.SUPPLY for name in change.criterion.facts}
    following = {name for mending in mended for name in FOLLOWING.get(mending, ())}
    for change in changes:
        leaf = change.criterion
        by = change.by
        if by is By.SUPPLY and following.issuperset(leaf.facts):
            # Nobody has to tell what comes with another change; what could not be mended later is made right with it.
            by = By.FOUNDER if leaf.cure == "never" else brought_about_by(leaf)
        day = judged[f"{leaf.key}.left"] if by is By.TIME else None
        names = fact_registry.to_ask_for(leaf.facts, absent, registry) if by is By.SUPPLY else leaf.facts
        yield Advice(leaf.key, leaf.label, by, day, tuple(registry[name] for name in names))


def _is_unknown(frame: pl.DataFrame, name: str) -> bool:
    return name not in frame.columns or frame[name][0] is None
