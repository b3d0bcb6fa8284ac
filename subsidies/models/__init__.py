"""The policy and its versions, what it decided, and the rent statements that follow from it."""

from subsidies.models.decisions import Decision
from subsidies.models.policy import PolicyEdit, PolicyParameter, PolicyVersion
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement
from subsidies.models.simulations import Simulation, SimulationCell, SimulationChange

__all__ = [
    "Decision",
    "PolicyEdit",
    "PolicyParameter",
    "PolicyVersion",
    "RentAdjustment",
    "RentLine",
    "RentStatement",
    "Simulation",
    "SimulationCell",
    "SimulationChange",
]
