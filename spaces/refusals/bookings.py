"""Why a room cannot be booked, in words: which of its rules stands against it, or until when it is taken.

Whose booking stands in the way is told to those alone who may know it.
"""

import datetime as dt

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, DomainError, Incomplete, NotAllowed, conflict_from
from core.records import constraint_of
from spaces.credits import Balance, balance_of
from spaces.models import Booking, Room
from spaces.models.rooms import FARTHEST, LONGEST
from spaces.permissions import can_see_who_booked
from spaces.slots import QUARTER, Slot, is_open

TAKEN = "room_taken"


def written(slot: Slot) -> str:
    """A time as the zone's clocks show it."""
    return slot.written(timezone.get_default_timezone())


def not_for(room: Room) -> NotAllowed:
    return NotAllowed(_("Room %(room)s is not open to you for this.") % {"room": room})


def taken(room: Room, other: Booking | None, by: User) -> Conflict:
    """The room is taken; `other` may be gone again by the time of telling."""
    if other is None:
        message = _("Room %(room)s is taken for some of this time.") % {"room": room}
    else:
        words = {"room": room, "time": written(Slot.of(other.blocked)), "title": other.title}
        if not can_see_who_booked(by, other):
            message = _("Room %(room)s is taken: %(time)s.") % words
        elif other.company is None:
            message = _("Room %(room)s is taken: %(time)s (%(title)s).") % words
        else:
            words["company"] = other.company.name
            message = _("Room %(room)s is taken: %(time)s (%(company)s, %(title)s).") % words
    return Conflict(message, code=TAKEN, fields={"begins": [message]})


def beyond_credits(booking: Booking, balance: Balance | None = None) -> Conflict:
    """The company has fewer credits left in the month than the booking costs."""
    company = booking.company
    if balance is None and company is not None:
        balance = balance_of(company, booking.month, but=booking)
    words = {"needed": booking.credits, "month": f"{booking.month:%Y-%m}", "time": written(booking.slot)}
    words |= {"left": balance.left, "granted": balance.granted} if balance else {}
    message = _("%(time)s costs %(needed)s credits; of %(granted)s in %(month)s, %(left)s are left.") % words
    return Conflict(message, code="credits_used_up", fields={"company": [message]})


def first_in_the_way(room: Room, slot: Slot, *, but: Booking | None = None) -> Booking | None:
    """The first booking that keeps the room from being had for this time."""
    wider = slot.wider(room.minutes_before, room.minutes_after)
    found = Booking.objects.in_the_way_of(wider).filter(room=room).exclude(pk=but.pk if but else None)
    return found.select_related("company").order_by("blocked").first()


def kept_times(room: Room, around: Slot) -> list[Slot]:
    """All times of a longer one in which the room is closed for once or blocked. Two queries."""
    wider = around.wider(room.minutes_before, room.minutes_after)
    blocked = Booking.objects.in_the_way_of(wider).filter(room=room).values_list("blocked", flat=True)
    closed = room.closures.filter(period__overlap=around.span).values_list("period", flat=True)
    return [Slot.of(span) for span in (*blocked, *closed)]


def against_rules(
    room: Room, slot: Slot, *, now: dt.datetime, is_bound: bool = True, may_clash: bool = True
) -> DomainError | None:
    """What of the room's rules stands against the time; None where nothing does. Officers are not bound by how long and
    how far ahead the room may be booked. Without `may_clash` it is known that no closure does."""
    if not slot.is_whole():
        return _at("ends", _("A booking begins and ends on a quarter of an hour, and ends after it begins."))
    if slot.begins + QUARTER <= now:
        return _at("begins", _("This time is over."))
    if not room.is_active:
        return _at("room", _("Room %(room)s cannot be booked any more.") % {"room": room})
    days, minutes = (room.days_ahead, room.longest_minutes) if is_bound else (FARTHEST, LONGEST)
    if slot.begins - now > dt.timedelta(days=days):
        words = {"room": room, "days": days}
        return _at("day", _("Room %(room)s is booked %(days)d days ahead at most.") % words)
    if slot.length > dt.timedelta(minutes=minutes):
        words = {"room": room, "minutes": minutes}
        return _at("ends", _("Room %(room)s is booked for %(minutes)d minutes at most.") % words)
    return _while_closed(room, slot, may_clash)


def _while_closed(room: Room, slot: Slot, may_clash: bool) -> DomainError | None:
    if not is_open(room.opening, slot, timezone.get_default_timezone()):
        return _at("begins", _("Room %(room)s is not open for all of this time.") % {"room": room})
    closure = room.closures.filter(period__overlap=slot.span).first() if may_clash else None
    if closure is not None:
        words = {"room": room, "time": written(Slot.of(closure.period)), "reason": closure.reason}
        return _at("begins", _("Room %(room)s is closed: %(time)s (%(reason)s).") % words)
    return None


def _at(field: str, message: str) -> Incomplete:
    return Incomplete(message, code="against_rules", fields={field: [message]})


def of_booking(error: IntegrityError, booking: Booking) -> DomainError:
    """What the database refused about a booking; an unknown constraint is raised as it came."""
    if constraint_of(error) == "spaces_booking_no_overlap":
        other = first_in_the_way(booking.room, booking.slot, but=booking if booking.pk else None)
        return taken(booking.room, other, booking.booked_by)
    if constraint_of(error) == "spaces_booking_within_allowance":
        return beyond_credits(booking)
    return conflict_from(error, Booking)
