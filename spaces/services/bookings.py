"""Acts on bookings: book a room, move the booking, and cancel.

Each is atomic, asks the predicates (NotAllowed), refuses what a room's rules do not allow (Incomplete) and what is
taken or costs more credits than are left (Conflict, saying until when and how many), and tells of it in the outbox.
The room's row is held while it is booked, and then the company's, always in this order: of two people at the same
moment the second reads what the first did. The database decides whoever writes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, DomainError, Incomplete, NotAllowed
from spaces.choices import HOLDING, BookingState
from spaces.credits import balance_of, month_of
from spaces.models import Booking, Room, Series
from spaces.permissions import can_book, can_book_for_others, can_change_booking
from spaces.refusals import bookings as refusals
from spaces.slots import Slot, cost_of


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book: for a company, a guest, or where neither is named for himself or the zone."""

    room: Room
    slot: Slot
    title: str
    company: Company | None = None
    guest: str = ""


@transaction.atomic
def book(*, wish: Wish, by: User, now: dt.datetime) -> Booking:
    """Book a room for a time."""
    refuse_stranger(wish, by)
    wish = replace(wish, room=hold(wish.room))
    refusal = judge(wish, by=by, now=now)
    if refusal is not None:
        raise refusal
    return store(wish, by)


@transaction.atomic
def move(*, booking: Booking, slot: Slot, title: str, by: User, now: dt.datetime) -> Booking:
    """Another time or title for a booking. Once it cannot be cancelled freely any more, its time stays."""
    refuse_to_change(by, booking)
    held = hold_booking(booking)
    if slot != held.slot:
        if is_late(held, now) and not can_book_for_others(by):
            raise Conflict(_("It is too late to move the booking: book another, or cancel."), code="too_late")
        wish = Wish(held.room, slot, title, held.company, held.guest)
        refusal = judge(wish, by=by, now=now, but=held)
        if refusal is not None:
            raise refusal
        held.period, held.blocked = slot.span, None  # the database blocks the room anew
        _charge(held)
    held.title = title
    return changed(held, "booking.moved")


@transaction.atomic
def cancel(*, booking: Booking, by: User, now: dt.datetime) -> Booking:
    """Give the room back; too late, it stays charged. What has begun or is over is not cancelled."""
    refuse_to_change(by, booking)
    held = hold_booking(booking)
    if now >= held.slot.begins:
        raise Conflict(_("The booking has begun: it cannot be cancelled any more."), code="begun")
    held.state, held.is_charged = BookingState.CANCELLED, is_late(held, now)
    return changed(held, "booking.cancelled")


def free_until(booking: Booking) -> dt.datetime:
    """Until when the booking can be cancelled without being charged."""
    return booking.slot.begins - dt.timedelta(hours=booking.room.cancel_hours)


def is_late(booking: Booking, now: dt.datetime) -> bool:
    return now > free_until(booking)


def hold(room: Room) -> Room:
    """The room as it is now; whoever books it next waits until this transaction ends."""
    return Room.objects.select_for_update(no_key=True).get(pk=room.pk)


def hold_booking(booking: Booking) -> Booking:
    """The booking as it is now, locked together with its room. Conflict when it holds no more."""
    hold(booking.room)
    held: Booking = (
        Booking.objects.select_for_update(of=("self",), no_key=True)
        .select_related("room", "company", "booked_by")
        .get(pk=booking.pk)
    )
    if held.state not in HOLDING:
        words = {"state": held.get_state_display()}
        raise Conflict(_("The booking was %(state)s already.") % words, code="booking_over")
    return held


def refuse_stranger(wish: Wish, by: User) -> None:
    """NotAllowed for who may not book this room for this holder."""
    if wish.guest and not can_book_for_others(by):
        raise NotAllowed(_("Only officers book for guests."))
    if not can_book(by, wish.room, wish.company):
        raise refusals.not_for(wish.room)


def refuse_to_change(by: User, booking: Booking) -> None:
    if not can_change_booking(by, booking):
        raise NotAllowed(_("This booking is changed by who made it, and by the company that it is for."))


def judge(
    wish: Wish, *, by: User, now: dt.datetime, but: Booking | None = None, kept: Sequence[Slot] | None = None
) -> DomainError | None:
    """What stands against the booking: a rule of the room, a company that has left by then, or another booking (`but`
    the one that moves). For many times at once `kept` are those of the room (`refusals.kept_times`): what touches none
    of them is judged without a query."""
    room, is_bound = wish.room, not can_book_for_others(by)
    wider = wish.slot.wider(room.minutes_before, room.minutes_after)
    may_clash = kept is None or any(wider.overlaps(one) for one in kept)
    refusal = refusals.against_rules(room, wish.slot, now=now, is_bound=is_bound, may_clash=may_clash)
    if refusal is not None:
        return refusal
    if wish.company is not None and _has_left(wish.company, wish.slot):
        message = _("%(company)s will have left the zone by then.") % {"company": wish.company.name}
        return Incomplete(message, code="left", fields={"company": [message]})
    other = refusals.first_in_the_way(room, wish.slot, but=but) if may_clash else None
    return refusals.taken(wish.room, other, by) if other else None


def _has_left(company: Company, slot: Slot) -> bool:
    operation, day = company.operation, slot.begins.astimezone(timezone.get_default_timezone()).date()
    return operation is not None and operation.upper is not None and bool(operation.upper <= day)


def store(wish: Wish, by: User, series: Series | None = None) -> Booking:
    """Write the booking, and tell of it."""
    booking = Booking(
        room=wish.room,
        series=series,
        period=wish.slot.span,
        company=wish.company,
        guest=wish.guest or (by.display_name if is_guest(wish, by) else ""),
        booked_by=by,
        title=wish.title,
    )
    _charge(booking)
    records.save(booking, refusal=refusals.of_booking)
    booking.refresh_from_db(fields=["blocked"])
    return _told(booking, "booking.made")


def _charge(booking: Booking) -> None:
    """What it costs now, and Conflict where the company has not as many credits left."""
    booking.month = month_of(booking.slot)
    if booking.company is not None:
        booking.credits = cost_of(booking.room.credits_per_hour, booking.slot)
        if booking.credits:
            _refuse_overspent(booking, booking.company)
    elif booking.guest:
        booking.price = cost_of(booking.room.guest_price, booking.slot)


def _refuse_overspent(booking: Booking, company: Company) -> None:
    """The company's row is held here already, so that the second of two reads what the first used."""
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    balance = balance_of(held, booking.month, but=booking)
    if booking.credits > balance.left:
        raise refusals.beyond_credits(booking, balance)


def is_guest(wish: Wish, by: User) -> bool:
    """Whether it is for a guest: one who is named, or the person himself, who has no company."""
    return bool(wish.guest) or not (wish.company or by.is_staff_member)


def changed(booking: Booking, topic: str) -> Booking:
    """Save a change of the booking, count it, and tell of it."""
    booking.sequence += 1
    records.save(booking, refusal=refusals.of_booking)
    return _told(booking, topic)


def _told(booking: Booking, topic: str) -> Booking:
    company = booking.company.code if booking.company else ""
    outbox.record(topic, booking.code, {"room": booking.room.code, "company": company})
    return booking
