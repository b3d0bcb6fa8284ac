"""High-level talents: people whose employment in a company the policy rewards."""

import datetime as dt

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.choices import TalentGrade
from community.querysets.talents import TalentQuerySet
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_period, never_deleted, number_field, number_form, one_of, void_has_reason
from core.periods import first_day, last_day
from core.records import Voidable


@audited()
class Talent(Voidable):
    """A person, the class in which he is recognised, and the company that employs him: one at a time, as one row.

    `grade` is "" while no class is known; whoever has no company is in no employment.
    """

    code = number_field(_("talent"), taken=_("There is a talent with this code already."))
    name = models.CharField(_("name"), max_length=120)
    grade = models.CharField(_("class"), max_length=1, choices=TalentGrade, blank=True)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="talents", verbose_name=_("company")
    )
    employment = DateRangeField(_("employed"), null=True, blank=True)

    objects = TalentQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent")
        verbose_name_plural = _("talents")
        ordering = ["code"]
        constraints = [
            number_form("code"),
            one_of("grade", [*TalentGrade.values, ""]),
            calendar_period("employment", _("An employment lasts at least one day, between 1800 and 2199.")),
            models.CheckConstraint(
                condition=Q(company__isnull=False) | Q(employment=None),
                name="%(app_label)s_%(class)s_employed_somewhere",
                violation_error_message=_("Who is employed is employed in a company: say in which one."),
            ),
            void_has_reason(),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(voided_at=None), name="community_talent_company_valid")]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return self.code

    @property
    def employed_from(self) -> dt.date | None:
        return first_day(self.employment)

    @property
    def employed_until(self) -> dt.date | None:
        """The last day of the employment, included; None while it is open."""
        return last_day(self.employment)
