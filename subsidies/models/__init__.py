"""The policy and its versions, the costs it may share, what it decided, and the statements of rent and interest
that follow."""

from subsidies.models.costs import Expense, Supplier
from subsidies.models.decisions import Decision
from subsidies.models.interest import InterestAdjustment, InterestLine, InterestStatement
from subsidies.models.policy import PolicyEdit, PolicyParameter, PolicyVersion
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement
from subsidies.models.simulations import Simulation, SimulationCell, SimulationChange

__all__ = [
    "Decision",
    "Expense",
    "InterestAdjustment",
    "InterestLine",
    "InterestStatement",
    "PolicyEdit",
    "PolicyParameter",
    "PolicyVersion",
    "RentAdjustment",
    "RentLine",
    "RentStatement",
    "Simulation",
    "SimulationCell",
    "SimulationChange",
    "Supplier",
]
