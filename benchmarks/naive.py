"""The same trees, evaluated on one company at a time with Python's own operators: what a plain loop would cost.

It is a reference for the benchmark and, in the tests, an evaluator written a second time that must say the same.
"""

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from subsidies.rules.amounts import Amount
    from subsidies.rules.criteria import Criterion, Is
    from subsidies.rules.operands import Operand
    from subsidies.rules.parameters import ParameterSet
    from subsidies.rules.points import Point

Facts = Mapping[str, Any]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
    "in": lambda value, values: value in values,
}  # fmt: skip


class Loop:
    """One version and one day; `decide` takes a company's facts."""

    def __init__(self, parameters: "ParameterSet", on: dt.date) -> None:
        self.parameters, self.on = parameters, on

    def decide(self, point: "Point", facts: Facts) -> tuple[str, int | None]:
        """outcome and amount in fen, as `rules.evaluate.decide` writes them."""
        result = self.criterion(point.criteria, facts)
        if result is None:
            return "unknown", None
        if not result:
            return "not_eligible", 0
        return "eligible", self.amount(point.amount, facts) if point.amount else 0

    def criterion(self, node: "Criterion", facts: Facts) -> bool | None:
        kind = type(node).__name__
        if kind == "Is":
            return self.comparison(node, facts)  # type: ignore[arg-type]
        results = [self.criterion(part, facts) for part in node.parts]  # type: ignore[union-attr]
        decisive = kind == "Any"
        if decisive in results:
            return decisive
        return None if None in results else not decisive

    def comparison(self, leaf: "Is", facts: Facts) -> bool | None:
        left, right = self.operand(leaf.left, facts), self.operand(leaf.right, facts)
        return None if left is None or right is None else OPERATORS[leaf.op](left, right)

    def operand(self, side: "Operand", facts: Facts) -> Any:
        return getattr(self, f"_{type(side).__name__.lower()}")(side, facts)

    def _seen(self, side: Any, facts: Facts) -> Any:
        return facts[side.fact]

    def _dated(self, side: Any, _facts: Facts) -> int:
        return self.parameters[side.name]

    def _constant(self, side: Any, _facts: Facts) -> Any:
        return side.value

    def _today(self, _side: Any, _facts: Facts) -> dt.date:
        return self.on

    def _inforcefrom(self, _side: Any, _facts: Facts) -> dt.date:
        return self.parameters.effective_from

    def _later(self, side: Any, facts: Facts) -> dt.date | None:
        from subsidies.rules.windows import add_months

        day = facts[side.fact]
        return None if day is None else add_months(day, self.parameters[side.months] * side.times)

    def _windowend(self, side: Any, facts: Facts) -> dt.date | None:
        from subsidies.rules.windows import window_ends_on

        months = self.parameters[side.months]
        if side.opens and facts[side.opens] is False:
            return window_ends_on(self.on, months)
        day = facts[side.fact]
        return None if day is None else window_ends_on(day, months)

    def amount(self, step: "Amount", facts: Facts) -> int | None:
        return getattr(self, f"_amount_{step.kind}")(step, facts)

    def _parts(self, step: Any, facts: Facts) -> list[int | None]:
        return [self.amount(part, facts) for part in step.parts]

    def _amount_of(self, step: Any, facts: Facts) -> int | None:
        return facts[step.fact]

    def _amount_fixed(self, step: Any, _facts: Facts) -> int:
        return self.parameters[step.parameter]

    def _amount_times(self, step: Any, facts: Facts) -> int | None:
        count = facts[step.count]
        return None if count is None else count * self.parameters[step.parameter]

    def _amount_share(self, step: Any, facts: Facts) -> int | None:
        whole = self.amount(step.part, facts)
        return None if whole is None else (whole * self.parameters[step.parameter] + 5_000) // 10_000

    def _amount_sum(self, step: Any, facts: Facts) -> int | None:
        parts = self._parts(step, facts)
        return None if None in parts else sum(part for part in parts if part is not None)

    def _amount_least(self, step: Any, facts: Facts) -> int | None:
        one, other = self._parts(step, facts)
        return None if one is None or other is None else min(one, other)

    def _amount_rest(self, step: Any, facts: Facts) -> int | None:
        cap, used = self._parts(step, facts)
        return None if cap is None or used is None else max(cap - used, 0)

    def _amount_choose(self, step: Any, facts: Facts) -> int | None:
        holds = self.criterion(step.condition, facts)
        return None if holds is None else self.amount(step.then if holds else step.otherwise, facts)


def decide_one_by_one(
    points: Iterable["Point"], facts: "pl.DataFrame", parameters: "ParameterSet", on: dt.date
) -> list[tuple[Any, str, str, int | None]]:
    """company, point, outcome, amount (fen) for each row of `facts` and each point."""
    loop = Loop(parameters, on)
    return [
        (row["company"], point.code, *loop.decide(point, row))
        for row in facts.iter_rows(named=True)
        for point in points
    ]
