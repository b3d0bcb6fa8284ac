"""How the rooms are used: hours by field, company, month and hour, as a page, a file and a company's own way."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from spaces import usage
from spaces.models import Booking
from tests.factories import TODAY, BookingFactory, RoomFactory
from tests.spaces.booking import NOON

pytestmark = pytest.mark.django_db
H = Decimal


@pytest.fixture
def used(company, other_company):
    """Nights and days in two fields and two months."""
    stage = RoomFactory(code="HC-1", field="opportunity")
    lab = RoomFactory(code="SQ-1", field="development")
    BookingFactory(room=stage, company=company, begins=dt.time(22), ends=dt.time(1, 30))
    BookingFactory(room=lab, company=company, begins=dt.time(9, 30), ends=dt.time(11))
    BookingFactory(room=lab, company=other_company, day=dt.date(2026, 5, 4), begins=dt.time(10), ends=dt.time(10, 45))
    BookingFactory(room=lab, company=None, guest="Dr. Yao", begins=dt.time(15), ends=dt.time(16))
    BookingFactory(room=stage, company=company, begins=dt.time(12), ends=dt.time(13), state="released")
    BookingFactory(room=stage, company=company, begins=dt.time(12), ends=dt.time(13), state="cancelled")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_hours_by_field_month_company_and_hour(used):
    rows = Booking.objects.all()
    assert [(one.what[0], one.hours, one.bookings) for one in usage.by_field(rows)] == [
        ("opportunity", H("3.50"), 1), ("development", H("3.25"), 3), ("emergence", 0, 0), ("free_space", 0, 0),
    ]  # fmt: skip
    assert [(one.what[0].month, one.hours) for one in usage.by_month(rows)] == [(5, H("0.75")), (6, H("6.00"))]
    found = [(row["company__code"], row["hours"], row["bookings"]) for row in usage.by_company(rows)]
    assert found == [("A-001", 5, 2), (None, 1, 1), ("B-001", H("0.75"), 1)]
    hours = dict(enumerate(usage.by_hour(rows)))
    assert {hour: part for hour, part in hours.items() if part} == {
        0: 1, 1: H("0.50"), 9: H("0.50"), 10: H("1.75"), 15: 1, 22: 1, 23: 1,
    }  # fmt: skip
    assert usage.total(rows) == {"hours": H("6.75"), "bookings": 4, "released": H("0.200")}


def test_the_page_and_the_file_of_the_filter(used, officer, signed_in, django_assert_max_num_queries):
    client, url = signed_in(officer), reverse("spaces:usage")
    with django_assert_max_num_queries(20):
        page = client.get(url)
    assert "Lingxi Audio" in page.content.decode()
    assert page.context["total"]["hours"] == H("6.75")
    assert client.get(url, {"since": "2026-06-01"}).context["total"]["hours"] == 6
    csv = client.get(url, {"format": "csv", "field": "development"}).content.decode("utf-8-sig").splitlines()
    assert csv == [
        "month,field,room,company,hours,bookings",
        "2026-05,development,SQ-1,B-001,0.75,1",
        "2026-06,development,SQ-1,A-001,1.50,1",
        "2026-06,development,SQ-1,,1.00,1",
    ]


def test_a_company_sees_its_way_through_the_fields(used, alice, company, signed_in):
    BookingFactory(company=company, day=TODAY - dt.timedelta(days=400), room__field="emergence")
    client, url = signed_in(alice), reverse("spaces:company_rooms", args=[company.code])
    assert [step["used"].hours for step in client.get(url).context["path"]] == [H("3.50"), H("1.50"), 0, 0]
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()
