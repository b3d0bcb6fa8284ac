"""Why companies left the zone, and where they went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.choices import LeavingReason
from companies.models.register import Company
from companies.querysets import ExitInterviewQuerySet
from core.audit import audited
from core.constraints import calendar_day, never_deleted, one_of, void_has_reason
from core.records import Voidable

LONGEST_NOTES = 4_000


@audited()
class ExitInterview(Voidable):
    """What a company that leaves, or has left, told the officer who asked. One that left, came back and leaves again is
    asked again. `destination` is "" where it was not told, or where there is none."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="exit_interviews", verbose_name=_("company"))
    held_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("asked by")
    )
    reason = models.CharField(_("main reason"), max_length=12, choices=LeavingReason)
    destination = models.CharField(_("where to"), max_length=120, blank=True)
    notes = models.TextField(_("in its own words"), max_length=LONGEST_NOTES, blank=True)

    objects = ExitInterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("exit interview")
        verbose_name_plural = _("exit interviews")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "held_on"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("An exit interview of this day is on record already: correct that one."),
                violation_error_code="asked_already",
            ),
            models.CheckConstraint(
                condition=~Q(reason=LeavingReason.OTHER) | ~Q(notes=""),
                name="%(app_label)s_%(class)s_other_told",
                violation_error_message=_("Another reason has to be told in words."),
                violation_error_code="reason_untold",
            ),
            one_of("reason", LeavingReason.values),
            calendar_day("held_on"),
            void_has_reason(),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.held_on}"
