"""Amounts: a small arithmetic over facts and parameters in integer fen, compiled to Polars and able to show its steps.

Null travels through every operation: an amount is known or it is unknown, never guessed. Rounding is half up to the
fen, once per share. Within the bounds that `facts` and `catalogue` enforce nothing can overflow 64 bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from subsidies.rules.criteria import Criterion
from subsidies.rules.operands import Dated, Operand, Seen
from subsidies.rules.parameters import Terms

BASIS = 10_000  # basis points of a whole


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


@dataclass(frozen=True)
class Fixed(Amount):
    """A parameter as it stands."""

    parameter: str

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (Dated(self.parameter),)

    def expr(self, terms: Terms) -> pl.Expr:
        return pl.lit(terms.parameters[self.parameter], dtype=pl.Int64)


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
