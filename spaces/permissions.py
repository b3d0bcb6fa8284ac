"""Who may do what with places and leases. One predicate an act; pages, services and templates ask the same ones."""

from django.utils.translation import gettext as _

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from companies.models import Company
from companies.permissions import WRITES, role_in
from core.errors import NotAllowed
from spaces.models import Booking, LeaseOffer, Room, WaitingEntry

KEEPS_SPACES = StaffRole.OFFICER
KEEPS_DEPOSITS = StaffRole.TREASURER


def can_keep_spaces(user: User) -> bool:
    """Enter campuses, buildings and units, and sign, change, end or void leases."""
    return user.has_role(KEEPS_SPACES)


def can_answer_offer(user: User, offer: LeaseOffer) -> bool:
    """Accept or decline what the zone offers: what binds a company is its owners'."""
    return role_in(user, offer.company) == MemberRole.OWNER


def can_keep_deposits(user: User, company: Company) -> bool:
    """Record what was received of a company's deposit, return it, withhold some of it, and hand it over: who agrees on
    a deposit is not who takes the money, and nobody takes or gives his own company's."""
    return user.has_role(KEEPS_DEPOSITS) and not role_in(user, company)


def refuse_stranger(user: User) -> None:
    """NotAllowed for anybody who does not keep the zone's spaces."""
    if not can_keep_spaces(user):
        raise NotAllowed(_("Only officers enter units and leases."))


# --- Rooms and bookings


def can_keep_rooms(user: User) -> bool:
    """Enter and change rooms, close them, and say what their hours cost."""
    return user.has_role(KEEPS_SPACES)


def can_book_for_others(user: User) -> bool:
    """Book any room for any company, guest, or the zone, and further ahead and longer than others may."""
    return user.has_role(KEEPS_SPACES)


def can_book(user: User, room: Room, company: Company | None) -> bool:
    """Book the room: for a company, or for nobody but himself (of the staff: for the zone)."""
    if can_book_for_others(user):
        return True
    if company is not None:
        fits = not room.stages or company.stage in room.stages
        return room.for_members and fits and role_in(user, company) in WRITES
    if user.is_staff_member:
        return room.for_staff and user.has_role(*(set(StaffRole.values) - {StaffRole.AUDITOR}))
    return room.for_guests and not user.memberships.exists()


def can_change_booking(user: User, booking: Booking) -> bool:
    """Cancel a booking, move it, and invite people to it: who made it, who writes for its company, and officers."""
    if can_book_for_others(user) or booking.booked_by_id == user.pk:
        return True
    return booking.company is not None and role_in(user, booking.company) in WRITES


def can_see_who_booked(user: User, booking: Booking) -> bool:
    """For whom a room is taken: everybody else is told only that it is."""
    if user.is_staff_member or booking.booked_by_id == user.pk:
        return True
    return booking.company is not None and bool(role_in(user, booking.company))


def can_check_in(user: User, booking: Booking) -> bool:
    """Say that somebody is there: who booked, everybody of the company, and officers."""
    if can_change_booking(user, booking):
        return True
    return booking.company is not None and bool(role_in(user, booking.company))


def can_leave_list(user: User, entry: WaitingEntry) -> bool:
    """Take somebody off the waiting list: he himself, and officers."""
    return can_book_for_others(user) or entry.waits_id == user.pk
