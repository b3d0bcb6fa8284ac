"""What the companies' projects and bank loans are, on record for the points that rest on them."""

from funding.models.loans import Loan, Repayment
from funding.models.projects import Project

__all__ = ["Loan", "Project", "Repayment"]
