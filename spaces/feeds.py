"""Bookings as events of calendars: a person's own, and a room's as that person may see it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import ical
from core.markup import plain_name
from spaces.choices import HOLDING
from spaces.models import Booking, Room

KEPT = dt.timedelta(days=31)
"""How long what is over stays in a calendar."""


def event_of(
    booking: Booking, *, attendees: Sequence[ical.Person] = (), is_cancelled: bool | None = None
) -> ical.Event:
    """A booking with all that is known of it, for those who may know it."""
    host = booking.booked_by
    return ical.Event(
        uid=_uid(booking),
        begins=booking.slot.begins,
        ends=booking.slot.ends,
        changed_at=booking.updated_at,
        summary=booking.title,
        sequence=booking.sequence,
        is_cancelled=booking.state not in HOLDING if is_cancelled is None else is_cancelled,
        location=f"{plain_name(booking.room)}, {plain_name(booking.room.campus)}",
        url=settings.BASE_URL + reverse("spaces:booking", args=[booking.code]),
        organizer=ical.Person(host.email, host.display_name),
        attendees=attendees,
    )


def own_events(user: User, *, now: dt.datetime) -> Iterable[ical.Event]:
    """What the person booked, and what he is invited to."""
    mine = Q(booked_by=user) | Q(attendees__email__iexact=user.email, attendees__is_invited=True)
    rows = Booking.objects.filter(mine).ending_after(now - KEPT).distinct().order_by("period")
    return [event_of(booking) for booking in rows.select_related("room__campus", "booked_by")]


def room_events(room: Room, user: User, *, now: dt.datetime) -> Iterable[ical.Event]:
    """When the room is taken, and for what where the person may know it."""
    rows = Booking.objects.filter(room=room).holding().ending_after(now - KEPT).as_seen_by(user).order_by("period")
    for booking in rows.only("code", "period", "updated_at", "sequence"):
        yield ical.Event(
            uid=_uid(booking), begins=booking.slot.begins, ends=booking.slot.ends, changed_at=booking.updated_at,
            summary=booking.seen_title or _("taken"), sequence=booking.sequence, location=plain_name(room),
        )  # fmt: skip


def _uid(booking: Booking) -> str:
    return f"{booking.code.lower()}@{urlsplit(settings.BASE_URL).hostname}"
