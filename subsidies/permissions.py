"""Who may do what with the policy, the decisions and the statements. One predicate an act, for pages and services."""

from django.core.exceptions import PermissionDenied

from accounts.models import StaffRole, User
from companies.models import Company
from companies.permissions import can_enter_records, can_keep_register, role_in
from subsidies.choices import ProposalState
from subsidies.models import Expense, Grant, PolicyVersion, Recovery, StageAppeal, StageProposal, Supplier
from subsidies.querysets import READS_DRAFTS, Viewer

ASSESSES = frozenset({StaffRole.OFFICER, StaffRole.POLICY_EDITOR})
BILLS = frozenset({StaffRole.OFFICER, StaffRole.TREASURER})
EDITS_POLICY = StaffRole.POLICY_EDITOR
APPROVES_POLICY = StaffRole.APPROVER
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


def can_record_payments(user: User) -> bool:
    """Enter what came in at the bank, by form and by file."""
    return user.has_role(StaffRole.TREASURER)


def can_keep_payments(user: User, company: Company) -> bool:
    """Match what a company paid, reverse it, ask the company for what is overdue: the treasurer does, but not for his
    own company."""
    return _is_other(user, StaffRole.TREASURER, company)


def can_see_statements(user: User) -> bool:
    """See the statements of all companies."""
    return user.has_role(*SEES_MONEY)


def refuse_staff_without_money(user: User) -> None:
    """Founders see their own statements; of the staff those who have to do with money. Raises PermissionDenied."""
    if user.is_staff_member and not can_see_statements(user):
        raise PermissionDenied


def can_read_drafts(user: Viewer) -> bool:
    """See versions of the policy that are not published. What is published is open to everybody."""
    return user.is_authenticated and user.has_role(*READS_DRAFTS)


def can_edit_policy(user: User) -> bool:
    """Make drafts of the policy, change what they say, confirm assumed values, have a draft simulated, discard it."""
    return user.has_role(EDITS_POLICY)


def can_approve_policy(user: User) -> bool:
    """Approve drafts that others wrote, and withdraw an approval."""
    return user.has_role(APPROVES_POLICY)


def can_approve_version(user: User, version: PolicyVersion) -> bool:
    """Approve this draft: another person than those who had a hand in what it says."""
    return can_approve_policy(user) and not version.authors.filter(author=user).exists()


def can_publish(user: User) -> bool:
    """Put versions of the policy in force."""
    return user.has_role(EDITS_POLICY)


def can_publish_version(user: User, version: PolicyVersion) -> bool:
    """Put this version in force: another person than the one who approved it."""
    return can_publish(user) and version.approved_by_id != user.pk


def can_enter_expense(user: User, company: Company) -> bool:
    """Enter the costs of a company."""
    return can_enter_records(user, company)


def can_change_expense(user: User, expense: Expense) -> bool:
    """Change a cost or declare it void."""
    return can_enter_records(user, expense.company)


def can_keep_suppliers(user: User) -> bool:
    """Enter and change suppliers."""
    return can_keep_register(user)


def can_admit(user: User, supplier: Supplier) -> bool:
    """Admit a supplier, or end its admission: officers do, but nobody for a company of his own."""
    own = supplier.company is not None and bool(role_in(user, supplier.company))
    return can_keep_register(user) and not own


def can_propose(user: User, company: Company) -> bool:
    """Propose what a company is entitled to, and withdraw it: officers do, but nobody for his own company."""
    return can_keep_register(user) and not role_in(user, company)


def can_decide_grant(user: User, grant: Grant) -> bool:
    """Approve or refuse a grant, or revoke it: approvers do, but nobody for his own company."""
    return _is_other(user, StaffRole.APPROVER, grant.company)


def can_approve(user: User, grant: Grant) -> bool:
    """Decide on a proposal: another person than the one who made it."""
    return can_decide_grant(user, grant) and user.pk != grant.proposed_by_id


def can_pay(user: User, grant: Grant) -> bool:
    """Record that a grant was paid: the treasurer does, but not for his own company."""
    return _is_other(user, StaffRole.TREASURER, grant.company)


def can_decide_recovery(user: User, recovery: Recovery) -> bool:
    """Decide whether something is asked back: approvers do, but nobody for his own company."""
    return _is_other(user, StaffRole.APPROVER, recovery.company)


def can_confirm(user: User, recovery: Recovery) -> bool:
    """Confirm a recovery: another approver than the one who opened it, or who issued the statement that opened it."""
    return can_decide_recovery(user, recovery) and user.pk != recovery.opened_by_id


def can_settle(user: User, recovery: Recovery) -> bool:
    """Record that something was paid back: the treasurer does, but not for his own company."""
    return _is_other(user, StaffRole.TREASURER, recovery.company)


def can_decide_stage(user: User, company: Company) -> bool:
    """Confirm or refuse a proposed stage: officers do, but nobody for his own company."""
    return can_keep_register(user) and not role_in(user, company)


def is_open_to_appeal(proposal: StageProposal) -> bool:
    """A move up that was refused, or one down that was confirmed, and about which nobody has appealed yet."""
    against = ProposalState.REFUSED if proposal.is_up else ProposalState.CONFIRMED
    return proposal.state == against and not StageAppeal.objects.filter(proposal=proposal).exists()


def can_appeal(user: User, proposal: StageProposal) -> bool:
    """Ask for another look: owners and editors of the company do."""
    is_own = not user.is_staff_member and can_enter_records(user, proposal.company)
    return is_own and is_open_to_appeal(proposal)


def can_answer_appeal(user: User, proposal: StageProposal) -> bool:
    """Answer an appeal: another officer than the one who decided."""
    return can_decide_stage(user, proposal.company) and proposal.decided_by_id != user.pk


def _is_other(user: User, role: StaffRole, company: Company) -> bool:
    return user.has_role(role) and not role_in(user, company)
