"""Who may do what with places and leases. One predicate an act; pages, services and templates ask the same ones."""

from accounts.models import StaffRole, User

KEEPS_SPACES = StaffRole.OFFICER


def can_keep_spaces(user: User) -> bool:
    """Enter campuses, buildings and units, and sign, change, end or void leases."""
    return user.has_role(KEEPS_SPACES)
