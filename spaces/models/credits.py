"""What a company may use of the rooms each month without paying: credits, by stage or by a package of its own."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import within

MOST_CREDITS = 100_000


@audited()
class Allowance(models.Model):
    """The credits of a month, from the month `since` on until a later row of the same stage or company. That of a
    company (its support package, say) stands in place of that of its stage."""

    since = models.DateField(_("from the month"))
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="allowances", verbose_name=_("company"), null=True, blank=True
    )
    credits = models.DecimalField(
        _("credits a month"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MOST_CREDITS)],
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("allowance")
        ordering = ["-since", "company", "stage"]
        constraints = [
            models.CheckConstraint(
                condition=Q(company=None, stage__in=Stage.values) | Q(company__isnull=False, stage=""),
                name="%(app_label)s_%(class)s_of_one",
                violation_error_message=_("An allowance is of a stage or of a company."),
            ),
            models.CheckConstraint(
                condition=Q(since__day=1),
                name="%(app_label)s_%(class)s_since_month",
                violation_error_message=_("An allowance begins with a month."),
            ),
            models.UniqueConstraint(
                fields=["since", "stage"],
                condition=Q(company=None),
                name="%(app_label)s_%(class)s_stage_once",
                violation_error_message=_("There is an allowance from this month already."),
                violation_error_code="taken",
            ),
            models.UniqueConstraint(
                fields=["since", "company"],
                condition=Q(company__isnull=False),
                name="%(app_label)s_%(class)s_company_once",
                violation_error_message=_("There is an allowance from this month already."),
                violation_error_code="taken",
            ),
            within("credits", 0, MOST_CREDITS, _("An allowance is between 0 and 100,000 credits.")),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company_id or self.stage} {self.since:%Y-%m}"
