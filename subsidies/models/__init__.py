"""The policy and its versions, what it decided, and the rent statements that follow from it."""

from subsidies.models.decisions import Decision
from subsidies.models.policy import PolicyParameter, PolicyVersion
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement

__all__ = ["Decision", "PolicyParameter", "PolicyVersion", "RentAdjustment", "RentLine", "RentStatement"]
