"""Who may do what with the policy, the decisions and the statements. One predicate an act, for pages and services."""

from accounts.models import StaffRole, User

ASSESSES = frozenset({StaffRole.OFFICER, StaffRole.POLICY_EDITOR})
BILLS = frozenset({StaffRole.OFFICER, StaffRole.TREASURER})
SEES_MONEY = frozenset({StaffRole.OFFICER, StaffRole.APPROVER, StaffRole.TREASURER, StaffRole.AUDITOR})


def can_assess(user: User) -> bool:
    """Have companies decided now instead of at night."""
    return user.has_role(*ASSESSES)


def can_bill(user: User) -> bool:
    """Have a month's rent computed."""
    return user.has_role(*BILLS)


def can_issue(user: User) -> bool:
    """Issue a month's statements, after which they never change."""
    return user.has_role(StaffRole.TREASURER)


def can_see_statements(user: User) -> bool:
    """See the statements of all companies."""
    return user.has_role(*SEES_MONEY)


def can_publish(user: User) -> bool:
    """Put a version of the policy in force."""
    return user.has_role(StaffRole.POLICY_EDITOR)
