"""Targets of the plan: what a figure of the zone is to be in a year, by whose word, and since when that is the word."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import calendar_day, never_deleted, one_of, void_has_reason, within
from core.records import Voidable

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST = Decimal(10) ** 15


class TargetFigure(models.TextChoices):
    """The figures that a plan sets targets for."""

    COMPANIES = "companies", _("companies in the zone")
    JOBS = "jobs", _("jobs")
    OUTPUT = "output", _("output in yuan")
    GROWTH = "growth", _("revenue growth in percent")
    ABROAD = "abroad", _("companies from abroad in percent")
    STAYED = "stayed", _("who stayed in percent")


@audited()
class Target(Voidable):
    """`value` is in the unit of the figure. A plan that is changed adds a row with a later `adopted_on`: the newest one
    up to a day is the target of that day."""

    figure = models.CharField(_("figure"), max_length=9, choices=TargetFigure)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    value = models.DecimalField(
        _("target"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(MOST)]
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The plan or the decision that says so, with its number or page.")
    )
    adopted_on = models.DateField(_("adopted on"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["figure", "year", "-adopted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "year", "adopted_on"],
                condition=models.Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_(
                    "A target of this day for the figure and year is on record already: declare that one void first."
                ),
                violation_error_code="target_already",
            ),
            one_of("figure", TargetFigure.values),
            within("year", FIRST_YEAR, LAST_YEAR, _("The year lies between 2000 and 2100.")),
            within("value", 0, MOST, _("The target is out of all proportion.")),
            calendar_day("adopted_on"),
            void_has_reason(),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.figure} {self.year}"
