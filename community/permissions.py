"""Who may do what with talents. One predicate an act; pages, services and templates ask the same ones."""

from accounts.models import User
from community.models import Talent
from companies.models import Company
from companies.permissions import can_enter_records, can_keep_register


def can_enter_talent(user: User, company: Company | None) -> bool:
    """Enter a talent of a company; without one, only officers do."""
    return can_keep_register(user) or (company is not None and can_enter_records(user, company))


def can_change_talent(user: User, talent: Talent) -> bool:
    """Change a talent or declare him void: where he is employed, and officers."""
    return can_enter_talent(user, talent.company)
