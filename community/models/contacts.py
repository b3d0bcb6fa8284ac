"""The named contact of a company: one of the staff at a time, with who it was before."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets.support import ContactQuerySet
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_period, never_deleted
from core.periods import first_day, last_day


@audited()
class Contact(models.Model):
    """Whom a company calls in the days of `period`."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts", verbose_name=_("company"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contact_of", verbose_name=_("contact")
    )
    period = DateRangeField(_("period"))
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["company", "-period"]
        constraints = [
            calendar_period("period", _("Somebody is the contact for at least one day, between 1800 and 2199.")),
            models.CheckConstraint(
                condition=Q(period__startswith__isnull=False),
                name="%(app_label)s_%(class)s_first_day",
                violation_error_message=_("Somebody is the contact from a day on."),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_one_a_day",
                expressions=[("company", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("The company has another contact on some of these days."),
                violation_error_code="contact_already",
            ),
        ]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            pgtrigger.Protect(
                name="stays_who_it_was",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.person_id <> NEW.person_id OR lower(OLD.period) <> lower(NEW.period)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def since(self) -> dt.date | None:
        return first_day(self.period)

    @property
    def until(self) -> dt.date | None:
        """The last day, included; None while it is open."""
        return last_day(self.period)
