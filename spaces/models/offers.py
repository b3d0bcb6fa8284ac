"""Offers of leases: what the zone offers a company, and what became of it."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, number_field, number_form, one_of
from core.money import MOST_YUAN, MoneyField
from core.periods import EARLIEST, LATEST, first_day, last_day
from spaces.choices import RESERVING, OfferState
from spaces.models.leases import MAX_PRICE, Lease
from spaces.models.places import MAX_AREA_M2, Unit
from spaces.querysets.places import OfferQuerySet

_RESERVING = [str(state) for state in sorted(RESERVING)]
_AGREED = "NEW.company_id, NEW.unit_id, NEW.area_m2, NEW.price_per_m2_day, NEW.term, NEW.deposit"


@audited()
class LeaseOffer(models.Model):
    """A lease that the zone offers a company: as long as it is open or accepted, the unit is kept for its term.

    An owner of the company accepts or declines it; an officer signs what was accepted, which makes the lease, or
    withdraws it. An open one lapses after `valid_until`. What was offered is never changed: another offer is made.
    """

    number = number_field(_("offer"), taken=_("There is an offer with this number already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="lease_offers", verbose_name=_("company"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offers", verbose_name=_("unit"))
    area_m2 = models.DecimalField(_("area in m²"), max_digits=10, decimal_places=2)
    price_per_m2_day = models.DecimalField(
        _("price in yuan per m² and day"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    term = DateRangeField(_("term"))
    deposit = MoneyField(_("deposit in yuan"))
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(_("state"), max_length=9, choices=OfferState, default=OfferState.OPEN, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    lease = models.OneToOneField(Lease, models.PROTECT, null=True, blank=True, related_name="offer", editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a lease")
        verbose_name_plural = _("offers of leases")
        ordering = ["number"]
        constraints = [
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                condition=Q(state__in=_RESERVING),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The unit is offered to somebody for some of these days."),
                violation_error_code="unit_offered",
            ),
            number_form("number"),
            one_of("state", OfferState.values),
            calendar_day("valid_until"),
            models.CheckConstraint(
                condition=Q(term__startswith__isnull=False)
                & Q(term__startswith__gte=EARLIEST)
                & (Q(term__upper_inf=True) | Q(term__endswith__lte=LATEST + dt.timedelta(days=1))),
                name="%(app_label)s_%(class)s_days",
                violation_error_message=_("The days of a lease lie between 1800 and 2199."),
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
            models.CheckConstraint(
                condition=Q(deposit__gte=0, deposit__lte=MOST_YUAN), name="%(app_label)s_%(class)s_deposit"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.SIGNED, lease__isnull=False)
                | (~Q(state=OfferState.SIGNED) & Q(lease=None)),
                name="%(app_label)s_%(class)s_signed",
            ),
        ]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            pgtrigger.Protect(
                name="stays_as_made",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"((({_AGREED}) IS DISTINCT FROM ({_AGREED.replace('NEW.', 'OLD.')}))"
                    " OR (OLD.state IS DISTINCT FROM NEW.state AND OLD.state NOT IN ('open', 'accepted')))"
                ),
            ),
            pgtrigger.Trigger(
                name="unit_is_free",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state IN ('open', 'accepted')"),
                # Whoever writes a lease shares the unit's row, and waits for this; see `not_over_offers`.
                func="""
                    PERFORM FROM spaces_unit WHERE id = NEW.unit_id FOR NO KEY UPDATE;
                    IF EXISTS (SELECT FROM spaces_lease WHERE unit_id = NEW.unit_id AND voided_at IS NULL
                               AND term && NEW.term) THEN
                        RAISE EXCEPTION 'the unit of offer % is let on some of these days', NEW.number
                            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'spaces_leaseoffer_unit_is_free';
                    END IF;
                    IF EXISTS (SELECT FROM spaces_unit WHERE id = NEW.unit_id AND area_m2 < NEW.area_m2) THEN
                        RAISE EXCEPTION 'offer % is larger than its unit', NEW.number
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_leaseoffer_within_unit';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def first_day(self) -> dt.date | None:
        return first_day(self.term)

    @property
    def last_day(self) -> dt.date | None:
        return last_day(self.term)
