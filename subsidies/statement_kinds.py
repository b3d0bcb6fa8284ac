"""The two kinds of monthly statements, rent and interest: their tables, and what stands on their lines.

Both live by one mechanism (`services.statements`); whatever it must know of a kind stands here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from subsidies.corrections import Reform, Segment, interest_reason, reason

Reasoning = Callable[[Sequence[Segment], Sequence[Segment], Sequence[Reform]], str]


@dataclass(frozen=True)
class Kind:
    """`point`: the point of the policy that it follows from. `item`: the column that names what a line is about.
    `amounts`: columns in yuan of lines, adjustments and statements; the first less the others is what it comes to.
    `days`: columns that count days. `line_total`: the column of lines and adjustments for what they come to, where it
    is not the amount itself."""

    point: str
    statement: str
    line: str
    adjustment: str
    item: str
    amounts: tuple[str, ...]
    days: tuple[str, ...]
    reason: Reasoning
    line_total: str = ""

    @property
    def granted(self) -> str:
        """The amount that the zone bears."""
        return self.amounts[-1]

    @property
    def tables(self) -> dict[str, str]:
        """What the queries call them."""
        return {"statement": self.statement, "line": self.line, "adjustment": self.adjustment, "item": self.item}


RENT = Kind(
    point="rent_waiver",
    statement="subsidies_rentstatement",
    line="subsidies_rentline",
    adjustment="subsidies_rentadjustment",
    item="lease_id",
    amounts=("rent", "waived"),
    days=("days", "waived_days"),
    reason=reason,
    line_total="payable",
)
INTEREST = Kind(
    point="loan_interest",
    statement="subsidies_intereststatement",
    line="subsidies_interestline",
    adjustment="subsidies_interestadjustment",
    item="loan_id",
    amounts=("supported",),
    days=("days", "supported_days"),
    reason=interest_reason,
)
KINDS = (RENT, INTEREST)
