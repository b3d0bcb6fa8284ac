"""The policy and its versions, the costs it may share, what it decided, and the rent statements that follow."""

from subsidies.models.costs import Expense, Supplier
from subsidies.models.decisions import Decision
from subsidies.models.policy import PolicyParameter, PolicyVersion
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement

__all__ = [
    "Decision",
    "Expense",
    "PolicyParameter",
    "PolicyVersion",
    "RentAdjustment",
    "RentLine",
    "RentStatement",
    "Supplier",
]
