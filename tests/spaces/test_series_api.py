"""Series of bookings over REST: looked at, made as a whole, cancelled one by one or as a whole; and usage as a file."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from core.errors import DomainError
from spaces.models import Booking, Series
from tests.factories import BookingFactory, RoomFactory
from tests.spaces.booking import NOON
from tests.spaces.test_booking_api import WISH, client_of

URL = "/api/v1/booking-series/"
PREVIEW = f"{URL}preview/"
SERIES = WISH | {"frequency": "weekly", "times": 3}
SECOND = dt.date(2026, 6, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def room(company):
    return RoomFactory(code="SQ-1")


@pytest.fixture
def client(officer, approver, room):
    return client_of(officer, approver, ["bookings:read", "bookings:write"])


def told(answer, status):
    assert answer.status_code == status, answer.content
    return answer.json()


def days(rows):
    return [row["begins"][:10] for row in rows]


def test_a_series_is_looked_at_made_and_read(client):
    planned = told(client.post(PREVIEW, SERIES, format="json"), 200)
    assert (planned["free"], days(planned["times"])) == (3, ["2026-06-16", "2026-06-23", "2026-06-30"])
    assert {time["refusal"] for time in planned["times"]} == {None}
    assert not Series.objects.exists()
    made = client.post(URL, SERIES, format="json")
    row = told(made, 201)
    assert days(row["bookings"]) == ["2026-06-16", "2026-06-23", "2026-06-30"]
    assert (row["frequency"], row["every"], row["times"], row["until"], row["left_out"]) == ("weekly", 1, 3, None, [])
    assert made["Location"] == f"http://testserver{URL}{row['series']}/"
    assert told(client.get(made["Location"]), 200) == row
    bookings = told(client.get("/api/v1/bookings/", {"series": row["series"]}), 200)["results"]
    assert [one["booking"] for one in bookings] == [one["booking"] for one in row["bookings"]]


def test_days_may_be_left_out(client):
    body = SERIES | {"exceptions": ["2026-06-23"], "every": 1}
    assert days(told(client.post(URL, body, format="json"), 201)["bookings"]) == ["2026-06-16", "2026-06-30"]


def test_what_is_taken_refuses_the_series_or_is_left_out(client, room):
    BookingFactory(room=room, day=SECOND, begins=dt.time(10), ends=dt.time(11))
    planned = told(client.post(PREVIEW, SERIES, format="json"), 200)
    assert [bool(time["refusal"]) for time in planned["times"]] == [False, True, False]
    assert told(client.post(URL, SERIES, format="json"), 409)["code"] == "room_taken"
    assert not Series.objects.exists()
    row = told(client.post(URL, SERIES | {"only_free": True}, format="json"), 201)
    assert (days(row["bookings"]), row["left_out"]) == (["2026-06-16", "2026-06-30"], ["2026-06-23"])


def test_one_is_cancelled_and_then_the_rest(client):
    row = told(client.post(URL, SERIES, format="json"), 201)
    first = f"/api/v1/bookings/{row['bookings'][0]['booking']}/"
    seen = client.get(first)["ETag"]
    assert told(client.post(f"{first}cancel/", {}, format="json", HTTP_IF_MATCH=seen), 200)["state"] == "cancelled"
    assert told(client.post(f"{first}cancel/", {}, format="json"), 409)["code"] == "booking_over"
    left = told(client.post(f"{URL}{row['series']}/cancel/", {}, format="json"), 200)
    assert [one["state"] for one in left["bookings"]] == ["cancelled"] * 3
    assert told(client.post(f"{URL}{row['series']}/cancel/", {}, format="json"), 409)["code"] == "booking_over"


def test_a_stale_cancelling_does_nothing(client):
    row = told(client.post(URL, SERIES, format="json"), 201)
    for address in (f"/api/v1/bookings/{row['bookings'][0]['booking']}/", f"{URL}{row['series']}/"):
        old = client.post(f"{address}cancel/", {}, format="json", HTTP_IF_MATCH='"other"')
        assert told(old, 412)["code"] == "precondition_failed"
        assert (
            "title" in told(client.post(f"{address}cancel/", {"title": "x"}, format="json"), 400)["errors"][0]["name"]
        )
    assert Booking.objects.filter(state="booked").count() == 3


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"room": "no such"}, 404, "room"),
        ({"company": "no such"}, 404, "company"),
        ({"frequency": "hourly"}, 400, "frequency"),
        ({"times": None}, 400, "until"),
        ({"times": 0, "until": "2026-07-01"}, 400, "times"),
        ({"times": 201, "until": "2026-07-01"}, 400, "times"),
        ({"every": 13}, 400, "every"),
        ({"exceptions": ["2026-02-30"]}, 400, "exceptions"),
        ({"exceptions": "2026-06-23"}, 400, "exceptions"),
        ({"only_free": "yes"}, 400, "only_free"),
        ({"ends": "2026-06-16T03:01:00Z"}, 400, "ends"),
    ],
)
@pytest.mark.parametrize("url", [URL, PREVIEW])
def test_what_a_series_is_refused_for(client, url, change, status, name):
    answer = client.post(url, SERIES | change, format="json")
    if url == PREVIEW and name == "ends":
        assert all(time["refusal"] for time in told(answer, 200)["times"])
        return
    told(answer, status)
    if name != "ends":  # told of the first day, in words
        assert [error["name"] for error in answer.json()["errors"]] == [name]
    assert not Booking.objects.exists()


def test_each_scope_opens_what_it_names(officer, approver, room):
    reader, writer = (client_of(officer, approver, [scope]) for scope in ("bookings:read", "bookings:write"))
    assert [reader.post(url, SERIES, format="json").status_code for url in (URL, PREVIEW)] == [403, 403]
    assert writer.get(URL).status_code == 403
    assert writer.post(PREVIEW, SERIES, format="json").status_code == 403
    made = writer.post(URL, SERIES, format="json")
    assert (made.status_code, made.content) == (201, b"")
    assert writer.post(f"{made['Location']}cancel/", {}, format="json").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_of_two_series_at_once_one_is_booked(officer, approver, company):
    RoomFactory(code="SQ-1")
    clients = [client_of(officer, approver, ["bookings:read", "bookings:write"]) for _ in range(2)]
    start = threading.Barrier(2)

    def run(client):
        try:
            start.wait(timeout=10)
            return client.post(URL, SERIES, format="json").status_code
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, clients)) == [201, 409]
    assert (Series.objects.count(), Booking.objects.count()) == (1, 3)


def test_usage_of_rooms_is_a_kind_of_file(room, company, export):
    BookingFactory(room=room, company=company, begins=dt.time(9, 30), ends=dt.time(11))
    BookingFactory(room=room, company=None, day=dt.date(2026, 5, 4), begins=dt.time(10), ends=dt.time(10, 45))
    BookingFactory(room=room, company=company, begins=dt.time(12), ends=dt.time(13), state="cancelled")
    header = "month,field,room,company,hours,bookings"
    may = f"2026-05,{room.field},SQ-1,,0.75,1"
    june = f"2026-06,{room.field},SQ-1,A-001,1.50,1"
    assert export("room-usage").splitlines() == [header, may, june]
    assert export("room-usage", month=dt.date(2026, 5, 1)).splitlines() == [header, may]
