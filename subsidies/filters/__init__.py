"""How the lists of this app are narrowed down. Every filter is a part of the address."""

from subsidies.filters.costs import ExpenseFilter, SupplierFilter
from subsidies.filters.grants import GrantFilter
from subsidies.filters.payments import ArrearsFilter, RentPaymentFilter
from subsidies.filters.recoveries import RecoveryFilter
from subsidies.filters.simulations import SimulationChangeFilter
from subsidies.filters.statements import InterestFilter, StatementFilter

__all__ = [
    "ArrearsFilter",
    "ExpenseFilter",
    "GrantFilter",
    "InterestFilter",
    "RecoveryFilter",
    "RentPaymentFilter",
    "SimulationChangeFilter",
    "StatementFilter",
    "SupplierFilter",
]
