"""The policy and its versions, the costs it may share, what it decided, the statements of rent and interest that
follow, and what was granted, paid and recovered."""

from subsidies.models.costs import Expense, Supplier
from subsidies.models.decisions import Decision
from subsidies.models.grants import Grant
from subsidies.models.interest import InterestAdjustment, InterestLine, InterestStatement
from subsidies.models.items import GrantedContract, GrantItem
from subsidies.models.ledger import Budget, LedgerEntry
from subsidies.models.payments import RentAllotment, RentPayment, RentReminder
from subsidies.models.policy import PolicyAuthor, PolicyEdit, PolicyParameter, PolicyVersion
from subsidies.models.recoveries import Recovery
from subsidies.models.rent import RentAdjustment, RentLine, RentStatement
from subsidies.models.simulations import Simulation, SimulationCell, SimulationChange, SimulationCorrection
from subsidies.models.stages import StageAppeal, StageProposal

__all__ = [
    "Budget",
    "Decision",
    "Expense",
    "Grant",
    "GrantItem",
    "GrantedContract",
    "InterestAdjustment",
    "InterestLine",
    "InterestStatement",
    "LedgerEntry",
    "PolicyAuthor",
    "PolicyEdit",
    "PolicyParameter",
    "PolicyVersion",
    "Recovery",
    "RentAdjustment",
    "RentAllotment",
    "RentLine",
    "RentPayment",
    "RentReminder",
    "RentStatement",
    "Simulation",
    "SimulationCell",
    "SimulationChange",
    "SimulationCorrection",
    "StageAppeal",
    "StageProposal",
    "Supplier",
]
