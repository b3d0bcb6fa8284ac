"""Who may hand out roles and keys. One predicate an act; pages, services and templates ask the same ones."""

from accounts.models import StaffRole, User

# Two people for what opens doors: the approver is the second pair of eyes, and nobody changes his own roles.
GRANTS_ROLES = StaffRole.APPROVER
MANAGES_KEYS = (StaffRole.TREASURER, StaffRole.APPROVER)


def can_change_roles(user: User, of: User) -> bool:
    return user.has_role(GRANTS_ROLES) and user.pk != of.pk


def can_manage_keys(user: User) -> bool:
    return user.has_role(*MANAGES_KEYS)
