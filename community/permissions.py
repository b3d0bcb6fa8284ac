"""Who may do what with talents, support, contacts and cohorts. One predicate an act; pages, services and templates ask
the same ones."""

from django.utils.translation import gettext as _

from accounts.models import StaffRole, User
from community.models import Talent
from companies.models import Company
from companies.permissions import can_enter_records, can_keep_register, role_in
from core.errors import NotAllowed

KEEPS_SUPPORT = StaffRole.OFFICER


def can_enter_talent(user: User, company: Company | None) -> bool:
    """Enter a talent of a company; without one, only officers do."""
    return can_keep_register(user) or (company is not None and can_enter_records(user, company))


def can_change_talent(user: User, talent: Talent) -> bool:
    """Change a talent or declare him void: where he is employed, and officers."""
    return can_enter_talent(user, talent.company)


def can_keep_support(user: User) -> bool:
    """Say what the zone gives, name contacts, write checklists and keep cohorts."""
    return user.has_role(KEEPS_SUPPORT)


def can_give_support(user: User, company: Company | None) -> bool:
    """Record what was given to a company, and tick its checklist: officers do, but nobody for his own company."""
    return can_keep_support(user) and not (company is not None and role_in(user, company))


def refuse_stranger(allowed: bool) -> None:
    """NotAllowed for whoever keeps no support."""
    if not allowed:
        raise NotAllowed(_("Officers keep the support of companies, and nobody that of his own company."))
