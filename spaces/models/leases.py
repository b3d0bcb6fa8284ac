"""Leases. What may never happen is refused by the database, whoever writes."""

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import number_field, number_form
from core.periods import EARLIEST, LATEST, first_day, holds_on, last_day
from spaces.choices import LeaseState
from spaces.models.places import MAX_AREA_M2, Unit
from spaces.querysets.places import LeaseQuerySet

MAX_PRICE = 10_000  # yuan per m² and day; see MAX_AREA_M2


def within_unit(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """No lease covers more than its unit has. Once a statement, not once a row: a large import would take minutes.

    The share lock makes a concurrent shrinking of the unit wait and then see the lease, or waits for it and then sees
    the smaller unit: the second SELECT reads what was committed meanwhile.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        declare=[("beyond", "record")],
        func="""
            PERFORM FROM spaces_unit
                WHERE id IN (SELECT unit_id FROM new_values WHERE voided_at IS NULL) ORDER BY id FOR SHARE;
            SELECT lease.number, lease.area_m2, unit.code, unit.area_m2 AS unit_area INTO beyond
                FROM new_values lease JOIN spaces_unit unit ON unit.id = lease.unit_id
                WHERE lease.voided_at IS NULL AND lease.area_m2 > unit.area_m2 LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'lease %: % m2 are more than unit % has (% m2)',
                    beyond.number, beyond.area_m2, beyond.code, beyond.unit_area
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_lease_within_unit';
            END IF;
            RETURN NULL;
        """,
    )


def not_over_offers(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """No lease takes a unit that is kept for what was offered to another company. The share lock makes whoever offers
    the unit at this moment wait and then see the lease, or waits for him and then sees the offer."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        declare=[("clash", "record")],
        func="""
            PERFORM FROM spaces_unit
                WHERE id IN (SELECT unit_id FROM new_values WHERE voided_at IS NULL) ORDER BY id FOR SHARE;
            SELECT lease.number, offer.number AS offer INTO clash
                FROM new_values lease JOIN spaces_leaseoffer offer ON offer.unit_id = lease.unit_id
                WHERE lease.voided_at IS NULL AND offer.state IN ('open', 'accepted')
                  AND offer.company_id <> lease.company_id AND offer.term && lease.term LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'lease %: its unit is kept for offer %', clash.number, clash.offer
                    USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'spaces_lease_not_over_offers';
            END IF;
            RETURN NULL;
        """,
    )


@audited()
class Lease(models.Model):
    """A company's right to a unit over a term, at a price in yuan per m² and day (four decimals).

    A lease that was entered in error is declared void, never deleted. A lease takes no more than its unit's area, and
    a unit has one lease at a time.
    """

    number = number_field(_("lease"), taken=_("There is a lease with this number already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="leases", verbose_name=_("company"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leases", verbose_name=_("unit"))
    area_m2 = models.DecimalField(_("area in m²"), max_digits=10, decimal_places=2)
    price_per_m2_day = models.DecimalField(
        _("price in yuan per m² and day"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    term = DateRangeField(_("term"))
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    void_reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        ordering = ["number"]
        constraints = [
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                condition=Q(voided_at=None),
                # Checked at the end of a statement: one UPDATE may move leases past each other.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The unit is let to somebody on some of these days."),
                violation_error_code="unit_taken",
            ),
            # NULL for the empty range too, which overlaps nothing and would slip past the exclusion.
            models.CheckConstraint(
                condition=Q(term__startswith__isnull=False),
                name="%(app_label)s_%(class)s_first_day",
                violation_error_message=_("A lease needs its first day, and lasts at least one day."),
            ),
            # PostgreSQL has days that Python has not, `infinity` among them.
            models.CheckConstraint(
                condition=Q(term__startswith__gte=EARLIEST)
                & (Q(term__upper_inf=True) | Q(term__endswith__lte=LATEST + dt.timedelta(days=1))),
                name="%(app_label)s_%(class)s_days",
                violation_error_message=_("The days of a lease lie between 1800 and 2199."),
            ),
            number_form("number"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""),
                name="%(app_label)s_%(class)s_void_reason",
                violation_error_message=_("Say why the lease is void."),
            ),
            models.CheckConstraint(
                condition=Q(area_m2__gt=0) & Q(area_m2__lte=MAX_AREA_M2),
                name="%(app_label)s_%(class)s_area",
                violation_error_message=_("A lease covers more than 0 and at most 100,000 m²."),
            ),
            models.CheckConstraint(
                condition=Q(price_per_m2_day__gte=0) & Q(price_per_m2_day__lte=MAX_PRICE),
                name="%(app_label)s_%(class)s_price",
                violation_error_message=_("The price lies between 0 and 10,000 yuan per m² and day."),
            ),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(voided_at=None), name="spaces_lease_company_valid")]
        triggers = [
            within_unit("within_unit_insert", pgtrigger.Insert),
            within_unit("within_unit_update", pgtrigger.Update),
            not_over_offers("not_over_offers_insert", pgtrigger.Insert),
            not_over_offers("not_over_offers_update", pgtrigger.Update),
            *never_of_merged(),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def first_day(self) -> dt.date | None:
        return first_day(self.term)

    @property
    def last_day(self) -> dt.date | None:
        """The last day, included; None while the end is open."""
        return last_day(self.term)

    def state_on(self, day: dt.date) -> LeaseState:
        """What it is on a day. Of one that was not read `with_ends`, a query more tells whether it ended early."""
        if self.voided_at is not None:
            return LeaseState.VOID
        if holds_on(self.term, day):
            return LeaseState.IN_FORCE
        if day < self.term.lower:
            return LeaseState.SIGNED
        early = getattr(self, "has_ended_early", None)
        if early is None:
            early = self.endings.filter(until=self.term.upper, agreed_until__isnull=False).exists()
        return LeaseState.ENDED_EARLY if early else LeaseState.ENDED
