"""What a point of the policy is made of: its criteria, its amount, and how often it is granted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from subsidies.rules.amounts import Amount
from subsidies.rules.criteria import Criterion, Is


class Per(StrEnum):
    """What one amount is for."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Point:
    """One measure. Its criteria get its own code as their clause where they name none. `amount` is None for a mere
    status.
    """

    code: str
    label: str
    per: Per
    criteria: Criterion
    amount: Amount | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", _with_clause(self.criteria, self.code))
        keys = [leaf.key for leaf in self.leaves]
        if len(keys) != len(set(keys)):
            raise ValueError(f"point {self.code} has two criteria with one key: {keys}")

    @property
    def leaves(self) -> tuple[Is, ...]:
        """All criteria, in the order in which results are written down."""
        return tuple(self.criteria.leaves())

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of all facts that the decision rests on: those of the criteria, then those of the amount."""
        of_criteria = [name for leaf in self.leaves for name in leaf.facts]
        return tuple(dict.fromkeys([*of_criteria, *(self.amount.facts if self.amount else ())]))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters that the decision rests on."""
        of_criteria = [name for leaf in self.leaves for name in leaf.parameters]
        of_amount = [name for step in self.amount.steps() for name in step.parameters] if self.amount else []
        return tuple(dict.fromkeys([*of_criteria, *of_amount]))


def _with_clause(node: Criterion, clause: str) -> Criterion:
    if isinstance(node, Is):
        return node if node.clause else replace(node, clause=clause)
    return type(node)(*(_with_clause(part, clause) for part in node.parts))


class Registry(dict[str, Point]):
    """Points by code, in the order of the policy. A code that is taken raises."""

    def __init__(self, points: Iterable[Point]) -> None:
        super().__init__()
        for point in points:
            if point.code in self:
                raise ValueError(f"point {point.code} is registered twice")
            self[point.code] = point
