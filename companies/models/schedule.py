"""Which companies owe which report: the zone's rules, what they come to, and who is excused."""

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import CompanyKind, ReportMonths, Stage
from companies.models.guards import never_of_merged
from companies.models.register import Company
from companies.querysets import DutyQuerySet, RecordsOfCompanies
from core.audit import audited
from core.constraints import calendar_day, calendar_period, never_deleted, void_has_reason, within
from core.records import Voidable

LAST_PLACE = 99
MOST_DAYS = 366


@audited()
class ReportingRule(Voidable):
    """Which companies report how often, and by when: of the rules in force on the last day of a period, the first in
    order that fits a company decides. "" fits every stage and every kind; without months nothing is to be reported.

    `valid` holds the last days of the periods that it governs; `days` after such a day the report is due at the latest.
    """

    place = models.PositiveSmallIntegerField(
        _("place in the order"), validators=[MinValueValidator(1), MaxValueValidator(LAST_PLACE)]
    )
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CompanyKind, blank=True)
    months = models.PositiveSmallIntegerField(_("reports each"), choices=ReportMonths, null=True, blank=True)
    days = models.PositiveSmallIntegerField(
        _("days until it is due"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    valid = DateRangeField(_("for periods that end"))

    class Meta:
        verbose_name = _("rule of reporting")
        verbose_name_plural = _("rules of reporting")
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[*Stage.values, ""]), name="%(app_label)s_%(class)s_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[*CompanyKind.values, ""]), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__in=ReportMonths.values),
                name="%(app_label)s_%(class)s_months_known",
            ),
            within("place", 1, LAST_PLACE, _("The place in the order lies between 1 and 99.")),
            within("days", 1, MOST_DAYS, _("A report is due 1 to 366 days after its period.")),
            calendar_period("valid", _("A rule governs at least one day between 1800 and 2199.")),
            models.CheckConstraint(condition=Q(valid__startswith__isnull=False), name="%(app_label)s_%(class)s_begins"),
            void_has_reason(),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.place}"


class ReportDuty(models.Model):
    """That a company owes a report of a period that has ended, as the rules and the register say (`bulk.duties`).
    Derived, and so not in the audit trail: what it follows from is there."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="report_duties")
    period_end = models.DateField(_("last day of the period"))
    months = models.PositiveSmallIntegerField(_("length of the period"), choices=ReportMonths)
    due_on = models.DateField(_("due on"))
    rule = models.ForeignKey(ReportingRule, models.PROTECT, related_name="+")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("report that is owed")
        verbose_name_plural = _("reports that are owed")
        ordering = ["-period_end", "company"]
        constraints = [
            models.UniqueConstraint(fields=["company", "period_end"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(months__in=ReportMonths.values), name="%(app_label)s_%(class)s_months_known"
            ),
        ]
        indexes = [
            models.Index(fields=["period_end", "due_on"], name="companies_duty_period"),
            models.Index(fields=["due_on"], name="companies_duty_due"),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.period_end}"


@audited()
class ReportExcuse(Voidable):
    """An officer's word that a company need not report of a period."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="report_excuses", verbose_name=_("company"))
    period_end = models.DateField(_("last day of the period"))
    reason = models.TextField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = RecordsOfCompanies.as_manager()

    class Meta:
        verbose_name = _("excuse from reporting")
        verbose_name_plural = _("excuses from reporting")
        ordering = ["-period_end", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "period_end"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("The company is excused from this report already."),
                violation_error_code="excused_already",
            ),
            calendar_day("period_end"),
            void_has_reason(),
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.period_end}"
