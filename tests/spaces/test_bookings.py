"""Booking a room: who may, what the room's rules refuse, and what is said when it is taken."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from spaces.choices import BookingState
from spaces.models import Booking, Closure
from spaces.services import bookings, rooms
from spaces.slots import WHOLE_DAY, around_the_clock, is_open
from tests.factories import TODAY, ZONE, BookingFactory, CampusFactory, RoomFactory, UserFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return RoomFactory(code="SQ-1", minutes_before=15, minutes_after=30)


@pytest.fixture
def booked(room, alice, company):
    """From 10:00 to 11:00, blocked from 9:45 to 11:30."""
    return book(room, at("10:00", "11:00"), alice, company=company, title="Pitch")


# --- Who may -----------------------------------------------------------------------------------------------------


def test_a_member_books_for_the_company_and_it_is_told(booked, company, alice):
    assert (booked.company, booked.guest, booked.booked_by) == (company, "", alice)
    event = OutboxEvent.objects.get(topic="booking.made")
    assert (event.key, event.payload) == (booked.code, {"room": "SQ-1", "company": "A-001"})


@pytest.mark.parametrize(
    ("who", "of_company", "rules", "allowed"),
    [
        ("alice", True, {}, True),
        ("bob", True, {}, True),
        ("carol", True, {}, False),  # only reads
        ("mallory", True, {}, False),
        ("alice", True, {"for_members": False}, False),
        ("alice", True, {"stages": ["chick"]}, False),
        ("alice", True, {"stages": ["nestling", "chick"]}, False),
        ("alice", False, {"for_guests": True}, False),  # who has a company is no guest
        ("officer", True, {"for_members": False}, True),
        ("officer", False, {"for_staff": False}, True),
        ("treasurer", False, {}, True),
        ("treasurer", False, {"for_staff": False}, False),
        ("treasurer", True, {}, False),
        ("auditor", False, {}, False),
        ("talent", False, {"for_guests": True}, True),
        ("talent", False, {}, False),
    ],
)
def test_who_may_book(request, company, who, of_company, rules, allowed):
    user = UserFactory(name="Tan Wei") if who == "talent" else request.getfixturevalue(who)
    room = RoomFactory(**rules)
    holder = {"company": company} if of_company else {}
    if not allowed:
        with pytest.raises(NotAllowed):
            book(room, at("10:00", "11:00"), user, **holder)
        return
    assert book(room, at("10:00", "11:00"), user, **holder).guest == ("Tan Wei" if who == "talent" else "")


def test_only_officers_book_for_guests(room, officer, alice):
    assert book(room, at("10:00", "11:00"), officer, guest="Dr. Yao").guest == "Dr. Yao"
    with pytest.raises(NotAllowed):
        book(room, at("14:00", "15:00"), alice, guest="Dr. Yao")


# --- What is taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "free"),
    [
        (("08:30", "09:15"), True),  # cleared until 9:45, when the room is set up for the other
        (("08:30", "09:30"), False),
        (("10:00", "11:00"), False),
        (("11:30", "12:00"), False),  # cleared until 11:30, and set up from then on
        (("11:45", "12:00"), True),
    ],
)
def test_two_bookings_never_overlap_the_set_up_included(room, booked, bob, company, slot, free):
    if free:
        book(room, at(*slot), bob, company=company)
        return
    with pytest.raises(Conflict) as refused:
        book(room, at(*slot), bob, company=company)
    assert refused.value.code == "room_taken"
    assert str(refused.value) == "Room SQ-1 is taken: 2026-06-16 09:45–11:30 (Lingxi Audio, Pitch)."


def test_a_stranger_is_not_told_who_has_the_room(room, booked, mallory, other_company, officer):
    with pytest.raises(Conflict) as refused:
        book(room, at("10:30", "11:00"), mallory, company=other_company)
    assert str(refused.value) == "Room SQ-1 is taken: 2026-06-16 09:45–11:30."


def test_the_database_refuses_an_overlap_whoever_writes(room, booked, company, alice):
    with pytest.raises(IntegrityError, match="spaces_booking_no_overlap"), transaction.atomic():
        BookingFactory(room=room, day=TOMORROW, begins=dt.time(11, 30), ends=dt.time(12))
    BookingFactory(room=room, day=TOMORROW, state=BookingState.CANCELLED)
    with pytest.raises(IntegrityError, match="one_holder"), transaction.atomic():
        BookingFactory(room=room, day=TOMORROW, guest="Dr. Yao", begins=dt.time(20), ends=dt.time(21))


def test_a_cancelled_booking_gives_the_room_back(room, booked, alice, bob, mallory, company):
    with pytest.raises(NotAllowed):
        bookings.cancel(booking=booked, by=mallory, now=NOON)
    assert bookings.cancel(booking=booked, by=bob, now=NOON).sequence == 1
    with pytest.raises(Conflict, match="was cancelled already"):
        bookings.cancel(booking=booked, by=alice, now=NOON)
    again = book(room, at("10:00", "11:00"), alice, company=company)
    with pytest.raises(Conflict, match="has begun"):
        bookings.cancel(booking=again, by=alice, now=at("10:00", "11:00").begins)
    assert Booking.objects.holding().get() == again


# --- The room's rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "field", "told"),
    [
        (at("10:00", "10:10"), "ends", "quarter of an hour"),
        (at("09:00", "10:00", TODAY), "begins", "is over"),
        (at("10:00", "10:30", TODAY + dt.timedelta(days=32)), "day", "30 days ahead at most"),
        (at("10:00", "12:15"), "ends", "for 120 minutes at most"),
        (at("07:45", "09:00"), "begins", "not open"),
        (at("21:00", "23:00"), "begins", "not open"),
        (at("10:00", "11:00", TODAY + dt.timedelta(days=6)), "begins", "not open"),  # a Sunday
        (at("14:00", "15:00"), "begins", "closed: 2026-06-16 13:00–18:00 (repainted)"),
    ],
)
def test_what_the_rules_of_a_room_refuse(alice, company, officer, slot, field, told):
    opening = [[8 * 60, 22 * 60]] * 6 + [[0, 0]]
    room = RoomFactory(opening=opening, days_ahead=30, longest_minutes=120)
    rooms.close_room(room=room, slot=at("13:00", "18:00"), reason="repainted", by=officer)
    with pytest.raises(Incomplete, match=told.replace("(", r"\(").replace(")", r"\)")) as refused:
        book(room, slot, alice, company=company)
    assert list(refused.value.fields) == [field]


def test_officers_are_not_bound_by_how_long_and_how_far_ahead(officer, company):
    room = RoomFactory(days_ahead=1, longest_minutes=60)
    book(room, at("00:00", "23:45", TODAY + dt.timedelta(days=90)), officer, company=company)


def test_the_quarter_that_runs_can_be_booked(alice, company):
    now = NOON + dt.timedelta(minutes=10)
    assert book(RoomFactory(), at("12:00", "13:00", TODAY), alice, now=now, company=company)


def test_a_company_that_leaves_books_no_day_after(alice, company):
    company.operation = period(TODAY, TOMORROW)
    company.save()
    book(RoomFactory(), at("10:00", "11:00"), alice, company=company)
    with pytest.raises(Incomplete, match="will have left"):
        book(RoomFactory(), at("10:00", "11:00", TOMORROW + dt.timedelta(days=1)), alice, company=company)


def test_a_night_is_open_where_both_days_are():
    late = [[18 * 60, WHOLE_DAY]] * 7
    night = at("22:00", "06:00")
    assert is_open(around_the_clock(), night, ZONE)
    assert not is_open(late, night, ZONE)
    assert is_open(late, at("22:00", "00:00"), ZONE)


# --- Rooms --------------------------------------------------------------------------------------------------------


def test_rooms_are_kept_by_officers_alone(officer, treasurer, room):
    values = {"code": "SQ-2", "name": "Stage", "campus": room.campus, "field": "opportunity", "capacity": 40}
    with pytest.raises(NotAllowed):
        rooms.add_room(values=values, by=treasurer)
    made = rooms.add_room(values=values, by=officer)
    assert rooms.change_room(room=made, values={"capacity": 60}, by=officer).capacity == 60
    with pytest.raises(Conflict, match="a room with this code"):
        rooms.add_room(values=values, by=officer)
    with pytest.raises(Incomplete, match="quarters of an hour"):
        rooms.change_room(room=made, values={"minutes_before": 10}, by=officer)


@pytest.mark.parametrize("opening", [[[0, 1440]] * 6, [[0, 1441]] * 7, [[0, 1440, 1]] * 7])
def test_the_database_keeps_the_form_of_opening_hours(opening):
    with pytest.raises(Exception, match=r"opening_form|array"), transaction.atomic():
        RoomFactory(opening=opening)


def test_a_room_is_closed_once_and_opens_again(room, officer):
    closure = rooms.close_room(room=room, slot=at("08:00", "12:00"), reason="cleaning", by=officer)
    with pytest.raises(Conflict, match="closed for some of this time"):
        rooms.close_room(room=room, slot=at("11:00", "13:00"), reason="cleaning", by=officer)
    rooms.reopen_room(closure=closure, by=officer)
    assert not Closure.objects.exists()


def test_founders_see_the_rooms_that_they_may_book(alice, officer):
    campus = CampusFactory()
    for code, rules in {
        "all": {},
        "chicks": {"stages": ["chick"]},
        "staff": {"for_members": False},
        "guests": {"for_members": False, "for_guests": True},
        "gone": {"is_active": False},
    }.items():
        RoomFactory(code=code, campus=campus, **rules)
    alice.memberships.get().company.__class__.objects.update(stage="chick")

    def seen(user):
        return {room.code for room in rooms.Room.objects.visible_to(user)}

    assert seen(alice) == {"all", "chicks"}
    assert seen(UserFactory()) == {"guests"}
    assert len(seen(officer)) == 5
