"""What a company may use of the rooms each month without paying: credits, by stage or by a package of its own."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import within
from spaces.models.places import Campus

MOST_CREDITS = 100_000


@audited()
class Allowance(models.Model):
    """The credits of a month, from the month `since` on until a later row of the same stage or company, or up to the
    month `until`, which is not included.

    That of a company stands in place of that of its stage; there that for teams and that of a campus stand in place of
    the general one. `by_package` is what a support package says: it is changed there alone.
    """

    since = models.DateField(_("from the month"))
    until = models.DateField(_("up to the month"), null=True, blank=True, editable=False)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    for_teams = models.BooleanField(_("for teams"), default=False, editable=False)
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="allowances", verbose_name=_("campus"), null=True, blank=True,
        editable=False,
    )  # fmt: skip
    by_package = models.BooleanField(default=False, editable=False)
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
                condition=Q(company=None, stage__in=Stage.values)
                | Q(company__isnull=False, stage="", campus=None, for_teams=False, by_package=False),
                name="%(app_label)s_%(class)s_of_one",
                violation_error_message=_("An allowance is of a stage or of a company."),
            ),
            models.CheckConstraint(
                condition=Q(since__day=1),
                name="%(app_label)s_%(class)s_since_month",
                violation_error_message=_("An allowance begins with a month."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__day=1, until__gte=F("since")),
                name="%(app_label)s_%(class)s_until_month",
                violation_error_message=_("An allowance ends with a month."),
            ),
            models.UniqueConstraint(
                fields=["since", "stage", "for_teams", "campus"],
                condition=Q(company=None),
                nulls_distinct=False,
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
