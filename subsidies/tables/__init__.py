"""The tables of this app, by what they show."""

from subsidies.tables.costs import NUMBER, ExpenseTable, SupplierTable, admission_on
from subsidies.tables.grants import GRANT_TONES, GrantTable, LateTable, ProposableTable, SupplementTable
from subsidies.tables.payments import PAYMENT_TONES, ArrearsTable, CompanyPaymentTable, RentPaymentTable
from subsidies.tables.recoveries import RECOVERY_TONES, RecoveryTable
from subsidies.tables.runs import RUN_TONES, RunTable, subject_of, title_of
from subsidies.tables.simulations import CHANGE_TONES, SimulationChangeTable, SimulationCorrectionTable
from subsidies.tables.statements import STATEMENT_TONES, DifferenceTable, InterestTable, StatementTable

__all__ = [
    "CHANGE_TONES",
    "GRANT_TONES",
    "NUMBER",
    "PAYMENT_TONES",
    "RECOVERY_TONES",
    "RUN_TONES",
    "STATEMENT_TONES",
    "ArrearsTable",
    "CompanyPaymentTable",
    "DifferenceTable",
    "ExpenseTable",
    "GrantTable",
    "InterestTable",
    "LateTable",
    "ProposableTable",
    "RecoveryTable",
    "RentPaymentTable",
    "RunTable",
    "SimulationChangeTable",
    "SimulationCorrectionTable",
    "StatementTable",
    "SupplementTable",
    "SupplierTable",
    "admission_on",
    "subject_of",
    "title_of",
]
