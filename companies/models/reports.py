"""What companies report about their business, and what the zone has verified of it."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import ReportMonths
from companies.models.guards import never_of_merged
from companies.models.register import Company
from companies.querysets import ReportQuerySet
from core.audit import audited
from core.constraints import calendar_day, never_deleted, void_has_reason, within
from core.money import MOST_YEARLY_YUAN, MoneyField
from core.records import Voidable

MOST_PEOPLE = 1_000_000
LONGEST_REASON = 1_000


def _yuan(name: object, *, signed: bool = False) -> MoneyField:
    """An amount that may be unknown."""
    least = -MOST_YEARLY_YUAN if signed else Decimal(0)
    bounds = [MinValueValidator(least), MaxValueValidator(MOST_YEARLY_YUAN)]
    return MoneyField(name, signed=signed, null=True, blank=True, validators=bounds)


def _bounds(field: str, low: Decimal | int = 0) -> models.CheckConstraint:
    return within(field, low, MOST_YEARLY_YUAN, _("The amount is out of all proportion: write it in yuan."))


@audited()
class Report(Voidable):
    """A company's figures for a quarter or a year that ended on a day. Unknown is null, never 0.

    The zone verifies a report; only then do decisions and stages rest on it, and the company no longer changes it. One
    that was verified by a file names no verifier: the audit trail names the file.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="reports", verbose_name=_("company"))
    period_end = models.DateField(_("last day of the period"))
    months = models.PositiveSmallIntegerField(_("length of the period"), choices=ReportMonths)
    revenue = _yuan(_("revenue"))
    profit = _yuan(_("profit"), signed=True)
    rd_spend = _yuan(_("spent on research and development"))
    employees = models.PositiveIntegerField(
        _("employees"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    export_revenue = _yuan(_("revenue from exports"))
    product_in_use = models.BooleanField(_("a product is in use"), null=True, blank=True)
    # Why figures differ so much from those of the report before.
    jump_reason = models.TextField(
        _("why figures jump"),
        max_length=LONGEST_REASON,
        validators=[MaxLengthValidator(LONGEST_REASON)],
        blank=True,
        default="",
        db_default="",  # files do not tell it
        help_text=_("Needed where a figure differs much from the report before. The zone reads it."),
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["company", "-period_end"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "period_end"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("A report up to this day is on record already: change that one."),
                violation_error_code="reported_already",
            ),
            models.CheckConstraint(
                condition=Q(months__in=ReportMonths.values), name="%(app_label)s_%(class)s_months_known"
            ),
            calendar_day("period_end"),
            _bounds("revenue"),
            _bounds("profit", -MOST_YEARLY_YUAN),
            _bounds("rd_spend"),
            _bounds("export_revenue"),
            within("employees", 0, MOST_PEOPLE, _("A company has at most 1,000,000 employees.")),
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(verified_at__isnull=False),
                name="%(app_label)s_%(class)s_verified_at",
            ),
            void_has_reason(),
        ]
        indexes = [
            # What officers have to look at.
            models.Index(
                fields=["period_end"], condition=Q(voided_at=None, verified_at=None), name="companies_report_unverified"
            )
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.period_end}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None
