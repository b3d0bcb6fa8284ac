"""Acts on the waiting list: wait for a room that is taken, leave the list, and serve who waits once it is free.

Whoever came first and fits is booked, by the same checks as everybody, and told in the portal and by mail. Who does not
fit (the time is too long for what became free, say) keeps his place.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import tell
from core import records
from core.errors import Conflict, DomainError, NotAllowed
from core.models import OutboxEvent
from spaces.models import Booking, Room, WaitingEntry
from spaces.permissions import can_leave_list
from spaces.refusals import bookings as refusals
from spaces.services import bookings
from spaces.services.bookings import Wish

FREES = frozenset({"booking.cancelled", "booking.released", "booking.moved"})


@transaction.atomic
def wait(*, wish: Wish, by: User, now: dt.datetime) -> WaitingEntry:
    """Wait for a room that is taken; Conflict where it is free."""
    bookings.refuse_stranger(wish, by)
    refusal = bookings.judge(wish, by=by, now=now)
    if refusal is None:
        raise Conflict(_("The room is free: book it."), code="room_free")
    if refusal.code != refusals.TAKEN:
        raise refusal
    entry = WaitingEntry(
        room=wish.room, period=wish.slot.span, company=wish.company, guest=wish.guest, title=wish.title, waits=by
    )
    return records.save(entry)


@transaction.atomic
def leave(*, entry: WaitingEntry, by: User, now: dt.datetime) -> None:
    """Wait no longer. Conflict for who was served in the meantime."""
    if not can_leave_list(by, entry):
        raise NotAllowed(_("Only who waits leaves the list."))
    if not WaitingEntry.objects.open().filter(pk=entry.pk).update(left_at=now):
        raise Conflict(_("Nobody waits here any more."), code="waiting_over")


def serve_freed(events: Iterable[OutboxEvent], *, now: dt.datetime) -> None:
    """Serve who waits for the rooms that became free. Idempotent: an entry is served once, under the room's lock."""
    for code in sorted({event.payload["room"] for event in events}):
        serve(Room.objects.get(code=code), now=now)


def serve(room: Room, *, now: dt.datetime) -> list[Booking]:
    """Book for those who wait for the room and fit, the first first."""
    found = WaitingEntry.objects.open().filter(room=room, period__endswith__gt=now).order_by("created_at", "pk")
    served = [_serve(pk, room, now) for pk in list(found.values_list("pk", flat=True))]
    return [booking for booking in served if booking is not None]


@transaction.atomic
def _serve(pk: int, room: Room, now: dt.datetime) -> Booking | None:
    held = bookings.hold(room)
    entry = WaitingEntry.objects.open().select_related("company", "waits").filter(pk=pk).first()
    if entry is None:
        return None
    wish = Wish(held, entry.slot, entry.title, entry.company, entry.guest)
    try:
        with transaction.atomic():
            entry.booking = bookings.book(wish=wish, by=entry.waits, now=now)
    except DomainError:
        return None
    entry.save(update_fields=["booking"])
    _tell(entry, entry.booking)
    return entry.booking


def _tell(entry: WaitingEntry, booking: Booking) -> None:
    context = {
        "room": booking.room.name, "name_zh": booking.room.name_zh, "time": refusals.written(booking.slot),
        "title": booking.title,
    }  # fmt: skip
    url = reverse("spaces:booking", args=[booking.code])
    tell([entry.waits], "waiting_served", context=context, url=url, dedupe_key=f"waiting-served:{entry.pk}")
