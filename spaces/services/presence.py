"""Whether somebody comes: check in, and the release of rooms to which nobody came.

The release is found by state and done by a conditional UPDATE, so that it is safe to run twice, at once and after a
kill; a check-in at the same moment waits for the row, and one of the two wins.
"""

import datetime as dt

from django.db import transaction
from django.db.models import DurationField, F, Func, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import tell
from core import outbox
from core.errors import Conflict, NotAllowed
from spaces.choices import BookingState
from spaces.models import Booking
from spaces.permissions import can_check_in
from spaces.refusals import bookings as refusals
from spaces.slots import QUARTER

EARLY = QUARTER
"""How long before the beginning one may check in."""

MOST_AT_ONCE = 500


class Minutes(Func):
    """So many minutes as an interval."""

    output_field = DurationField()
    template = "make_interval(mins => %(expressions)s)"


@transaction.atomic
def check_in(*, booking: Booking, by: User, now: dt.datetime) -> Booking:
    """Somebody is there. Conflict before it is time, and when the room was given to others or back."""
    if not can_check_in(by, booking):
        raise NotAllowed(_("Who takes part checks in: who booked, and the people of the company."))
    if not booking.slot.begins - EARLY <= now < booking.slot.ends:
        raise Conflict(_("Check in from a quarter of an hour before it begins until it ends."), code="not_now")
    came = Booking.objects.filter(pk=booking.pk, state=BookingState.BOOKED)
    if not came.update(state=BookingState.CHECKED_IN, checked_in_at=now, updated_at=now):
        booking.refresh_from_db(fields=["state"])
        words = {"state": booking.get_state_display()}
        raise Conflict(_("The booking was %(state)s already.") % words, code="booking_over")
    booking.refresh_from_db()
    return booking


def release_unclaimed(*, now: dt.datetime) -> int:
    """Release the rooms to which nobody came; returns how many. Who booked when it had begun has as long as others."""
    due = Greatest(F("period__startswith"), F("created_at")) + Minutes(F("room__release_minutes"))
    waiting = Q(state=BookingState.BOOKED, room__release_minutes__gt=0)
    late = Booking.objects.filter(waiting).annotate(due=due).filter(due__lte=now).order_by("pk")
    return sum(_release(pk, now) for pk in list(late.values_list("pk", flat=True)[:MOST_AT_ONCE]))


@transaction.atomic
def _release(pk: int, now: dt.datetime) -> bool:
    unclaimed = Booking.objects.filter(pk=pk, state=BookingState.BOOKED)
    if not unclaimed.update(state=BookingState.RELEASED, sequence=F("sequence") + 1, updated_at=now):
        return False
    booking = Booking.objects.select_related("room", "company", "booked_by").get(pk=pk)
    company = booking.company.code if booking.company else ""
    outbox.record("booking.released", booking.code, {"room": booking.room.code, "company": company})
    context = {
        "room": booking.room.name, "name_zh": booking.room.name_zh, "time": refusals.written(booking.slot),
        "title": booking.title,
    }  # fmt: skip
    url = reverse("spaces:booking", args=[booking.code])
    tell([booking.booked_by], "booking_released", context=context, url=url, dedupe_key=f"released:{booking.code}")
    return True
