"""Who may hand out roles and keys. One predicate an act; pages, services and templates ask the same ones."""

from collections.abc import Iterable

from accounts.models import Scope, StaffRole, User

# Two people for what opens doors: the approver is the second pair of eyes, and nobody changes his own roles.
GRANTS_ROLES = StaffRole.APPROVER
MANAGES_KEYS = (StaffRole.TREASURER, StaffRole.APPROVER)
ANSWERS_FOR_ENTRIES = StaffRole.OFFICER
# Here an officer may do some acts and a treasurer others: of each the service says whose it is.
ANSWERS_TOO = {Scope.DEPOSITS_WRITE: StaffRole.TREASURER}


def can_change_roles(user: User, of: User) -> bool:
    return user.has_role(GRANTS_ROLES) and user.pk != of.pk


def can_manage_keys(user: User) -> bool:
    return user.has_role(*MANAGES_KEYS)


def can_answer_for(user: User, scopes: Iterable[str]) -> bool:
    """Answer for a key of these scopes. One that writes does what its person may do: nobody lends rights that he does
    not have."""
    writing = (scope for scope in map(Scope, scopes) if scope.is_writing)
    return all(user.has_role(ANSWERS_FOR_ENTRIES, ANSWERS_TOO.get(scope, ANSWERS_FOR_ENTRIES)) for scope in writing)
