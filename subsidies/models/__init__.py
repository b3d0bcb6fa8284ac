"""The policy and its versions, the costs it may share, what it decided, and the rent statements that follow."""

from subsidies.models.costs import Expense, Supplier
from subsidies.models.decisions import Decision
from subsidies.models.policy import PolicyEdit, PolicyParameter, PolicyVersion
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement
from subsidies.models.simulations import Simulation, SimulationCell, SimulationChange

__all__ = [
    "Decision",
    "Expense",
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
