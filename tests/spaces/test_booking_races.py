"""Two people at the same moment, on two real connections: one has the room, the other is told by whom or until when."""

import threading

import pytest
from django.db import OperationalError, transaction
from psycopg2.errors import DeadlockDetected

from companies.choices import MemberRole
from core.errors import Conflict
from core.periods import DAY
from spaces.choices import Frequency
from spaces.models import Allowance, Booking
from spaces.series import Pattern
from spaces.services import bookings, series
from spaces.services.bookings import Wish
from tests.conftest import member
from tests.factories import TODAY, CompanyFactory, RoomFactory
from tests.spaces.booking import NOON, TOMORROW, at, book
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def founders():
    companies = [CompanyFactory(code="A", name="Company A"), CompanyFactory(code="B", name="Company B")]
    return [(member(f"founder-{c.code}", c, MemberRole.OWNER), c) for c in companies]


@pytest.mark.parametrize("held", [True, False], ids=["the room is held", "the constraint alone"])
def test_two_founders_book_the_same_hour(founders, held, monkeypatch):
    room = RoomFactory(code="R1")
    if not held:  # both have looked before either has written
        looked = threading.Barrier(2, timeout=10)
        store = bookings.store
        monkeypatch.setattr(bookings, "hold", lambda room: room)
        monkeypatch.setattr(bookings, "store", lambda wish, by: (looked.wait(), store(wish, by))[1])
    results = at_once(*(lambda f=f, c=c: book(room, at("10:00", "11:00"), f, company=c) for f, c in founders))
    (winner,) = [result for result in results if isinstance(result, Booking)]
    assert Booking.objects.get() == winner
    (loser,) = [result for result in results if result is not winner]
    if not held and isinstance(loser, OperationalError):  # both wrote before either looked for the other
        assert isinstance(loser.__cause__, DeadlockDetected)
    else:
        assert isinstance(loser, Conflict)
        assert (loser.code, str(loser)) == ("room_taken", "Room R1 is taken: 2026-06-16 10:00–11:00.")


@pytest.mark.parametrize("first", ["series", "single"])
def test_a_series_against_a_single_booking(founders, first):
    """Whichever holds the room first has it; the other waits, and is refused as a whole."""
    (ann, company_a), (ben, company_b) = founders
    room = RoomFactory(code="R1")
    wish = Wish(room, at("10:00", "11:00"), "Salon", company_a)
    written, other_waits = threading.Event(), threading.Event()

    def book_series() -> object:
        return series.book_series(wish=wish, pattern=Pattern(Frequency.DAILY, times=5), by=ann, now=NOON)

    def book_single() -> object:
        return book(room, at("10:30", "11:30", TOMORROW + 3 * DAY), ben, company=company_b)

    acts = {"series": book_series, "single": book_single}

    def leader() -> object:
        with transaction.atomic():
            done = acts[first]()
            written.set()
            other_waits.wait(timeout=10)
            return done

    def follower() -> object:
        written.wait(timeout=10)
        threading.Timer(0.3, other_waits.set).start()  # by then the other waits for the room
        return acts["single" if first == "series" else "series"]()

    led, followed = at_once(leader, follower)
    assert not isinstance(led, Conflict)
    assert isinstance(followed, Conflict)
    assert "taken: 2026-06-19 10:" in str(followed)
    assert Booking.objects.count() == (5 if first == "series" else 1)


@pytest.mark.parametrize("held", [True, False], ids=["the company is held", "the trigger alone"])
def test_two_colleagues_use_the_last_credits_in_two_rooms(founders, held, monkeypatch):
    (ann, company), _other = founders
    company.stage = "chick"
    company.save()
    Allowance.objects.create(since=TODAY.replace(day=1), stage="chick", credits=3)
    rooms = [RoomFactory(credits_per_hour=2), RoomFactory(credits_per_hour=2)]
    if not held:
        looked = threading.Barrier(2, timeout=10)
        monkeypatch.setattr(bookings, "_refuse_overspent", lambda booking, company: looked.wait())
    results = at_once(*(lambda room=room: book(room, at("10:00", "11:00"), ann, company=company) for room in rooms))
    (loser,) = [result for result in results if isinstance(result, Conflict)]
    assert str(loser) == "2026-06-16 10:00–11:00 costs 2.00 credits; of 3.00 in 2026-06, 1.00 are left."
    assert Booking.objects.count() == 1
