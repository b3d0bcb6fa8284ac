"""Criteria: a tree of All and Any over comparisons, compiled to Polars expressions.

A missing fact is null; Polars' horizontal all and any follow Kleene's logic, so *unknown* needs no code of its own. On
one company's results (key -> True, False or None) the tree also answers in plain Python what its value is, which
criteria failed it and which unknown ones matter. Keys are unique within a tree, which makes these answers exact.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from subsidies.rules.operands import Constant, Dated, Operand, Seen, Value
from subsidies.rules.parameters import Terms

Results = Mapping[str, bool | None]
Op = Literal["==", "!=", ">=", "<=", ">", "<", "in"]
Cure = Literal["", "time", "never"]

COMPARE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "in": lambda fact, values: fact.is_in(values),
}


def kleene_all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def kleene_any(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


@dataclass(frozen=True)
class Is:
    """One criterion: `fact op value` or `fact op parameter`.

    `own`: a founder can change it. `cure`: "time" where waiting alone turns it true (the left side is then the day
    from which it holds), "never" where nothing turns a no into a yes. `clause`: the point of the policy whose text
    demands it, where that is not the point it stands in.
    """

    key: str
    fact: str | Operand
    op: Op
    value: Value | Operand | None = None
    parameter: str = ""
    label: str = ""
    own: bool = False
    cure: Cure = ""
    clause: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.parameter):
            raise ValueError(f"criterion {self.key} needs either a value or a parameter")
        if self.op not in COMPARE:
            raise ValueError(f"criterion {self.key}: no such comparison {self.op}")

    @property
    def left(self) -> Operand:
        return Seen(self.fact) if isinstance(self.fact, str) else self.fact

    @property
    def right(self) -> Operand:
        if self.value is None:
            return Dated(self.parameter)
        return self.value if isinstance(self.value, Operand) else Constant(self.value)

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.left.facts, *self.right.facts)))

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*self.left.parameters, *self.right.parameters)

    def expr(self, terms: Terms) -> pl.Expr:
        return COMPARE[self.op](self.left.expr(terms), self.right.expr(terms))

    def of(self, leaf: Callable[["Is"], pl.Expr]) -> pl.Expr:
        return leaf(self)

    def leaves(self) -> Iterator["Is"]:
        yield self

    def result(self, results: Results) -> bool | None:
        return results[self.key]

    def unmet(self, results: Results) -> Iterator["Is"]:
        """The false criteria that make the tree false."""
        if results[self.key] is False:
            yield self

    def open(self, results: Results) -> Iterator["Is"]:
        """The unknown criteria that could still change the outcome."""
        if results[self.key] is None:
            yield self


@dataclass(frozen=True)
class _Group:
    parts: tuple["Criterion", ...]

    def __init__(self, *parts: "Criterion") -> None:
        if not parts:
            raise ValueError(f"{type(self).__name__} needs at least one criterion")
        object.__setattr__(self, "parts", parts)

    def expr(self, terms: Terms) -> pl.Expr:
        return self.of(lambda leaf: leaf.expr(terms))

    def of(self, leaf: Callable[[Is], pl.Expr]) -> pl.Expr:
        """The group, where `leaf` says what each criterion in it is."""
        raise NotImplementedError

    def leaves(self) -> Iterator[Is]:
        for part in self.parts:
            yield from part.leaves()

    def result(self, results: Results) -> bool | None:
        raise NotImplementedError

    def unmet(self, results: Results) -> Iterator[Is]:
        if self.result(results) is False:
            for part in self.parts:
                yield from part.unmet(results)

    def open(self, results: Results) -> Iterator[Is]:
        # Below a decided group nothing matters any more; below an undecided one every undecided part does.
        if self.result(results) is None:
            for part in self.parts:
                yield from part.open(results)


@dataclass(frozen=True, init=False)
class All(_Group):
    """True where every part is; false where one is false, whatever is unknown."""

    def of(self, leaf: Callable[[Is], pl.Expr]) -> pl.Expr:
        return pl.all_horizontal(part.of(leaf) for part in self.parts)

    def result(self, results: Results) -> bool | None:
        return kleene_all([part.result(results) for part in self.parts])


@dataclass(frozen=True, init=False)
class Any(_Group):
    """True where one part is, whatever is unknown; false where every part is."""

    def of(self, leaf: Callable[[Is], pl.Expr]) -> pl.Expr:
        return pl.any_horizontal(part.of(leaf) for part in self.parts)

    def result(self, results: Results) -> bool | None:
        return kleene_any([part.result(results) for part in self.parts])


Criterion = Is | All | Any
