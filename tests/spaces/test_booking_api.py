"""Rooms and bookings over REST: read with scopes, booked once however often it is sent, and when a room is free."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from spaces.models import Booking
from spaces.services import rooms
from tests.factories import BookingFactory, RoomFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

URL = "/api/v1/bookings/"
pytestmark = pytest.mark.django_db
WISH = {
    "room": "SQ-1", "company": "A-001", "begins": "2026-06-16T10:00:00+08:00", "ends": "2026-06-16T03:00:00Z",
    "title": "Pitch",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def room():
    return RoomFactory(code="SQ-1", minutes_before=15, minutes_after=30)


@pytest.fixture
def key(officer, approver):
    """A client with a key of all scopes of bookings, that acts for the officer."""
    return lambda *scopes: client_of(officer, approver, scopes)


def client_of(officer, approver, scopes):
    _key, token = services.create_key(
        name="Doors", scopes=scopes, days=30, now=timezone.now(), created_by=officer, by=approver
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_a_machine_books_once_however_often_it_sends(room, company, key):
    client = key("bookings:read", "bookings:write")
    made = client.post(URL, WISH, format="json")
    booking = Booking.objects.get()
    assert made.status_code == 201
    assert made["Location"] == f"http://testserver{URL}{booking.code}/"
    assert made.json() | {"updated_at": None} == {
        "booking": booking.code, "room": "SQ-1", "company": "A-001", "guest": None, "title": "Pitch",
        "begins": "2026-06-16T10:00:00+08:00", "ends": "2026-06-16T11:00:00+08:00", "state": "booked", "series": None,
        "credits": "0.00", "price": "0.00", "is_charged": True, "checked_in_at": None, "updated_at": None,
    }  # fmt: skip
    again = client.post(URL, WISH, format="json")
    assert (again.status_code, again.json()["existing"]) == (409, made["Location"])
    other = client.post(URL, WISH | {"title": "Other"}, format="json")
    assert (other.status_code, other.json()["code"], other.json().get("existing")) == (409, "room_taken", None)


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"room": "no such"}, 404, "room"),
        ({"company": "no such"}, 404, "company"),
        ({"begins": "2026-06-16T10:00:00"}, 400, "begins"),
        ({"begins": "2026-06-16 10:00"}, 400, "begins"),
        ({"ends": "9999-12-31T23:45:00Z"}, 400, "ends"),
        ({"ends": "2026-06-16T03:01:00Z"}, 400, "ends"),
        ({"begins": "0001-01-01T00:00:00+08:00"}, 400, "begins"),
        ({"seats": 4}, 400, "seats"),
    ],
)
def test_what_a_body_is_refused_for(room, company, key, change, status, name):
    answer = key("bookings:read", "bookings:write").post(URL, WISH | change, format="json")
    assert (answer.status_code, [error["name"] for error in answer.json()["errors"]]) == (status, [name])


def test_each_scope_opens_what_it_names(room, company, key):
    assert key("bookings:read").post(URL, WISH, format="json").status_code == 403
    assert key("rooms:read").get(URL).status_code == 403
    writer = key("bookings:write").post(URL, WISH, format="json")
    assert (writer.status_code, writer.content) == (201, b"")


def test_bookings_are_narrowed_down_by_room_and_time(room, company, key):
    for hour in (8, 10, 12):
        BookingFactory(room=room, day=TOMORROW, begins=dt.time(hour), ends=dt.time(hour, 30), title=str(hour))
    BookingFactory(day=TOMORROW)
    client = key("bookings:read")
    times = {"from": "2026-06-16T08:30:00+08:00", "until": "2026-06-16T12:00:00+08:00", "room": "SQ-1"}
    assert [row["title"] for row in client.get(URL, times).json()["results"]] == ["10"]
    refused = client.get(URL, {"from": "yesterday"})
    assert (refused.status_code, refused.json()["errors"][0]["name"]) == (400, "from")


def test_when_a_room_is_free(room, company, alice, officer, key):
    room.opening = [[8 * 60, 18 * 60]] * 7
    room.save()
    book(room, at("10:00", "11:00"), alice, company=company)
    rooms.close_room(room=room, slot=at("15:00", "16:00"), reason="cleaning", by=officer)
    client, url = key("rooms:read"), "/api/v1/rooms/SQ-1/availability/"
    answer = client.get(url, {"from": "2026-06-16T00:00:00+08:00", "until": "2026-06-17T00:00:00+08:00"})
    free = [(one["begins"][11:16], one["ends"][11:16]) for one in answer.json()["free"]]
    # It is blocked from 9:45 to 11:30, and takes 30 minutes to clear before that, and 15 to set up after it
    assert free == [("08:00", "09:15"), ("11:45", "15:00"), ("16:00", "18:00")]
    for begins, ends in free:
        book(room, at(begins, ends), officer, company=company)
        Booking.objects.filter(title="Demo").exclude(period__startswith=at("10:00", "11:00").begins).update(
            state="cancelled"
        )
    assert client.get(url, {"from": "2026-06-16T00:00:00Z"}).status_code == 400
    row = client.get("/api/v1/rooms/").json()["results"][0]
    assert row["opening"][0] == {"from": "08:00", "until": "18:00"}
