"""Invitations by e-mail to work in a company or on an application."""

import uuid
from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from companies.choices import MemberRole
from companies.models.applications import Application
from companies.models.guards import never_of_merged
from companies.models.register import Company
from companies.querysets import InvitationQuerySet
from core.audit import audited


@audited()
class Invitation(models.Model):
    """An offer to the owner of an e-mail address to join a company or an application.

    It is bound to the address: whoever signs in with it, verified, may accept, and nobody else. It grants nothing
    before, and looks the same whether or not the address has an account.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="invitations")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, application=None) | Q(company=None, application__isnull=False),
                name="%(app_label)s_%(class)s_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="%(app_label)s_%(class)s_one_end"
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="%(app_label)s_%(class)s_role_known"),
            models.UniqueConstraint(
                "company",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="%(app_label)s_%(class)s_company_open",
                violation_error_message=_("There is an open invitation for this e-mail already."),
                violation_error_code="invited_already",
            ),
            models.UniqueConstraint(
                "application",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="%(app_label)s_%(class)s_application_open",
                violation_error_message=_("There is an open invitation for this e-mail already."),
                violation_error_code="invited_already",
            ),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"

    @property
    def thing(self) -> Company | Application:
        """What it invites to."""
        return cast("Company | Application", self.company or self.application)
