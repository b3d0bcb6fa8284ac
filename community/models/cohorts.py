"""Cohorts: companies that the zone sets beside others, such as the first founders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import fields
from community.querysets.support import CohortQuerySet
from community.wording import in_reader_s_language
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, number_field, number_form, void_has_reason
from core.records import Voidable


@audited()
class Cohort(Voidable):
    """Companies that are named by hand, and those that came to the zone between two days, both included. Without
    either day there is no such rule."""

    code = number_field(_("code"), taken=_("There is a cohort with this code already."))
    name = fields.name(_("name"))
    name_zh = fields.name_in(fields.CHINESE_NAME)
    name_de = fields.name_in(fields.GERMAN_NAME)
    arrived_from = models.DateField(_("came on or after"), null=True, blank=True)
    arrived_until = models.DateField(_("came on or before"), null=True, blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["code"]
        constraints = [
            number_form("code"),
            calendar_day("arrived_from"),
            calendar_day("arrived_until"),
            models.CheckConstraint(
                condition=Q(arrived_from=None) | Q(arrived_until=None) | Q(arrived_from__lte=F("arrived_until")),
                name="%(app_label)s_%(class)s_days_in_order",
                violation_error_message=_("The first day lies after the last."),
            ),
            void_has_reason(),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return in_reader_s_language(self)

    @property
    def has_rule(self) -> bool:
        """Whether companies are members by the day on which they came."""
        return self.arrived_from is not None or self.arrived_until is not None


@audited()
class CohortMember(models.Model):
    """A company that somebody put into a cohort. Taken out it is deleted; the audit trail keeps both."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="members")
    company = models.ForeignKey(Company, models.PROTECT, related_name="cohort_members", verbose_name=_("company"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["cohort", "company"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "company"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("The company is in this cohort already."),
                violation_error_code="member_already",
            )
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.company_id}"
