"""The register: who is in the zone, since when, how they hang together and who works in them."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.choices import CompanyKind, MemberRole, RelationKind, Stage
from companies.credit_codes import PATTERN as USCC_PATTERN
from companies.credit_codes import validate_uscc
from companies.models.guards import never_of_merged
from companies.names import HOST_LENGTH, MATCH_LENGTH
from companies.querysets import CompanyQuerySet
from core.audit import audited
from core.constraints import never_deleted
from core.text import refuse_turning_marks

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"


def not_empty(field: str, message: Any) -> models.CheckConstraint:
    """An empty range `[d, d)` overlaps nothing and would slip past every other rule."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__isempty": False}),
        name=f"%(app_label)s_%(class)s_{field}_not_empty",
        violation_error_message=message,
        violation_error_code="empty_period",
    )


DERIVED = ["name_key", "search_text", "search", "match_name", "match_name_zh", "website_host"]


def append_only() -> pgtrigger.Protect:
    """History that nobody may rewrite, whoever writes."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


@audited(exclude=DERIVED)
class Company(models.Model):
    """A company, a team that is not incorporated yet, or an anchor company of the zone.

    Unknown is null, never a guess. `registration` is the period in which it is registered in the zone, `operation`
    the period in which it operates; a period without a lower bound has an unknown first day.
    """

    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(CODE_PATTERN, _("Use letters, digits, dots, dashes; up to 32 characters."))],
    )
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    # Sorted `COLLATE "C"`, the same on every server: Latin letters as they are, Chinese by pinyin (core.text).
    name_key = models.CharField(max_length=600, editable=False, db_collation="C", default="", db_index=True)
    # Words and bigrams of both names, the code and the credit code (core.text), for search in both scripts.
    search_text = models.TextField(editable=False, default="")
    search = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    # For finding doubles (companies.names, companies.duplicates).
    match_name = models.CharField(max_length=MATCH_LENGTH, editable=False, default="")
    match_name_zh = models.CharField(max_length=MATCH_LENGTH, editable=False, default="")
    website_host = models.CharField(max_length=HOST_LENGTH, editable=False, default="")
    uscc = models.CharField(  # noqa: DJ001 - unique, so unknown has to be null
        _("unified social credit code"), max_length=18, null=True, blank=True, validators=[validate_uscc]
    )
    kind = models.CharField(_("kind"), max_length=8, choices=CompanyKind, default=CompanyKind.COMPANY)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    registration = DateRangeField(_("registered in the zone"), null=True, blank=True)
    operation = DateRangeField(_("operating"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    listed = models.BooleanField(_("listed on an exchange"), null=True, blank=True)
    bad_credit = models.BooleanField(_("bad credit record"), null=True, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Use the two-letter country code, such as CN."))],
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    # The company that this one turned out to be: nothing new comes to it any more, and its code leads there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="aliases",
        verbose_name=_("merged into"),
    )  # fmt: skip
    # Counts the changes of the row, by a trigger: a page that was loaded before somebody else saved is told so.
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name_key", "pk"]
        constraints = [
            # Checked at the end of a statement, so that an import may let two companies swap their codes.
            models.UniqueConstraint(
                fields=["uscc"],
                name="%(app_label)s_%(class)s_uscc",
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("Another company in the register has this credit code."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN),
                name="%(app_label)s_%(class)s_code_form",
                violation_error_message=_("A company's code has letters, digits, dots and dashes, up to 32."),
            ),
            models.CheckConstraint(
                condition=Q(uscc=None) | Q(uscc__regex=USCC_PATTERN),
                name="%(app_label)s_%(class)s_uscc_form",
                violation_error_message=_("A unified social credit code has 18 characters, without I, O, S, V and Z."),
                violation_error_code="uscc_form",
            ),
            models.CheckConstraint(condition=Q(kind__in=CompanyKind.values), name="%(app_label)s_%(class)s_kind_known"),
            models.CheckConstraint(
                condition=Q(stage__in=[*Stage.values, ""]), name="%(app_label)s_%(class)s_stage_known"
            ),
            not_empty("registration", _("The registration must last at least one day.")),
            not_empty("operation", _("The period of operation must last at least one day.")),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="%(app_label)s_%(class)s_not_into_itself"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="companies_company_search"),
            GinIndex(
                fields=["match_name", "match_name_zh"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="companies_company_match",
            ),
            models.Index(fields=["website_host"], condition=~Q(website_host=""), name="companies_company_host"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="count_revision",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.revision = OLD.revision + 1; RETURN NEW;",
            ),
            never_deleted(),  # a company leaves; what was decided and paid names it for ever
            pgtrigger.Protect(
                name="stays_merged",
                operation=pgtrigger.UpdateOf("merged_into_id"),
                condition=pgtrigger.Condition("OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def standing(self) -> "Company":
        """The company that it is today: itself, or the one into which it was merged."""
        return self.merged_into or self

    def clean(self) -> None:
        # The page on which a company is entered has this address.
        if self.code == "new":
            raise ValidationError({"code": _("This code is taken by the portal itself.")})
        for name in ("name", "name_zh", "industry"):
            try:
                refuse_turning_marks(getattr(self, name))
            except ValidationError as error:
                raise ValidationError({name: error}) from error


@audited()
class Relation(models.Model):
    """`other` is the parent, sister or controller of `company`; unknown ends are null."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Company, models.PROTECT, related_name="relations_from")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind)
    valid = DateRangeField(_("period of validity"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "other"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("These two companies are related already."),
                violation_error_code="related_already",
            ),
            models.CheckConstraint(
                condition=~Q(company=F("other")),
                name="%(app_label)s_%(class)s_not_itself",
                violation_error_message=_("A company cannot be related to itself."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RelationKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            not_empty("valid", _("The relation must last at least one day.")),
        ]
        triggers = [*never_of_merged("company_id"), *never_of_merged("other_id")]

    def __str__(self) -> str:
        return f"{self.company_id} → {self.other_id} ({self.kind})"


@audited()
class Membership(models.Model):
    """A person's part in a company's workspace."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person is a member of the company already."),
                violation_error_code="member_already",
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="%(app_label)s_%(class)s_role_known"),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.company_id}: {self.role}"


class StageChange(models.Model):
    """The stage a company entered on a day, who confirmed it and why. Only ever added to."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="stage_changes")
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)  # "": no longer known
    since = models.DateField(_("since"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["company", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[*Stage.values, ""]), name="%(app_label)s_%(class)s_stage_known"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.stage} since {self.since}"
