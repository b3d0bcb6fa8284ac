"""Applications to the zone: a founder's answers, saved as they go, and what became of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import ApplicationState, ApplicationStep, CompanyKind, MemberRole
from companies.models.register import Company, append_only
from companies.querysets import ApplicationQuerySet
from core.audit import audited


@audited()
class Application(models.Model):
    """A company's or a team's wish to come to the zone.

    `answers` maps a step of the wizard to its fields as typed: a draft may be unfinished or wrong; everything is
    checked when it is sent. `company` is set when it is admitted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=CompanyKind.choices[:2])
    answers = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=20, choices=ApplicationState, default=ApplicationState.DRAFT)
    note = models.TextField(_("what the zone wrote"), blank=True)
    company = models.OneToOneField(Company, models.PROTECT, null=True, blank=True, related_name="application")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="admitted", company__isnull=False) | (~Q(state="admitted") & Q(company=None)),
                name="%(app_label)s_%(class)s_company_when_admitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="%(app_label)s_%(class)s_submitted_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["admitted", "declined"], decided_at__isnull=False)
                | (~Q(state__in=["admitted", "declined"]) & Q(decided_at=None)),
                name="%(app_label)s_%(class)s_decided_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="%(app_label)s_%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[CompanyKind.COMPANY, CompanyKind.TEAM]), name="%(app_label)s_%(class)s_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="companies_application_queue")
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def name(self) -> str:
        """What was answered; the start of its number while there is no name."""
        return self._answered("name") or self.name_zh or str(self.public_id)[:8]

    @property
    def name_zh(self) -> str:
        return self._answered("name_zh")

    def _answered(self, field: str) -> str:
        return str(self.answers.get("identity", {}).get(field, "")).strip()


@audited()
class ApplicationPerson(models.Model):
    """Somebody on the applicant's side who may see or edit the application; becomes a member on admission."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="application_parts")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person is on the application already."),
                violation_error_code="member_already",
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="%(app_label)s_%(class)s_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.application_id}: {self.role}"


class TimelineEntry(models.Model):
    """One line of an application's timeline. Only ever added to."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="timeline")
    step = models.CharField(max_length=20, choices=ApplicationStep)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.step}"


class CodeCounter(models.Model):
    """The last running number given out in a year, for the codes of admitted companies. Counted under its row lock."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
