"""Who may do what with places and leases. One predicate an act; pages, services and templates ask the same ones."""

from django.utils.translation import gettext as _

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from companies.permissions import role_in
from core.errors import NotAllowed
from spaces.models import LeaseOffer

KEEPS_SPACES = StaffRole.OFFICER


def can_keep_spaces(user: User) -> bool:
    """Enter campuses, buildings and units, and sign, change, end or void leases."""
    return user.has_role(KEEPS_SPACES)


def can_answer_offer(user: User, offer: LeaseOffer) -> bool:
    """Accept or decline what the zone offers: what binds a company is its owners'."""
    return role_in(user, offer.company) == MemberRole.OWNER


def refuse_stranger(user: User) -> None:
    """NotAllowed for anybody who does not keep the zone's spaces."""
    if not can_keep_spaces(user):
        raise NotAllowed(_("Only officers enter units and leases."))
