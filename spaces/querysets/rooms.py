"""How rooms and bookings are read: who may see which room, and what of other people's bookings."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When

from companies.querysets import companies_of
from spaces.choices import HOLDING
from spaces.slots import Slot

if TYPE_CHECKING:
    from typing import TypeAlias

    from accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser


class RoomQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "RoomQuerySet":
        """Staff see all rooms; founders those that one of their companies may book; who has no company, what is open
        to guests."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        stages = list(user.memberships.values_list("company__stage", flat=True))
        if not stages:
            return self.filter(is_active=True, for_guests=True)
        return self.filter(Q(stages=[]) | Q(stages__overlap=stages), is_active=True, for_members=True)


class BookingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "BookingQuerySet":
        """Staff see all bookings, others those of their companies and their own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff_member else self.filter(_own(user))

    def as_seen_by(self, user: "Viewer") -> "BookingQuerySet":
        """All bookings, with what the person may know of each: for others' it is only that the room is taken, and
        their `seen_code`, `seen_title` and `seen_company` never leave the database."""
        known = Q() if user.is_authenticated and user.is_staff_member else _own(user)
        own = Q(pk__isnull=False) & known

        def seen(name: str) -> Case:
            return Case(When(own, then=F(name)), default=Value(""), output_field=models.CharField())

        return self.annotate(
            is_own=ExpressionWrapper(own, output_field=models.BooleanField()),
            seen_code=seen("code"),
            seen_title=seen("title"),
            seen_company=seen("company__name"),
        )

    def holding(self) -> "BookingQuerySet":
        """Those that keep others out of their room."""
        return self.filter(state__in=HOLDING)

    def in_the_way_of(self, slot: Slot) -> "BookingQuerySet":
        """Those whose room is not free for all of the time, the time to set up and clear up included."""
        return self.holding().filter(blocked__overlap=slot.span)

    def ending_after(self, moment: dt.datetime) -> "BookingQuerySet":
        return self.filter(period__endswith__gt=moment)


class WaitingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "WaitingQuerySet":
        """Staff see who waits, others themselves."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff_member else self.filter(waits=user.pk)

    def open(self) -> "WaitingQuerySet":
        """Who still waits."""
        return self.filter(booking=None, left_at=None)


def _own(user: "Viewer") -> Q:
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(company__in=companies_of(user)) | Q(booked_by=user.pk)
