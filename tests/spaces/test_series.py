"""Series of bookings: which days they fall on, all or nothing, or the free ones with what was left out."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from core.errors import Conflict, Incomplete
from spaces.choices import Frequency
from spaces.models import Booking, Series
from spaces.series import Pattern, slots_of
from spaces.services import series
from spaces.services.bookings import Wish
from spaces.services.rooms import close_room
from tests.factories import ZONE, RoomFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


def days(*numbers: int) -> list[dt.date]:
    return [dt.date(2026, 6, number) for number in numbers]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern(Frequency.DAILY, times=3), days(16, 17, 18)),
        (Pattern(Frequency.DAILY, 2, until=dt.date(2026, 6, 20)), days(16, 18, 20)),
        (Pattern(Frequency.WEEKLY, until=dt.date(2026, 6, 30)), days(16, 23, 30)),
        (Pattern(Frequency.WEEKLY, times=3, until=dt.date(2026, 6, 25)), days(16, 23)),
        (Pattern(Frequency.DAILY, times=3, exceptions=frozenset(days(17))), days(16, 18)),
    ],
)
def test_the_days_of_a_series(pattern, expected):
    assert pattern.days(TOMORROW) == expected


def test_a_series_of_nights_keeps_its_hours():
    night = slots_of(at("22:00", "02:00"), Pattern(Frequency.WEEKLY, times=2), ZONE)[1]
    assert night.written(ZONE) == "2026-06-23 22:00–2026-06-24 02:00"


@pytest.fixture
def room():
    return RoomFactory(code="SQ-1")


@pytest.fixture
def wish(room, company):
    return Wish(room, at("10:00", "11:00"), "Salon", company)


def test_a_series_is_booked_as_a_whole_or_not_at_all(wish, room, bob, alice, mallory, other_company):
    book(room, at("10:30", "12:00", TOMORROW + WEEK), mallory, company=other_company)
    pattern = Pattern(Frequency.WEEKLY, times=4)
    with pytest.raises(Conflict) as refused:
        series.book_series(wish=wish, pattern=pattern, by=alice, now=NOON)
    assert refused.value.code == "room_taken"
    assert str(refused.value) == (
        "Nothing was booked. 2026-06-23: Room SQ-1 is taken: 2026-06-23 10:30–12:00. Days that cannot be: 1."
    )
    assert Booking.objects.count() == 1
    assert not Series.objects.exists()
    made, booked = series.book_series(wish=wish, pattern=pattern, by=alice, now=NOON, only_free=True)
    assert made.left_out == days(23)
    assert [one.slot.begins.day for one in booked] == [16, 30, 7]


def test_a_long_series_is_judged_by_few_queries(
    wish, room, mallory, alice, officer, other_company, django_assert_max_num_queries
):
    taken = TOMORROW + WEEK
    book(room, at("10:30", "12:00", taken), mallory, company=other_company)
    close_room(room=room, slot=at("00:00", "12:00", taken + WEEK), reason="Paint", by=officer)
    with django_assert_max_num_queries(7):
        planned = series.plan(wish, Pattern(Frequency.DAILY, times=50), by=alice, now=NOON)
    assert len(planned) == 50
    assert [one.day for one in planned if one.refusal] == [taken, taken + WEEK]


def test_a_series_without_a_free_day_is_refused(wish, room, alice, officer):
    room.opening = [[0, 0]] * 7
    room.save()
    with pytest.raises(Incomplete, match="is not open"):
        series.book_series(wish=wish, pattern=Pattern(Frequency.DAILY, times=2), by=alice, now=NOON, only_free=True)
    only_day = Pattern(Frequency.DAILY, times=1, exceptions=frozenset([TOMORROW]))
    with pytest.raises(Incomplete, match="no day"):
        series.book_series(wish=wish, pattern=only_day, by=officer, now=NOON)


def test_cancelling_a_series_leaves_what_has_begun(wish, alice):
    made, _booked = series.book_series(wish=wish, pattern=Pattern(Frequency.DAILY, times=3), by=alice, now=NOON)
    later = at("10:30", "11:00").begins
    assert len(series.cancel_series(series=made, by=alice, now=later)) == 2
    assert Booking.objects.holding().count() == 1
    with pytest.raises(Conflict, match="still to come"):
        series.cancel_series(series=made, by=alice, now=later)


def test_the_form_of_a_series(room, alice, mallory, other_company, signed_in):
    book(room, at("10:00", "11:00", TOMORROW + WEEK), mallory, company=other_company)
    form = {
        "room": "SQ-1", "company": "A-001", "day": "2026-06-16", "begins": "10:00", "ends": "11:00", "title": "Salon",
        "repeat": "weekly", "times": 3, "exceptions": "",
    }  # fmt: skip
    client = signed_in(alice)
    with time_machine.travel(NOON, tick=False):
        check = client.get(reverse("spaces:booking_check"), form).content.decode()
        assert check.count("zp-check-good") == 2
        assert "2026-06-23 10:00–11:00" in check
        url = reverse("spaces:booking_new")
        assert b"until when, or how many times" in client.post(url, form | {"times": ""}).content
        assert b"with commas between them" in client.post(url, form | {"exceptions": "tomorrow"}).content
        assert b"Nothing was booked" in client.post(url, form).content
        made = client.post(url, form | {"only_free": "on"})
        page = client.get(made.url).content.decode()
        assert "Left out" in page
        assert page.count("Salon</a>") == 2
        client.post(reverse("spaces:series_cancel", args=[Series.objects.get().code]))
    assert not Booking.objects.holding().filter(title="Salon").exists()
