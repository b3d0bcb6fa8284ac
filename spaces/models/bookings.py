"""Bookings of rooms. Two that hold never overlap, the time to set up and clear up included, whoever writes."""

import secrets
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import never_deleted, one_of
from core.money import MoneyField
from spaces.campuses import CAMPUS
from spaces.choices import HOLDING, BookingState, Frequency
from spaces.models.rooms import Room
from spaces.querysets.rooms import BookingQuerySet
from spaces.slots import Slot

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 7
_CAMPUS = CAMPUS.format(company="NEW.company_id", days="daterange(NEW.month, (NEW.month + interval '1 month')::date)")


def within_allowance() -> pgtrigger.Trigger:
    """No company uses more credits in a month than it was granted. The company's row is held, so that of two bookings
    at the same moment the second waits, and then counts the first."""
    return pgtrigger.Trigger(
        name="within_allowance",
        level=pgtrigger.Row,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("credits", "is_charged", "company_id", "month"),
        when=pgtrigger.After,
        condition=pgtrigger.Condition("NEW.company_id IS NOT NULL AND NEW.credits > 0 AND NEW.is_charged"),
        declare=[("used", "numeric"), ("granted", "numeric")],
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF OLD.is_charged AND OLD.credits >= NEW.credits AND OLD.month = NEW.month
                    AND OLD.company_id = NEW.company_id THEN
                    RETURN NULL; -- nothing more is used than before, even where less is granted by now
                END IF;
            END IF;
            PERFORM FROM companies_company WHERE id = NEW.company_id FOR NO KEY UPDATE;
            SELECT COALESCE(sum(credits), 0) INTO used FROM spaces_booking
                WHERE company_id = NEW.company_id AND month = NEW.month AND is_charged;
            SELECT allowance.credits INTO granted
                FROM spaces_allowance allowance JOIN companies_company company ON company.id = NEW.company_id
                WHERE allowance.since <= NEW.month AND (allowance.until IS NULL OR allowance.until > NEW.month)
                    AND (allowance.company_id = company.id
                        OR allowance.company_id IS NULL AND allowance.stage = company.stage
                            AND (NOT allowance.for_teams OR company.kind = 'team')
                            AND (allowance.campus_id IS NULL OR allowance.campus_id = ({_CAMPUS})))
                ORDER BY allowance.company_id NULLS LAST, allowance.for_teams DESC, allowance.campus_id NULLS LAST,
                    allowance.since DESC LIMIT 1;
            IF used > COALESCE(granted, 0) THEN
                RAISE EXCEPTION 'company % uses % credits in %, of %', NEW.company_id, used, NEW.month, granted
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_booking_within_allowance';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the portal's own text
    )


def new_code() -> str:
    """What a booking is called: short enough to be read out, of 22 thousand million that are possible."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(CODE_LENGTH))


@audited()
class Series(models.Model):
    """Bookings that were made together: how they come back, and the days that were left out as their time was taken."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, editable=False, default=new_code)
    frequency = models.CharField(_("repeated"), max_length=8, choices=Frequency)
    interval = models.PositiveSmallIntegerField(_("every"), default=1)
    until = models.DateField(_("until"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(_("how many times"), null=True, blank=True)
    exceptions = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("exceptions"))
    left_out = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("left out"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("series")
        constraints = [
            one_of("frequency", Frequency.values),
            models.CheckConstraint(
                condition=Q(until__isnull=False) | Q(times__isnull=False),
                name="%(app_label)s_%(class)s_ends",
                violation_error_message=_("Say until when, or how many times."),
            ),
            models.CheckConstraint(condition=Q(interval__gte=1), name="%(app_label)s_%(class)s_interval_positive"),
        ]

    def __str__(self) -> str:
        return self.code


@audited(exclude=["blocked"])
class Booking(models.Model):
    """A room for a time: for a company, for a guest who has none, or for the zone itself where neither is named.

    `blocked` is the time with what the room takes to be set up and cleared, and is kept by the database. `sequence`
    counts the changes, as calendars do. What was cancelled in time is not charged; what was released is. What it costs,
    in `credits` of the `month` for a company and as a `price` for a guest, is fixed when it is made.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, editable=False, default=new_code)
    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings", verbose_name=_("room"))
    period = DateTimeRangeField(_("time"))
    blocked = DateTimeRangeField(editable=False, blank=True)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="bookings", verbose_name=_("company"), null=True, blank=True
    )
    guest = models.CharField(_("guest"), max_length=120, blank=True)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings", verbose_name=_("booked by")
    )
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.BOOKED)
    series = models.ForeignKey(Series, models.PROTECT, related_name="bookings", null=True, blank=True, editable=False)
    credits = models.DecimalField(_("credits"), max_digits=8, decimal_places=2, default=Decimal(0), editable=False)
    price = MoneyField(_("price in yuan"), default=Decimal(0), editable=False)
    month = models.DateField(editable=False)
    is_charged = models.BooleanField(default=True, editable=False)
    checked_in_at = models.DateTimeField(null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["period", "pk"]
        constraints = [
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_no_overlap",
                expressions=[("room", RangeOperators.EQUAL), ("blocked", RangeOperators.OVERLAPS)],
                condition=Q(state__in=HOLDING),
                violation_error_message=_("The room is taken for some of this time."),
                violation_error_code="room_taken",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False) & Q(period__upper_inf=False),
                name="%(app_label)s_%(class)s_lasts",
                violation_error_message=_("A booking begins before it ends."),
            ),
            models.CheckConstraint(
                condition=Q(company=None) | Q(guest=""),
                name="%(app_label)s_%(class)s_one_holder",
                violation_error_message=_("A booking is for a company or for a guest."),
            ),
            one_of("state", BookingState.values),
            models.CheckConstraint(
                condition=Q(company=None, credits=0) | Q(company__isnull=False, price=0),
                name="%(app_label)s_%(class)s_one_currency",
                violation_error_message=_("Companies use credits, guests pay a price."),
            ),
        ]
        indexes = [
            models.Index(fields=["series"], condition=~Q(series=None), name="spaces_booking_series"),
            models.Index(fields=["company", "month"], name="spaces_booking_company"),
            models.Index(fields=["booked_by"], name="spaces_booking_person"),
        ]
        triggers = [
            # Kept here and not in Python: the exclusion rests on it, and a room's minutes may change meanwhile.
            pgtrigger.Trigger(
                name="block_room",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("period", "room_id"),
                when=pgtrigger.Before,
                func="""
                    SELECT tstzrange(
                            lower(NEW.period) - make_interval(mins => room.minutes_before),
                            upper(NEW.period) + make_interval(mins => room.minutes_after))
                        INTO NEW.blocked FROM spaces_room room WHERE room.id = NEW.room_id;
                    RETURN NEW;
                """,
            ),
            within_allowance(),
            never_deleted(),
            *never_of_merged(),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slot(self) -> Slot:
        return Slot.of(self.period)
