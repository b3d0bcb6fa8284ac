"""People in a company's workspace: add, change their role, remove. A company with people keeps at least one owner."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.choices import MemberRole
from companies.models import Company, Membership
from companies.permissions import can_manage_people
from core import outbox, records
from core.errors import Conflict, NotAllowed


@transaction.atomic
def add_member(*, company: Company, user: User, role: str, by: User) -> Membership:
    """Make somebody with an account a member at once; founders invite instead, and the invited person agrees."""
    _refuse_stranger(by, company)
    membership = records.save(Membership(company=company, user=user, role=role))
    _tell(company)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    _refuse_stranger(by, membership.company)
    _keep_an_owner(membership, role)
    membership.role = role
    records.save(membership, fields=["role"])
    _tell(membership.company)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Owners and officers remove members; everybody may leave."""
    if membership.user_id != by.pk:
        _refuse_stranger(by, membership.company)
    _keep_an_owner(membership, "")
    membership.delete()
    _tell(membership.company)


def _refuse_stranger(by: User, company: Company) -> None:
    if not can_manage_people(by, company):
        raise NotAllowed(_("The owners of a company decide who works in its workspace."))


def _keep_an_owner(membership: Membership, role: str) -> None:
    """Two owners who remove each other at the same moment wait for each other here, and one stays."""
    Company.objects.select_for_update(of=("self",)).get(pk=membership.company_id)
    others = Membership.objects.filter(company=membership.company_id, role=MemberRole.OWNER).exclude(pk=membership.pk)
    if role != MemberRole.OWNER and not others.exists():
        raise Conflict(_("A company keeps at least one owner: make somebody else an owner first."), code="last_owner")


def _tell(company: Company) -> None:
    outbox.record("company.changed", company.code, {"company": company.code, "fields": ["people"]})
