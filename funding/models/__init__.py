"""What the companies' projects, bank loans and financing rounds are, on record for what rests on them."""

from funding.models.loans import Loan, Repayment
from funding.models.projects import Project
from funding.models.rounds import Round

__all__ = ["Loan", "Project", "Repayment", "Round"]
