"""What changes accounts: roles, keys, a person's own profile. Atomic; `by` is who acts.

`by=None` is the operator at the command line, who owns the machine and needs no role.
"""

import datetime as dt
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import keys
from accounts.models import ApiKey, RoleGrant, Scope, StaffRole, User
from accounts.permissions import can_answer_for, can_change_roles, can_manage_keys
from core.errors import Incomplete, NotAllowed, incomplete_from
from core.locks import lock_for_transaction

LONGEST_KEY_DAYS = 730


@transaction.atomic
def grant_role(*, user: User, role: str, by: User | None) -> RoleGrant:
    """Make a staff member of somebody whose e-mail is verified; granting twice changes nothing."""
    _check_may_change_roles(of=user, by=by)
    if role not in StaffRole.values:
        raise Incomplete(_("There is no role %(role)s.") % {"role": role}, fields={"role": [_("Unknown role.")]})
    # An address that nobody has proved could belong to somebody else than the one who set the password.
    if not EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        raise Incomplete(
            _("%(email)s has not been verified yet: the person follows the link in the mail first.")
            % {"email": user.email},
            code="email_unverified",
        )
    grant, _created = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_by": by})
    _forget_roles(user)
    return grant


@transaction.atomic
def revoke_role(*, user: User, role: str, by: User | None) -> None:
    """Take a role away; it is gone with the next request of that person."""
    _check_may_change_roles(of=user, by=by)
    RoleGrant.objects.filter(user=user, role=role).delete()
    _forget_roles(user)


def _check_may_change_roles(*, of: User, by: User | None) -> None:
    # One change at a time, and the actor's role read under the lock: two approvers who revoke each other leave one.
    lock_for_transaction("accounts.roles")
    if by is None:
        return
    _forget_roles(by)
    if not can_change_roles(by, of):
        raise NotAllowed(_("An approver grants and revokes roles, and nobody his own."))


def _forget_roles(user: User) -> None:
    user.__dict__.pop("staff_roles", None)


def update_profile(*, user: User, name: str, language: str) -> User:
    """A person's own name and language."""
    user.name, user.language = name, language
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise incomplete_from(error) from error
    user.save(update_fields=["name", "language"])
    return user


def remember_language(*, user: User, language: str) -> None:
    """Keep what somebody chose in the menu; does nothing when it is his language already."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def create_key(
    *, name: str, scopes: Sequence[str], days: int, now: dt.datetime, created_by: User, by: User | None
) -> tuple[ApiKey, str]:
    """A new key and its token, which nobody can see again. It expires after `days`, and acts for `created_by`."""
    if by is not None and not can_manage_keys(by):
        raise NotAllowed(_("Treasurers and approvers make and revoke keys."))
    if unknown := sorted(set(scopes) - set(Scope.values)):
        raise Incomplete(
            _("Unknown scopes: %(unknown)s. There are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(Scope.values)},
            fields={"scopes": [_("Unknown scope.")]},
        )
    if not can_answer_for(created_by, scopes):
        message = _(
            "A key that enters something acts for an officer, and %(person)s is none. The operator makes it for one:"
            " manage.py create_key NAME --scope SCOPE --for E-MAIL"
        ) % {"person": created_by.display_name}
        raise Incomplete(message, code="needs_officer", fields={"scopes": [message]})
    if not 1 <= days <= LONGEST_KEY_DAYS:
        raise Incomplete(
            _("A key lasts between 1 and %(most)s days.") % {"most": LONGEST_KEY_DAYS},
            fields={"days": [_("Between 1 and %(most)s days.") % {"most": LONGEST_KEY_DAYS}]},
        )
    made = keys.make()
    key = ApiKey(
        name=name,
        prefix=made.prefix,
        secret_hash=keys.hash_of(made.secret),
        scopes=sorted(set(scopes)),
        created_by=created_by,
        expires_at=now + dt.timedelta(days=days),
    )
    try:
        key.full_clean()
    except ValidationError as error:
        raise incomplete_from(error) from error
    key.save()
    return key, made.token


@transaction.atomic
def revoke_key(*, key: ApiKey, now: dt.datetime, by: User) -> ApiKey:
    """From now on the key opens nothing; revoking again keeps the first moment."""
    if not can_manage_keys(by):
        raise NotAllowed(_("Treasurers and approvers make and revoke keys."))
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
    key.refresh_from_db()
    return key
