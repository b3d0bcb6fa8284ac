"""Amounts: a small arithmetic over facts and parameters in integer fen, compiled to Polars and able to show its steps.

Null travels through every operation: an amount is known or it is unknown, never guessed. While it is unknown, `bounds`
says between which two amounts it lies. Rounding is half up to the fen, once per share. Within the bounds that `facts`
and `catalogue` enforce nothing can overflow 64 bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from subsidies.rules.criteria import Criterion
from subsidies.rules.operands import Dated, Operand, Seen
from subsidies.rules.parameters import Terms

BASIS = 10_000  # basis points of a whole


class Bounds(NamedTuple):
    """The smallest and the largest value an amount may have, in fen; `high` is null where nothing bounds it.

    Sound for every value of the facts that are unknown; of two steps that rest on the same unknown fact each is bounded
    for itself. With every fact known both are the amount.
    """

    low: pl.Expr
    high: pl.Expr


def _of_fact(name: str) -> Bounds:
    """No number of the registry is below nothing, and what is unknown may be as large as it likes."""
    return Bounds(pl.col(name).fill_null(0), pl.col(name))


def _times(bounds: Bounds, factor: int) -> Bounds:
    """Times nothing, even what has no bound is nothing."""
    return Bounds(bounds.low * factor, bounds.high * factor if factor else pl.lit(0, dtype=pl.Int64))


@dataclass(frozen=True)
class Amount:
    """Base of all amounts. `label` says what the number is, in the words of the statement."""

    label: str

    @property
    def kind(self) -> str:
        return type(self).__name__.lower()

    @property
    def parts(self) -> tuple["Amount", ...]:
        return ()

    @property
    def operands(self) -> tuple[Operand, ...]:
        return ()

    @property
    def facts(self) -> tuple[str, ...]:
        own = [name for operand in self.operands for name in operand.facts]
        return tuple(dict.fromkeys([*own, *(name for part in self.parts for name in part.facts)]))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of this step alone."""
        return tuple(name for operand in self.operands for name in operand.parameters)

    def expr(self, terms: Terms) -> pl.Expr:
        raise NotImplementedError

    def bounds(self, terms: Terms) -> Bounds:
        """Between what the amount lies, whatever the facts that are null turn out to be."""
        raise NotImplementedError

    def steps(self) -> Iterator["Amount"]:
        """Every operation, the innermost first, as one would write the sum down."""
        for part in self.parts:
            yield from part.steps()
        yield self


@dataclass(frozen=True)
class Of(Amount):
    """A fact as it stands."""

    fact: str

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (Seen(self.fact),)

    def expr(self, _terms: Terms) -> pl.Expr:
        return pl.col(self.fact)

    def bounds(self, _terms: Terms) -> Bounds:
        return _of_fact(self.fact)


@dataclass(frozen=True)
class Fixed(Amount):
    """A parameter as it stands."""

    parameter: str

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (Dated(self.parameter),)

    def expr(self, terms: Terms) -> pl.Expr:
        return pl.lit(terms.parameters[self.parameter], dtype=pl.Int64)

    def bounds(self, terms: Terms) -> Bounds:
        return Bounds(self.expr(terms), self.expr(terms))


@dataclass(frozen=True)
class Times(Amount):
    """A count (a fact) times a parameter."""

    count: str
    parameter: str

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (Seen(self.count), Dated(self.parameter))

    def expr(self, terms: Terms) -> pl.Expr:
        return pl.col(self.count) * pl.lit(terms.parameters[self.parameter], dtype=pl.Int64)

    def bounds(self, terms: Terms) -> Bounds:
        return _times(_of_fact(self.count), terms.parameters[self.parameter])


@dataclass(frozen=True)
class Share(Amount):
    """A share (a parameter in per cent) of an amount, rounded half up to the fen."""

    part: Amount
    parameter: str

    @property
    def parts(self) -> tuple[Amount, ...]:
        return (self.part,)

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (Dated(self.parameter),)

    def expr(self, terms: Terms) -> pl.Expr:
        return (self.part.expr(terms) * terms.parameters[self.parameter] + BASIS // 2) // BASIS

    def bounds(self, terms: Terms) -> Bounds:
        low, high = _times(self.part.bounds(terms), terms.parameters[self.parameter])
        return Bounds((low + BASIS // 2) // BASIS, (high + BASIS // 2) // BASIS)


@dataclass(frozen=True)
class Sum(Amount):
    """The sum of several amounts."""

    several: tuple[Amount, ...]

    @property
    def parts(self) -> tuple[Amount, ...]:
        return self.several

    def expr(self, terms: Terms) -> pl.Expr:
        first, *rest = (part.expr(terms) for part in self.several)
        for other in rest:
            first = first + other
        return first

    def bounds(self, terms: Terms) -> Bounds:
        low, high = zip(*(part.bounds(terms) for part in self.several), strict=True)
        return Bounds(sum(low[1:], low[0]), sum(high[1:], high[0]))


@dataclass(frozen=True)
class Least(Amount):
    """The smaller of two amounts; unknown while either is."""

    one: Amount
    other: Amount

    @property
    def parts(self) -> tuple[Amount, ...]:
        return (self.one, self.other)

    def expr(self, terms: Terms) -> pl.Expr:
        one, other = self.one.expr(terms), self.other.expr(terms)
        return pl.when(one <= other).then(one).when(one > other).then(other)

    def bounds(self, terms: Terms) -> Bounds:
        one, other = self.one.bounds(terms), self.other.bounds(terms)
        # The smaller of two passes a null over, which is right for the highest: one bound is enough.
        return Bounds(pl.min_horizontal(one.low, other.low), pl.min_horizontal(one.high, other.high))


@dataclass(frozen=True)
class Rest(Amount):
    """What a cap leaves after what was granted before; never below nothing."""

    cap: Amount
    used: Amount

    @property
    def parts(self) -> tuple[Amount, ...]:
        return (self.cap, self.used)

    def expr(self, terms: Terms) -> pl.Expr:
        return (self.cap.expr(terms) - self.used.expr(terms)).clip(lower_bound=0)

    def bounds(self, terms: Terms) -> Bounds:
        cap, used = self.cap.bounds(terms), self.used.bounds(terms)
        least = (cap.low - used.high).clip(lower_bound=0)
        return Bounds(least.fill_null(0), (cap.high - used.low).clip(lower_bound=0))


@dataclass(frozen=True)
class Choose(Amount):
    """One amount where a criterion holds, another where it does not; unknown while the criterion is."""

    condition: Criterion
    then: Amount
    otherwise: Amount

    @property
    def parts(self) -> tuple[Amount, ...]:
        return (self.then, self.otherwise)

    @property
    def operands(self) -> tuple[Operand, ...]:
        return tuple(side for leaf in self.condition.leaves() for side in (leaf.left, leaf.right))

    def expr(self, terms: Terms) -> pl.Expr:
        holds = self.condition.expr(terms)
        return pl.when(holds).then(self.then.expr(terms)).when(~holds).then(self.otherwise.expr(terms))

    def bounds(self, terms: Terms) -> Bounds:
        holds = self.condition.expr(terms)
        then, otherwise = self.then.bounds(terms), self.otherwise.bounds(terms)
        unbounded = then.high.is_null() | otherwise.high.is_null()
        return Bounds(
            _chosen(holds, then.low, otherwise.low, pl.min_horizontal(then.low, otherwise.low)),
            _chosen(
                holds, then.high, otherwise.high, pl.when(~unbounded).then(pl.max_horizontal(then.high, otherwise.high))
            ),
        )


def _chosen(holds: pl.Expr, then: pl.Expr, otherwise: pl.Expr, open_: pl.Expr) -> pl.Expr:
    return pl.when(holds).then(then).when(~holds).then(otherwise).otherwise(open_)
