"""When somebody looked at a company's official data again, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import CheckOutcome
from companies.models.guards import never_of_merged
from companies.models.register import Company
from companies.querysets import OfficialCheckQuerySet
from core.audit import audited
from core.constraints import calendar_day, never_deleted, one_of, void_has_reason
from core.records import Voidable

LONGEST_NOTE = 2_000


@audited()
class OfficialCheck(Voidable):
    """An officer compared what the register says of a company (its names, credit code, founding day, deregistration)
    with an official source. What differs is told in the note, and corrected in the register."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="official_checks", verbose_name=_("company"))
    checked_on = models.DateField(_("checked on"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("checked by")
    )
    source = models.CharField(_("source"), max_length=120)
    outcome = models.CharField(_("outcome"), max_length=9, choices=CheckOutcome)
    note = models.TextField(_("what differs"), max_length=LONGEST_NOTE, blank=True)

    objects = OfficialCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of official data")
        verbose_name_plural = _("checks of official data")
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "checked_on"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("A check of this day is on record already: correct that one."),
                violation_error_code="checked_already",
            ),
            models.CheckConstraint(
                condition=Q(outcome=CheckOutcome.AGREES) | ~Q(note=""),
                name="%(app_label)s_%(class)s_told",
                violation_error_message=_("Say what differs, or what was not found."),
                violation_error_code="untold",
            ),
            one_of("outcome", CheckOutcome.values),
            calendar_day("checked_on"),
            void_has_reason(),
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.checked_on}"
