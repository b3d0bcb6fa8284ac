"""Who may do what with companies, their people and applications. One predicate an act; pages and services ask these."""

from accounts.models import StaffRole, User
from companies.choices import ApplicationState, MemberRole
from companies.models import Application, Company, Merge, Report

KEEPS_REGISTER = StaffRole.OFFICER
DECIDES_MERGES = StaffRole.APPROVER
OPEN_FOR_EDITING = frozenset({ApplicationState.DRAFT, ApplicationState.CHANGES_REQUESTED})
WRITES = frozenset({MemberRole.OWNER, MemberRole.EDITOR})


def can_keep_register(user: User) -> bool:
    """Enter and change companies, their relations and periods."""
    return user.has_role(KEEPS_REGISTER)


def can_merge(user: User, company: Company) -> bool:
    """Say that a company is the same as another, or that it is not: officers do, and nobody for his own company."""
    return can_keep_register(user) and not role_in(user, company)


def can_decide_merge(user: User, merge: Merge) -> bool:
    """Decide on a merge that touches money: an approver does who did not propose it and is of neither company."""
    own = role_in(user, merge.merged) or role_in(user, merge.survivor)
    return user.has_role(DECIDES_MERGES) and user.pk != merge.proposed_by_id and not own


def role_in(user: User, thing: Company | Application) -> str:
    """The person's role in a company or on an application; "" for none. Of a merged company it is that in the surviving
    one, where its people are."""
    parts = thing.people if isinstance(thing, Application) else thing.standing.memberships
    return parts.filter(user=user).values_list("role", flat=True).first() or ""


def can_change_profile(user: User, company: Company) -> bool:
    """Change what a company says about itself: its owners do, staff change it in the register."""
    return role_in(user, company) == MemberRole.OWNER


def can_enter_records(user: User, company: Company) -> bool:
    """Enter and change what the portal has on record about a company: its owners, its editors, and the officers."""
    return can_keep_register(user) or role_in(user, company) in WRITES


def can_change_report(user: User, report: Report) -> bool:
    """Change a report or declare it void: once it is verified, only officers do, and nobody his own company's."""
    return can_verify(user, report.company) or (not report.is_verified and can_enter_records(user, report.company))


def can_verify(user: User, company: Company) -> bool:
    """Check what a company says about itself: officers do, but nobody for his own company."""
    return can_keep_register(user) and not role_in(user, company)


def can_set_reporting(user: User) -> bool:
    """Say who reports what, how often and by when: officers do."""
    return can_keep_register(user)


def can_excuse(user: User, company: Company) -> bool:
    """Excuse a company from a report: officers do, but nobody his own company."""
    return can_keep_register(user) and not role_in(user, company)


def can_manage_people(user: User, thing: Company | Application) -> bool:
    """Invite colleagues, change their roles, remove them."""
    if isinstance(thing, Company) and can_keep_register(user):
        return True
    return role_in(user, thing) == MemberRole.OWNER


def can_edit_application(user: User, application: Application) -> bool:
    return application.state in OPEN_FOR_EDITING and role_in(user, application) in WRITES


def can_send_application(user: User, application: Application) -> bool:
    """Send it, and withdraw it: what binds the applicant is the owner's."""
    return role_in(user, application) == MemberRole.OWNER


def can_decide_application(user: User, application: Application) -> bool:
    """Officers decide, but nobody on his own application."""
    return user.has_role(KEEPS_REGISTER) and not role_in(user, application)
