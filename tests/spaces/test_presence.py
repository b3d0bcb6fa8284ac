"""Who comes and who does not: cancelling in time or late, moving, checking in, release, and who waits."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from core import outbox
from core.errors import Conflict, Incomplete, NotAllowed
from spaces.choices import BookingState
from spaces.models import Booking, WaitingEntry
from spaces.services import bookings, presence, waiting
from spaces.services.bookings import Wish
from spaces.tasks import release_unclaimed
from tests.factories import RoomFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
BEGINS = at("10:00", "11:00").begins


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def room():
    return RoomFactory(code="SQ-1", name="Tea House", minutes_after=15, cancel_hours=4)


@pytest.fixture
def booked(room, alice, company):
    return book(room, at("10:00", "11:00"), alice, company=company, title="Pitch")


# --- Cancel and move ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "charged"), [(4, False), (3.9, True)])
def test_what_is_cancelled_in_time_is_not_charged(booked, alice, hours, charged):
    done = bookings.cancel(booking=booked, by=alice, now=BEGINS - dt.timedelta(hours=hours))
    assert (done.state, done.is_charged) == (BookingState.CANCELLED, charged)


def test_a_booking_moves_into_time_that_it_holds_itself(booked, room, alice, bob, company, mallory):
    moved = bookings.move(booking=booked, slot=at("10:30", "12:00"), title="Longer", by=bob, now=NOON)
    moved.refresh_from_db()
    assert (moved.title, moved.sequence) == ("Longer", 1)
    assert (moved.blocked.lower, moved.blocked.upper) == (at("10:30", "12:15").begins, at("10:30", "12:15").ends)
    book(room, at("13:00", "14:00"), alice, company=company)
    with pytest.raises(Conflict, match="13:00–14:15"):
        bookings.move(booking=booked, slot=at("12:30", "13:30"), title="", by=alice, now=NOON)
    with pytest.raises(Conflict, match="too late to move"):
        bookings.move(booking=booked, slot=at("20:00", "21:00"), title="", by=alice, now=BEGINS)
    with pytest.raises(NotAllowed):
        bookings.move(booking=booked, slot=at("20:00", "21:00"), title="", by=mallory, now=NOON)


# --- Check in, or not ----------------------------------------------------------------------------------------------


def test_checking_in_keeps_the_room(booked, carol, mallory):
    with pytest.raises(Conflict, match="quarter of an hour before"):
        presence.check_in(booking=booked, by=carol, now=BEGINS - 16 * MINUTE)
    with pytest.raises(NotAllowed):
        presence.check_in(booking=booked, by=mallory, now=BEGINS)
    assert presence.check_in(booking=booked, by=carol, now=BEGINS).state == BookingState.CHECKED_IN
    with pytest.raises(Conflict, match="checked in already"):
        presence.check_in(booking=booked, by=carol, now=BEGINS)
    assert presence.release_unclaimed(now=BEGINS + 30 * MINUTE) == 0


def test_a_room_to_which_nobody_comes_is_released_once(booked, alice, room):
    assert presence.release_unclaimed(now=BEGINS + 14 * MINUTE) == 0
    with time_machine.travel(BEGINS + 15 * MINUTE, tick=False):
        assert (release_unclaimed(), release_unclaimed()) == (1, 0)
    booked.refresh_from_db()
    assert (booked.state, booked.is_charged, booked.sequence) == (BookingState.RELEASED, True, 1)
    assert Notice.objects.get(user=alice).message == "booking_released"
    with pytest.raises(Conflict, match="released already"):
        presence.check_in(booking=booked, by=alice, now=BEGINS + 16 * MINUTE)


def test_some_rooms_are_never_released(room, booked):
    room.release_minutes = 0
    room.save()
    assert presence.release_unclaimed(now=BEGINS + dt.timedelta(days=2)) == 0


def test_who_books_when_it_has_begun_has_as_long_as_others(room, alice, company):
    with time_machine.travel(BEGINS + 10 * MINUTE, tick=False):
        book(room, at("10:00", "11:00"), alice, company=company, now=BEGINS + 10 * MINUTE)
    assert presence.release_unclaimed(now=BEGINS + 24 * MINUTE) == 0
    assert presence.release_unclaimed(now=BEGINS + 25 * MINUTE) == 1


# --- Who waits -----------------------------------------------------------------------------------------------------


def wait(room, slot, by, company) -> WaitingEntry:
    return waiting.wait(wish=Wish(room, slot, f"Wish of {by}", company), by=by, now=NOON)


def drain() -> None:
    with time_machine.travel(NOON, tick=False):
        outbox.drain("waiting-lists")


def test_the_first_who_fits_is_booked_and_told(booked, room, alice, company, mallory, other_company, bob):
    book(room, at("12:00", "13:00"), alice, company=company)
    wait(room, at("10:00", "12:30"), bob, company)  # too long for what becomes free
    wait(room, at("10:15", "10:45"), mallory, other_company)
    wait(room, at("10:30", "11:00"), bob, company)  # came later
    bookings.cancel(booking=booked, by=alice, now=NOON)
    drain()
    served = WaitingEntry.objects.exclude(booking=None).get()
    assert served.waits == mallory
    assert served.booking.company == other_company
    told = Notice.objects.get(user=mallory)
    assert (told.message, told.url) == ("waiting_served", reverse("spaces:booking", args=[served.booking.code]))
    assert WaitingEntry.objects.open().count() == 2
    drain()
    assert Booking.objects.holding().count() == 2


def test_nobody_waits_for_what_is_free_or_cannot_be(booked, room, bob, company, mallory):
    with pytest.raises(Conflict, match="is free"):
        wait(room, at("14:00", "15:00"), bob, company)
    with pytest.raises(Incomplete, match="days ahead"):
        wait(room, at("10:00", "11:00", TOMORROW + dt.timedelta(days=90)), bob, company)
    entry = wait(room, at("10:00", "11:00"), bob, company)
    with pytest.raises(Conflict, match="wait for this room and time already"):
        wait(room, at("10:00", "11:00"), bob, company)
    with pytest.raises(NotAllowed):
        waiting.leave(entry=entry, by=mallory, now=NOON)
    waiting.leave(entry=entry, by=bob, now=NOON)
    with pytest.raises(Conflict, match="waits here any more"):
        waiting.leave(entry=entry, by=bob, now=NOON)
    bookings.cancel(booking=booked, by=bob, now=NOON)
    drain()
    assert not Booking.objects.holding().exists()


def test_pages_to_move_check_in_wait_and_leave(booked, room, alice, mallory, other_company, signed_in):
    client, other = signed_in(alice), signed_in(mallory)
    form = {
        "room": "SQ-1", "company": "B-001", "day": "2026-06-16", "begins": "10:00", "ends": "11:00", "title": "Ours",
    }  # fmt: skip
    with time_machine.travel(NOON, tick=False):
        check = other.get(reverse("spaces:booking_check"), form)
        assert reverse("spaces:booking_wait") in check.content.decode()
        assert other.post(reverse("spaces:booking_wait"), form).url == reverse("spaces:bookings")
        page = other.get(reverse("spaces:bookings")).content.decode()
        assert "Wait no longer" in page
        other.post(reverse("spaces:waiting_leave", args=[WaitingEntry.objects.get().pk]))
        assert not WaitingEntry.objects.open().exists()
        times = {"day": "2026-06-16", "begins": "13:00", "ends": "14:00", "title": "Later"}
        assert client.post(reverse("spaces:booking_move", args=[booked.code]), times).status_code == 302
    with time_machine.travel(at("13:05", "14:00").begins.replace(minute=5), tick=False):
        assert "Check in" in client.get(reverse("spaces:booking", args=[booked.code])).content.decode()
        client.post(reverse("spaces:booking_check_in", args=[booked.code]))
    booked.refresh_from_db()
    assert booked.state == BookingState.CHECKED_IN
