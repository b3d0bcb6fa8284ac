"""Day passes: desks of a unit for one day. What may never happen is refused by the database, whoever writes."""

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, void_has_reason
from core.records import Voidable
from spaces.models.bookings import CODE_LENGTH, new_code
from spaces.models.places import MOST_DESKS, Unit
from spaces.querysets.places import DayPassQuerySet

MOST_PER_DAY = 10_000  # yuan a desk


def within_desks(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """On no day are more desks taken, by memberships and passes together, than the unit has. The units are locked
    first, as by memberships: whoever comes at the same moment waits, and then counts what was written meanwhile."""
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
            SELECT unit.code, unit.desks, fresh.day, taken.desks AS taken INTO beyond
                FROM new_values fresh JOIN spaces_unit unit ON unit.id = fresh.unit_id
                CROSS JOIN LATERAL (
                    SELECT (SELECT coalesce(sum(held.desks), 0) FROM spaces_deskmembership held
                            WHERE held.unit_id = fresh.unit_id AND held.voided_at IS NULL AND held.term @> fresh.day)
                         + (SELECT coalesce(sum(held.desks), 0) FROM spaces_daypass held
                            WHERE held.unit_id = fresh.unit_id AND held.voided_at IS NULL AND held.day = fresh.day)
                        AS desks
                ) taken
                WHERE fresh.voided_at IS NULL AND taken.desks > unit.desks LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'on % % desks of unit % are taken, and it has %',
                    beyond.day, beyond.taken, beyond.code, beyond.desks
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_daypass_within_desks';
            END IF;
            RETURN NULL;
        """,
    )


@audited()
class DayPass(Voidable):
    """Desks of a unit for a day, any that are free, at a price in yuan a desk: of a company or team, or of a resident,
    who has none. It settles nobody: whoever comes for a day has not moved in."""

    code = models.CharField(_("day pass"), max_length=CODE_LENGTH, unique=True, editable=False, default=new_code)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="day_passes", verbose_name=_("company")
    )
    person = models.CharField(_("resident"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail of the resident"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="day_passes", verbose_name=_("unit"))
    day = models.DateField(_("day"))
    desks = models.PositiveSmallIntegerField(
        _("number of desks"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_DESKS)]
    )
    price_per_desk = models.DecimalField(
        _("price in yuan per desk"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PER_DAY)],
    )

    objects = DayPassQuerySet.as_manager()

    class Meta:
        verbose_name = _("day pass")
        verbose_name_plural = _("day passes")
        ordering = ["-day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, person="", email="") | Q(company=None) & ~Q(person=""),
                name="%(app_label)s_%(class)s_holder",
                violation_error_message=_("A day pass is a company's, or else a resident's: name one of them."),
            ),
            models.CheckConstraint(
                condition=Q(desks__gte=1, desks__lte=MOST_DESKS),
                name="%(app_label)s_%(class)s_desks",
                violation_error_message=_("A day pass is for at least one desk."),
            ),
            models.CheckConstraint(
                condition=Q(price_per_desk__gte=0, price_per_desk__lte=MOST_PER_DAY),
                name="%(app_label)s_%(class)s_price",
                violation_error_message=_("The price lies between 0 and 10,000 yuan per desk."),
            ),
            calendar_day("day"),
            void_has_reason(),
        ]
        indexes = [
            models.Index(fields=["unit", "day"], condition=Q(voided_at=None), name="spaces_daypass_unit_valid"),
            models.Index(fields=["company"], condition=Q(voided_at=None), name="spaces_daypass_company_valid"),
        ]
        triggers = [
            within_desks("within_desks_insert", pgtrigger.Insert),
            within_desks("within_desks_update", pgtrigger.Update),
            never_deleted(),
            *never_of_merged(),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def holder(self) -> Company | str:
        """Whose it is."""
        return self.company or self.person

    @property
    def price(self) -> Decimal:
        """What it costs in all, in yuan."""
        return self.desks * self.price_per_desk
