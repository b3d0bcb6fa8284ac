"""Projects that companies put forward, and the score that the panel gave them."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, number_field, number_form, one_of, void_has_reason, within
from core.money import FEN, MOST_YUAN, MoneyField
from core.records import Voidable
from funding.choices import ProjectField, ProjectKind
from funding.querysets import ProjectQuerySet

MOST_POINTS = Decimal(100)


@audited()
class Project(Voidable):
    """A project put forward as leading, or for the angel fund. `score` has 0 to 100 points with two decimals, and is
    null until the panel has scored it on the day `scored_on`."""

    code = number_field(_("project"), taken=_("There is a project with this code already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="projects", verbose_name=_("company"))
    title = models.CharField(_("title"), max_length=200)
    field = models.CharField(_("field"), max_length=8, choices=ProjectField, blank=True)  # "": not known
    kind = models.CharField(_("put forward for"), max_length=8, choices=ProjectKind)
    score = models.DecimalField(
        _("score"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_POINTS)],
    )
    scored_on = models.DateField(_("scored on"), null=True, blank=True)
    amount_requested = MoneyField(
        _("amount requested in yuan"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)],
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["code"]
        constraints = [
            number_form("code"),
            one_of("field", [*ProjectField.values, ""]),
            one_of("kind", ProjectKind.values),
            within("score", 0, MOST_POINTS, _("A score lies between 0 and 100.")),
            models.CheckConstraint(
                condition=Q(score=None, scored_on=None) | Q(score__isnull=False, scored_on__isnull=False),
                name="%(app_label)s_%(class)s_scored_on",
                violation_error_message=_("A score and the day on which it was given go together."),
            ),
            calendar_day("scored_on"),
            within(
                "amount_requested",
                FEN,
                MOST_YUAN,
                _("The amount requested is more than 0 and at most ¥10,000,000,000."),
            ),
            void_has_reason(),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(voided_at=None), name="funding_project_company_valid")]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return self.code
