"""Rooms and areas of the four fields: what they have, when they are open, and who may book them for what."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.choices import Stage
from core.audit import audited
from core.constraints import one_of, within
from core.money import MoneyField
from spaces.choices import Equipment, RoomField
from spaces.models.places import Campus
from spaces.querysets.rooms import RoomQuerySet
from spaces.slots import STEP, WEEK, WHOLE_DAY, around_the_clock

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"
CODE_FORM = _("Use letters, digits, dots, dashes; up to 32 characters.")
MOST_SEATS = 5_000
MOST_SET_UP = 240  # minutes
MOST_CREDITS = 1_000  # an hour
MOST_PRICE = 100_000  # yuan an hour
LONGEST = 7 * WHOLE_DAY  # minutes
FARTHEST = 730  # days


def _minutes(name: Any, most: int, default: int, **options: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name, default=default, validators=[MaxValueValidator(most)], **options)


@audited()
class Room(models.Model):
    """A room or an area that is booked by the quarter of an hour.

    `opening` has for each weekday the minutes of the day between which it is open (`spaces.slots.Opening`). An empty
    list of `stages` opens it to companies of every stage. What an hour costs is asked when a booking is made, and
    stays with the booking.
    """

    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(CODE_PATTERN, CODE_FORM)],
        error_messages={"unique": _("There is a room with this code already.")},
    )
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="rooms", verbose_name=_("campus"))
    field = models.CharField(pgettext_lazy("of the four", "field"), max_length=12, choices=RoomField)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    equipment = ArrayField(
        models.CharField(max_length=12, choices=Equipment), default=list, blank=True, verbose_name=_("equipment")
    )
    opening = ArrayField(
        ArrayField(models.PositiveSmallIntegerField(), size=2),
        size=WEEK,
        default=around_the_clock,
        verbose_name=_("opening hours"),
    )
    minutes_before = _minutes(_("minutes to set up before"), MOST_SET_UP, 0)
    minutes_after = _minutes(_("minutes to clear up after"), MOST_SET_UP, 0)
    for_staff = models.BooleanField(_("for the zone's staff"), default=True)
    for_members = models.BooleanField(_("for members of companies"), default=True)
    stages = ArrayField(
        models.CharField(max_length=8, choices=Stage), default=list, blank=True, verbose_name=_("only of these stages")
    )
    for_guests = models.BooleanField(_("for talents and guests without a company"), default=False)
    credits_per_hour = models.DecimalField(_("credits an hour"), max_digits=6, decimal_places=2, default=Decimal(0))
    guest_price = MoneyField(_("price for guests, in yuan an hour"), default=Decimal(0))
    longest_minutes = _minutes(_("longest booking, in minutes"), LONGEST, 8 * 60)
    days_ahead = _minutes(_("how many days ahead"), FARTHEST, 60)
    cancel_hours = _minutes(_("hours before the beginning until which cancelling is free"), 24 * 30, 24)
    release_minutes = _minutes(_("minutes after the beginning until it is released when nobody comes"), WHOLE_DAY, 15)
    is_active = models.BooleanField(_("can be booked"), default=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN),
                name="%(app_label)s_%(class)s_code_form",
                violation_error_message=CODE_FORM,
            ),
            one_of("field", RoomField.values),
            within("capacity", 1, MOST_SEATS, _("A room has between 1 and 5,000 places.")),
            models.CheckConstraint(
                condition=Q(opening__len=WEEK) & Q(opening__contained_by=[list(range(0, WHOLE_DAY + 1, STEP))]),
                name="%(app_label)s_%(class)s_opening_form",
                violation_error_message=_("The opening hours are quarters of an hour of seven days."),
            ),
            models.CheckConstraint(
                condition=Q(minutes_before__in=range(0, MOST_SET_UP + 1, STEP))
                & Q(minutes_after__in=range(0, MOST_SET_UP + 1, STEP)),
                name="%(app_label)s_%(class)s_set_up_quarters",
                violation_error_message=_("Setting up and clearing up take quarters of an hour, 4 hours at most."),
            ),
            within("credits_per_hour", 0, MOST_CREDITS, _("An hour costs between 0 and 1,000 credits.")),
            within("guest_price", 0, MOST_PRICE, _("An hour costs between 0 and 100,000 yuan.")),
            within("longest_minutes", STEP, LONGEST, _("A booking lasts between a quarter of an hour and 7 days.")),
            within("days_ahead", 0, FARTHEST, _("Rooms are booked up to 730 days ahead.")),
        ]

    def __str__(self) -> str:
        return self.code


@audited()
class Closure(models.Model):
    """A time in which a room is closed, whatever its opening hours say. What was booked in it before stays booked."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="closures", verbose_name=_("room"))
    period = DateTimeRangeField(_("time"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("closure")
        ordering = ["period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False) & Q(period__upper_inf=False),
                name="%(app_label)s_%(class)s_lasts",
                violation_error_message=_("A closure begins before it ends."),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_no_overlap",
                expressions=[("room", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("The room is closed for some of this time already."),
                violation_error_code="closed_already",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.reason}"
