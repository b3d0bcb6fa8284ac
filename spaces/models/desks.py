"""Desk memberships. What may never happen is refused by the database, whoever writes."""

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_period, never_deleted, number_field, number_form, void_has_reason
from core.periods import first_day, last_day
from core.records import Voidable
from spaces.models.places import MOST_DESKS, Unit
from spaces.querysets.places import DeskMembershipQuerySet

MOST_PER_DESK = 100_000  # yuan a month


def within_desks(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """On no day are more desks taken than the unit has. Once a statement, as for leases.

    What is taken grows only on the first day of a membership or on the day of a pass: of the days of what is new, only
    these are looked at. The units are locked first: whoever comes at the same moment waits, and then counts what was
    written meanwhile.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        declare=[("beyond", "record")],
        func="""
            PERFORM FROM spaces_unit WHERE id IN (SELECT unit_id FROM new_values WHERE voided_at IS NULL)
                ORDER BY id FOR NO KEY UPDATE;
            SELECT unit.code, unit.desks, began.day, taken.desks AS taken INTO beyond
                FROM new_values fresh JOIN spaces_unit unit ON unit.id = fresh.unit_id
                CROSS JOIN LATERAL (
                    SELECT lower(fresh.term) AS day
                    UNION SELECT lower(other.term) FROM spaces_deskmembership other
                    WHERE other.unit_id = fresh.unit_id AND other.voided_at IS NULL AND lower(other.term) <@ fresh.term
                    UNION SELECT pass.day FROM spaces_daypass pass
                    WHERE pass.unit_id = fresh.unit_id AND pass.voided_at IS NULL AND pass.day <@ fresh.term
                ) began
                CROSS JOIN LATERAL (
                    SELECT (SELECT coalesce(sum(held.desks), 0) FROM spaces_deskmembership held
                            WHERE held.unit_id = fresh.unit_id AND held.voided_at IS NULL AND held.term @> began.day)
                         + (SELECT coalesce(sum(pass.desks), 0) FROM spaces_daypass pass
                            WHERE pass.unit_id = fresh.unit_id AND pass.voided_at IS NULL AND pass.day = began.day)
                        AS desks
                ) taken
                WHERE fresh.voided_at IS NULL AND taken.desks > unit.desks LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'on % % desks of unit % are taken, and it has %',
                    beyond.day, beyond.taken, beyond.code, beyond.desks
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_deskmembership_within_desks';
            END IF;
            RETURN NULL;
        """,
    )


@audited()
class DeskMembership(Voidable):
    """The right to desks of a unit over a term, at a price in yuan a desk and month: of a company or team, or of a
    resident, who has none. A desk that is named is kept for the holder; without one he takes any that is free."""

    number = number_field(_("membership"), taken=_("There is a membership with this number already."))
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="desk_memberships", verbose_name=_("company")
    )
    person = models.CharField(_("resident"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail of the resident"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="desk_memberships", verbose_name=_("unit"))
    desk = models.CharField(_("desk"), max_length=20, blank=True)
    desks = models.PositiveSmallIntegerField(
        _("number of desks"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_DESKS)]
    )
    price_per_desk_month = models.DecimalField(
        _("price in yuan per desk and month"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PER_DESK)],
    )
    term = DateRangeField(_("term"))

    objects = DeskMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk membership")
        verbose_name_plural = _("desk memberships")
        ordering = ["number"]
        constraints = [
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_desk_free",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("desk", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at=None) & ~Q(desk=""),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("This desk is somebody else's on some of these days."),
                violation_error_code="desk_taken",
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=False, person="", email="") | Q(company=None) & ~Q(person=""),
                name="%(app_label)s_%(class)s_holder",
                violation_error_message=_("A membership is a company's, or else a resident's: name one of them."),
            ),
            models.CheckConstraint(
                condition=Q(desk="") | Q(desks=1),
                name="%(app_label)s_%(class)s_one_desk",
                violation_error_message=_("A desk that is named is one: leave the name empty for several."),
            ),
            models.CheckConstraint(
                condition=Q(desks__gte=1, desks__lte=MOST_DESKS),
                name="%(app_label)s_%(class)s_desks",
                violation_error_message=_("A membership has at least one desk."),
            ),
            models.CheckConstraint(
                condition=Q(price_per_desk_month__gte=0, price_per_desk_month__lte=MOST_PER_DESK),
                name="%(app_label)s_%(class)s_price",
                violation_error_message=_("The price lies between 0 and 100,000 yuan per desk and month."),
            ),
            models.CheckConstraint(
                condition=Q(term__startswith__isnull=False),
                name="%(app_label)s_%(class)s_first_day",
                violation_error_message=_("A membership needs its first day, and lasts at least one day."),
            ),
            calendar_period("term", _("The days of a membership lie between 1800 and 2199.")),
            number_form("number"),
            void_has_reason(),
        ]
        indexes = [
            models.Index(fields=["company"], condition=Q(voided_at=None), name="spaces_desk_company_valid"),
            models.Index(fields=["unit"], condition=Q(voided_at=None), name="spaces_desk_unit_valid"),
        ]
        triggers = [
            within_desks("within_desks_insert", pgtrigger.Insert),
            within_desks("within_desks_update", pgtrigger.Update),
            never_deleted(),
            *never_of_merged(),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> Company | str:
        """Whose it is."""
        return self.company or self.person

    @property
    def first_day(self) -> dt.date | None:
        return first_day(self.term)

    @property
    def last_day(self) -> dt.date | None:
        """The last day, included; None while the end is open."""
        return last_day(self.term)
