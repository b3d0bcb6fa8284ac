"""People who sign in, what staff may do, machine keys, and what people were told."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.audit import audited


class StaffRole(models.TextChoices):
    OFFICER = "officer", _("officer")
    REVIEWER = "reviewer", _("reviewer")
    APPROVER = "approver", _("approver")
    TREASURER = "treasurer", _("treasurer")
    POLICY_EDITOR = "policy_editor", _("policy editor")
    AUDITOR = "auditor", _("auditor")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def holding(self, role: StaffRole) -> "models.QuerySet[User]":
        """The active people who hold a staff role."""
        return self.filter(is_active=True, role_grants__role=role)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail. Staff are those with a grant of at least one role."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="%(app_label)s_%(class)s_email",
                violation_error_message=_("There is an account with this e-mail already."),
                violation_error_code="email_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.email

    @cached_property
    def staff_roles(self) -> frozenset[str]:
        """The roles in force, read once for each request."""
        return frozenset(self.role_grants.values_list("role", flat=True)) if self.is_active else frozenset()

    @property
    def is_staff_member(self) -> bool:
        return bool(self.staff_roles)

    def has_role(self, *roles: str) -> bool:
        return not self.staff_roles.isdisjoint(roles)


@audited()
class RoleGrant(models.Model):
    """A staff role that a person holds, and who gave it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=16, choices=StaffRole)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=StaffRole.values), name="%(app_label)s_%(class)s_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Scope(models.TextChoices):
    COMPANIES_READ = "companies:read", _("read companies")
    LEASES_READ = "leases:read", _("read leases")
    DECISIONS_READ = "decisions:read", _("read decisions")
    STATEMENTS_READ = "statements:read", _("read rent statements")
    POLICY_READ = "policy:read", _("read the policy")
    REPORTS_READ = "reports:read", _("read reports")
    PROJECTS_READ = "projects:read", _("read projects")
    LOANS_READ = "loans:read", _("read loans")
    TALENTS_READ = "talents:read", _("read talents")
    SUPPLIERS_READ = "suppliers:read", _("read suppliers")
    EXPENSES_READ = "expenses:read", _("read costs")
    GRANTS_READ = "grants:read", _("read grants and budgets")
    ROOMS_READ = "rooms:read", _("read rooms and when they are free")
    BOOKINGS_READ = "bookings:read", _("read bookings")
    REPORTS_WRITE = "reports:write", _("enter and correct reports")
    PROJECTS_WRITE = "projects:write", _("enter and correct projects")
    LOANS_WRITE = "loans:write", _("enter and correct loans and repayments")
    TALENTS_WRITE = "talents:write", _("enter and correct talents")
    SUPPLIERS_WRITE = "suppliers:write", _("enter and correct suppliers")
    EXPENSES_WRITE = "expenses:write", _("enter and correct costs")
    BOOKINGS_WRITE = "bookings:write", _("book rooms")
    LEASES_WRITE = "leases:write", _("make offers, act on leases, and give out desks and day passes")
    ROUNDS_READ = "rounds:read", _("read financing rounds")
    ROUNDS_WRITE = "rounds:write", _("enter and correct financing rounds")
    DEPOSITS_READ = "deposits:read", _("read deposits of leases")
    DEPOSITS_WRITE = "deposits:write", _("record what becomes of deposits")
    SUPPORT_READ = "support:read", _("read support packages and what was given")

    @property
    def is_writing(self) -> bool:
        """Whether it lets a key change what is on record."""
        return self.value.endswith(":write")


@audited(exclude=["last_used_at"])
class ApiKey(models.Model):
    """A machine's key: `prefix` finds it, only a hash of the secret is kept, `scopes` bound what it may
    read and enter. It acts for `created_by`, who answers for it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), verbose_name=_("scopes"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0),
                name="%(app_label)s_%(class)s_has_scope",
                violation_error_message=_("A key needs at least one scope."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def is_valid_at(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class Notice(models.Model):
    """What a person was told in the portal, and by mail. `message` names a template; `context` fills it, so that
    the text appears in the reader's language whenever it is read. `dedupe_key` keeps a repeat from telling twice."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    message = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "dedupe_key"], name="%(app_label)s_%(class)s_once"),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="accounts_notice_unread"),
            # What the sweep looks for: mails that nobody sent yet.
            models.Index(fields=["created_at"], condition=models.Q(mailed_at=None), name="accounts_notice_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.message}"
