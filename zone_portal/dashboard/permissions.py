"""Who may do what with targets, sectors, published figures and tasks about companies that may leave."""

from accounts.models import StaffRole, User
from companies.models import Company
from companies.permissions import can_keep_register, role_in
from zone_portal.dashboard.models import LeavingTask, Snapshot, TaskState

KEEPS_TARGETS = (StaffRole.OFFICER, StaffRole.APPROVER)
KEEPS_SECTORS = StaffRole.OFFICER
PUBLISHES = StaffRole.APPROVER
SEES_SIGNALS = (StaffRole.OFFICER, StaffRole.AUDITOR)
WORKS_ON_SIGNALS = StaffRole.OFFICER


def can_keep_targets(user: User) -> bool:
    """Enter targets of the plan, declare them void, and keep the figures of a day."""
    return user.has_role(*KEEPS_TARGETS)


def can_keep_sectors(user: User) -> bool:
    """Say to which sector an industry belongs."""
    return user.has_role(KEEPS_SECTORS)


def can_publish(user: User, snapshot: Snapshot) -> bool:
    """Publish figures: an approver does, and not those that he kept himself."""
    return can_withdraw(user) and snapshot.published_at is None and snapshot.kept_by_id != user.pk


def can_withdraw(user: User) -> bool:
    """Take published figures back: an approver does, his own too."""
    return user.has_role(PUBLISHES)


def can_see_signals(user: User, company: Company) -> bool:
    """See why the zone thinks that a company may leave: its own people never do, whatever they are besides."""
    return user.has_role(*SEES_SIGNALS) and not role_in(user, company)


def can_finish_task(user: User, task: LeavingTask) -> bool:
    """Say what was found, or give the task back: who has it in hand."""
    return task.state == TaskState.TAKEN and task.taken_by_id == user.pk and can_work_on(user, task.company)


def can_work_on(user: User, company: Company) -> bool:
    """Take a task about a company: an officer, unless it is his own or was merged into another."""
    return can_keep_register(user) and company.merged_into_id is None and not role_in(user, company)
