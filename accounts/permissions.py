"""Who may hand out roles and keys. One predicate an act; pages, services and templates ask the same ones."""

from collections.abc import Iterable

from accounts.models import Scope, StaffRole, User

# Two people for what opens doors: the approver is the second pair of eyes, and nobody changes his own roles.
GRANTS_ROLES = StaffRole.APPROVER
MANAGES_KEYS = (StaffRole.TREASURER, StaffRole.APPROVER)
ANSWERS_FOR_ENTRIES = StaffRole.OFFICER


def can_change_roles(user: User, of: User) -> bool:
    return user.has_role(GRANTS_ROLES) and user.pk != of.pk


def can_manage_keys(user: User) -> bool:
    return user.has_role(*MANAGES_KEYS)


def can_answer_for(user: User, scopes: Iterable[str]) -> bool:
    """Answer for a key of these scopes. One that writes does what its officer may do: nobody lends rights that he does
    not have."""
    return user.has_role(ANSWERS_FOR_ENTRIES) or not any(Scope(scope).is_writing for scope in scopes)
