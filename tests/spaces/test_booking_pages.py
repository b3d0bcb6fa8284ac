"""The pages of rooms and bookings: what they show to whom, what they weigh, and what their forms answer."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from spaces.models import Booking, Closure, Room
from spaces.slots import around_the_clock
from tests.factories import TODAY, BookingFactory, CampusFactory, CompanyFactory, RoomFactory, UserFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def room():
    return RoomFactory(code="SQ-1", name="Tea House", name_zh="茶室", minutes_after=15)


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def post(client, form: dict, **more) -> object:
    return client.post(reverse("spaces:booking_new"), form | more)


WISH = {"room": "SQ-1", "company": "A-001", "day": "2026-06-16", "begins": "10:00", "ends": "11:00", "title": "Pitch"}


def test_a_founder_books_and_cancels(room, alice, signed_in):
    client = signed_in(alice)
    response = post(client, WISH)
    made = Booking.objects.get()
    assert response.url == reverse("spaces:booking", args=[made.code])
    assert "2026-06-16 10:00–11:00" in shown(client.get(response.url))
    refused = shown(post(client, WISH, begins="10:30", ends="12:00"))
    assert "Room SQ-1 is taken: 2026-06-16 10:00–11:15 (Lingxi Audio, Pitch)." in refused
    client.post(reverse("spaces:booking_cancel", args=[made.code]))
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert "Cancel this booking?" not in shown(client.get(response.url))


def test_a_founder_books_for_no_company_of_others(room, alice, other_company, signed_in):
    assert "Select a valid choice" in shown(post(signed_in(alice), WISH, company="B-001"))
    assert not Booking.objects.exists()


def test_the_form_says_at_once_whether_the_room_is_free(room, alice, bob, company, signed_in):
    book(room, at("10:00", "11:00"), bob, company=company, title="Pitch")
    check = signed_in(alice).get(reverse("spaces:booking_check"), WISH | {"begins": "09:00", "ends": "10:00"})
    assert "This cannot be booked" in shown(check)  # it is to be cleared until 10:15
    check = shown(signed_in(alice).get(reverse("spaces:booking_check"), WISH | {"begins": "09:00", "ends": "09:45"}))
    assert "The room is free" in check
    assert "00:00–10:00" in check
    assert "11:15–24:00" in check


def test_the_grid_tells_strangers_that_a_room_is_taken_and_no_more(room, bob, company, mallory, officer, signed_in):
    made = book(room, at("10:00", "11:00"), bob, company=company, title="Secret pitch")
    for who, known in ((bob, True), (officer, True), (mallory, False)):
        for url in (reverse("spaces:day"), reverse("spaces:room", args=["SQ-1"])):
            page = shown(signed_in(who).get(url, {"day": "2026-06-16"}))
            assert ("Secret" in page, made.code in page) == (known, known)
            assert ("class=t>taken" in page) is not known


def test_a_row_is_a_whole_day(room, officer, alice, company, signed_in):
    Room.objects.update(opening=[[0, 0], [8 * 60, 22 * 60], *around_the_clock()[2:]])
    book(room, at("21:00", "22:00"), alice, company=company)
    Closure.objects.create(room=room, period=at("12:00", "13:00").span, reason="cleaning")
    page = shown(signed_in(officer).get(reverse("spaces:room", args=["SQ-1"]), {"day": "2026-06-15"}))
    rows = re.findall(r"<tr data-q=([\d-]+)>(.*)", page)
    spans = {day: re.findall(r"<td(?: colspan=(\d+))?(?: class=(\w))?>(<a)?", row) for day, row in rows}
    assert spans["2026-06-15"] == [("96", "x", "")]
    assert spans["2026-06-16"] == [
        ("32", "x", ""), ("16", "", ""), ("4", "x", ""), ("32", "", ""), ("5", "", "<a"), ("7", "x", ""),
    ]  # fmt: skip
    assert all(sum(int(span or 1) for span, _kind, _link in row) == 96 for row in spans.values())


@pytest.fixture
def crowded(company):
    """Sixty rooms with ten bookings each on the day after."""
    campus, host = CampusFactory(), UserFactory()
    rooms = [RoomFactory(code=f"SQ-{n:02}", name=f"Meeting room {n:02}", campus=campus) for n in range(60)]
    holders = [company, *[CompanyFactory() for _number in range(4)]]
    day = at("00:00", "23:45")
    Booking.objects.bulk_create(
        Booking(
            room=room, company=holders[n % 5], booked_by=host, title=f"Weekly planning {n}",
            period=at(f"{2 * n:02}:00", f"{2 * n + 1:02}:00").span, blocked=day.span,
            month=TODAY.replace(day=1),
        )
        for room in rooms for n in range(1, 11)
    )  # fmt: skip


@pytest.mark.parametrize("who", ["officer", "alice"])
def test_a_day_of_60_rooms_and_600_bookings_is_light(request, crowded, who, signed_in, django_assert_max_num_queries):
    client = signed_in(request.getfixturevalue(who))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("spaces:day"), {"day": "2026-06-16"})
    assert len(re.findall(rb"<td colspan=4><a href=\w{7}/>Weekly", page.content)) == (600 if who == "officer" else 120)
    assert len(page.content) < 60_000


def test_the_grid_is_narrowed_down_by_the_address(room, officer, signed_in):
    hall = RoomFactory(code="HC-1", field="opportunity", capacity=80, equipment=["stage", "sound"])
    client = signed_in(officer)
    for query, codes in (
        ({"field": "opportunity"}, ["HC-1"]),
        ({"capacity": "9"}, ["HC-1"]),
        ({"equipment": "sound"}, ["HC-1"]),
        ({"campus": room.campus.code}, ["SQ-1"]),
        ({"room": "茶"}, ["SQ-1"]),
        ({"day": "nonsense"}, ["HC-1", "SQ-1"]),
    ):
        found = client.get(reverse("spaces:day"), query)
        assert [row.room.code for row in found.context["rows"]] == codes
    table = client.get(reverse("spaces:rooms"), {"equipment": "stage"}).context["table"]
    assert [row.record for row in table.rows] == [hall]


def test_my_bookings_are_mine_and_my_company_s(room, alice, mallory, company, officer, signed_in):
    book(room, at("10:00", "11:00"), alice, company=company, title="Ours")
    BookingFactory(day=TODAY - dt.timedelta(days=3), company=company, title="Earlier")
    BookingFactory(day=TOMORROW, title="Theirs")
    for who, query, titles in (
        (alice, {}, ["Ours"]),
        (alice, {"when": "all"}, ["Earlier", "Ours"]),
        (alice, {"when": "past"}, ["Earlier"]),
        (mallory, {"when": "all"}, []),
        (officer, {}, ["Ours", "Theirs"]),
        (officer, {"title": "our"}, ["Ours"]),
    ):
        table = signed_in(who).get(reverse("spaces:bookings"), query).context["table"]
        assert sorted(row.record.title for row in table.rows) == titles


def test_an_officer_enters_changes_and_closes_a_room(officer, signed_in):
    client = signed_in(officer)
    campus = CampusFactory()
    form = {
        "code": "SQ-9", "name": "Stage", "campus": campus.pk, "field": "opportunity", "capacity": 40,
        "equipment": ["stage"], "minutes_before": 15, "minutes_after": 15, "for_members": "on", "stages": ["chick"],
        "longest_minutes": 240, "credits_per_hour": 2, "guest_price": 80, "cancel_hours": 12, "release_minutes": 15,
        "days_ahead": 30, "is_active": "on", "hours_0": "08:00-22:00", "hours_6": "-",
    }  # fmt: skip
    assert "in quarters of an hour" in shown(client.post(reverse("spaces:room_new"), form | {"hours_1": "8 to 9"}))
    assert client.post(reverse("spaces:room_new"), form).url == reverse("spaces:room", args=["SQ-9"])
    room = Room.objects.get()
    assert room.opening == [[480, 1320], *around_the_clock()[1:6], [0, 0]]
    page = shown(client.get(reverse("spaces:room_change", args=["SQ-9"])))
    assert 'value="08:00-22:00"' in page
    client.post(reverse("spaces:room_change", args=["SQ-9"]), form | {"capacity": 60})
    times = {"first_day": "2026-06-20", "begins": "08:00", "last_day": "2026-06-20", "ends": "07:00", "reason": "dry"}
    client.post(reverse("spaces:room_close", args=["SQ-9"]), times)
    assert not room.closures.exists()
    client.post(reverse("spaces:room_close", args=["SQ-9"]), times | {"ends": "12:00"})
    page = shown(client.get(reverse("spaces:room", args=["SQ-9"])))
    assert "2026-06-20 08:00 – 2026-06-20 12:00" in page
    client.post(reverse("spaces:room_reopen", args=[room.closures.get().pk]))
    room.refresh_from_db()
    assert (room.closures.count(), room.capacity) == (0, 60)
