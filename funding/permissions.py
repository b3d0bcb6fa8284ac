"""Who may do what with projects, loans and financing rounds. One predicate an act; pages, services and templates
ask the same ones."""

from accounts.models import StaffRole, User
from companies.models import Company
from companies.permissions import can_enter_records, can_keep_register, role_in
from funding.models import Loan, Project

SCORES = StaffRole.REVIEWER


def can_enter(user: User, company: Company) -> bool:
    """Enter projects, loans and financing rounds of a company, and correct its rounds."""
    return can_enter_records(user, company)


def can_change_loan(user: User, loan: Loan) -> bool:
    """Change a loan or declare it void, and record what was paid back of it."""
    return can_enter_records(user, loan.company)


def can_change_project(user: User, project: Project) -> bool:
    """Change a project or declare it void: once it is scored, only officers do."""
    return can_keep_register(user) or (project.score is None and can_enter_records(user, project.company))


def can_score(user: User, project: Project) -> bool:
    """Enter the panel's score: reviewers do, but nobody for a project of his own company."""
    return user.has_role(SCORES) and not role_in(user, project.company)
