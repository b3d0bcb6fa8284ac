"""What stands on either side of a comparison: a fact, a day reckoned from a fact, a dated parameter, the day itself, a
constant.

Each operand compiles to a Polars expression and says which facts and which parameter it rests on.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from subsidies.rules.parameters import Terms
from subsidies.rules.windows import add_months_expr, window_ends_on_expr

Value = bool | int | str | date | tuple[str, ...]


@dataclass(frozen=True)
class Operand:
    """Base of all operands; one that rests on nothing."""

    @property
    def facts(self) -> tuple[str, ...]:
        return ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return ()

    def expr(self, terms: Terms) -> pl.Expr:
        raise NotImplementedError


@dataclass(frozen=True)
class Seen(Operand):
    """The value of a fact."""

    fact: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def expr(self, _terms: Terms) -> pl.Expr:
        return pl.col(self.fact)


@dataclass(frozen=True)
class AtLeast(Seen):
    """The value of a fact or, while it is unknown, of a fact that says how much it is `at_least`, where that is enough
    for a parameter."""

    at_least: str
    enough: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact, self.at_least)

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.enough,)

    def expr(self, terms: Terms) -> pl.Expr:
        known = pl.col(self.at_least)
        return pl.coalesce(pl.col(self.fact), pl.when(known >= terms.parameters[self.enough]).then(known))


@dataclass(frozen=True)
class Dated(Operand):
    """The number of a dated parameter, in the integers of the rules."""

    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def expr(self, terms: Terms) -> pl.Expr:
        return pl.lit(terms.parameters[self.name], dtype=pl.Int64)


@dataclass(frozen=True)
class Constant(Operand):
    """A value that is part of the rule itself."""

    value: Value

    def expr(self, _terms: Terms) -> pl.Expr:
        return pl.lit(self.value) if not isinstance(self.value, tuple) else pl.lit(pl.Series([list(self.value)]))


@dataclass(frozen=True)
class Today(Operand):
    """The day that is decided."""

    def expr(self, terms: Terms) -> pl.Expr:
        return terms.day


@dataclass(frozen=True)
class InForceFrom(Operand):
    """The first day of the policy version."""

    def expr(self, terms: Terms) -> pl.Expr:
        return pl.lit(terms.parameters.effective_from)


@dataclass(frozen=True)
class Later(Operand):
    """The day `months` (a parameter, times `times`) after a fact: the same day of that month."""

    fact: str
    months: str
    times: int = 1

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.months,)

    def expr(self, terms: Terms) -> pl.Expr:
        return add_months_expr(pl.col(self.fact), terms.parameters[self.months] * self.times)


@dataclass(frozen=True)
class WindowEnd(Operand):
    """The last day (included) of the window of `months` (a parameter) that opens on a fact's day.

    `opens`: a fact that is false where the window has no first day yet; it then could not open before the day that is
    decided.
    """

    fact: str
    months: str
    opens: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.opens, self.fact) if self.opens else (self.fact,)

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.months,)

    def expr(self, terms: Terms) -> pl.Expr:
        months = terms.parameters[self.months]
        end = window_ends_on_expr(pl.col(self.fact), months)
        if not self.opens:
            return end
        return pl.when(~pl.col(self.opens)).then(window_ends_on_expr(terms.day, months)).otherwise(end)


TODAY = Today()
