"""What bookings cost: credits of a company's month, by stage or package, never overspent; a price for guests."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, Incomplete, NotAllowed
from spaces.choices import Frequency
from spaces.credits import balance_of
from spaces.models import Allowance, Booking
from spaces.series import Pattern
from spaces.services import allowances, bookings, presence, series
from spaces.services.bookings import Wish
from tests.factories import BookingFactory, RoomFactory, UserFactory
from tests.spaces.booking import NOON, TOMORROW, at, book

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.fixture
def room():
    return RoomFactory(
        code="SQ-1", credits_per_hour=Decimal("1.5"), guest_price=Decimal("80.00"), for_guests=True, cancel_hours=4
    )


@pytest.fixture
def company(company):
    company.stage = "chick"
    company.save()
    Allowance.objects.create(since=JUNE, stage="chick", credits=4)
    return company


def left(company, month=JUNE) -> Decimal:
    return balance_of(company, month).left


def test_a_booking_costs_credits_until_they_are_used_up(room, alice, company):
    assert book(room, at("10:00", "11:30"), alice, company=company).credits == Decimal("2.25")
    with pytest.raises(Conflict) as refused:
        book(room, at("14:00", "15:30"), alice, company=company)
    assert (refused.value.code, str(refused.value)) == (
        "credits_used_up",
        "2026-06-16 14:00–15:30 costs 2.25 credits; of 4.00 in 2026-06, 1.75 are left.",
    )
    book(room, at("14:00", "15:00"), alice, company=company)
    assert (left(company), left(company, JULY)) == (Decimal("0.25"), 4)


def test_credits_come_back_when_it_is_cancelled_in_time_and_not_when_nobody_comes(room, alice, company):
    made = [book(room, at(f"{hour}:00", f"{hour}:30"), alice, company=company) for hour in (10, 12, 14)]
    assert left(company) == Decimal("1.75")
    bookings.cancel(booking=made[0], by=alice, now=made[0].slot.begins - dt.timedelta(hours=4))
    bookings.cancel(booking=made[1], by=alice, now=made[1].slot.begins - dt.timedelta(hours=3))
    presence.release_unclaimed(now=made[2].slot.begins + dt.timedelta(hours=1))
    assert left(company) == Decimal("2.50")


def test_a_move_costs_what_it_costs_then(room, alice, company):
    made = book(room, at("10:00", "12:00"), alice, company=company)
    moved = bookings.move(booking=made, slot=at("10:00", "12:30"), title="Longer", by=alice, now=NOON)
    assert moved.credits == Decimal("3.75")
    with pytest.raises(Conflict, match=r"costs 4\.50 credits"):
        bookings.move(booking=made, slot=at("10:00", "13:00"), title="Longer", by=alice, now=NOON)


def test_a_series_counts_in_each_of_its_months(room, alice, company):
    wish = Wish(room, at("10:00", "11:00"), "Salon", company)
    with pytest.raises(Conflict, match=r"2026-06-30 10:00–11:00 costs 1\.50 credits; of 4\.00 in 2026-06, 1\.00"):
        series.book_series(wish=wish, pattern=Pattern(Frequency.WEEKLY, times=4), by=alice, now=NOON)
    assert not Booking.objects.exists()
    weeks = Pattern(Frequency.WEEKLY, times=4, exceptions=frozenset([dt.date(2026, 6, 30)]))
    series.book_series(wish=wish, pattern=weeks, by=alice, now=NOON)
    assert (left(company), left(company, JULY)) == (1, Decimal("2.50"))


def test_the_package_of_a_company_stands_in_place_of_its_stage(company):
    assert left(company, dt.date(2026, 5, 1)) == 0
    Allowance.objects.create(since=JULY, company=company, credits=30, reason="growth package")
    Allowance.objects.create(since=dt.date(2026, 8, 1), stage="chick", credits=1)
    assert [left(company, dt.date(2026, month, 1)) for month in (6, 7, 8)] == [4, 30, 30]


def test_the_database_refuses_what_is_beyond_the_allowance_whoever_writes(room, company):
    made = BookingFactory(room=room, company=company, day=TOMORROW, credits=4)
    with pytest.raises(IntegrityError, match=r"uses 4\.25 credits"), transaction.atomic():
        BookingFactory(company=company, day=TOMORROW, credits=Decimal("0.25"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=made.pk).update(credits=5)
    Allowance.objects.update(credits=1)
    Booking.objects.filter(pk=made.pk).update(title="Still ours", credits=3)
    BookingFactory(company=company, day=TOMORROW, credits=9, is_charged=False)
    with pytest.raises(IntegrityError, match="one_currency"), transaction.atomic():
        BookingFactory(company=company, day=TOMORROW, price=1)


def test_guests_pay_a_price_and_the_zone_nothing(room, officer):
    made = book(room, at("10:00", "11:30"), UserFactory(name="Tan Wei"))
    assert (made.guest, made.price, made.credits) == ("Tan Wei", Decimal("120.00"), 0)
    assert book(room, at("12:00", "12:15"), officer, guest="Dr. Yao").price == Decimal("20.00")
    assert book(room, at("14:00", "15:00"), officer).price == 0
    room.guest_price = 100
    room.save()
    made.refresh_from_db()
    assert made.price == Decimal("120.00")


def test_allowances_are_kept_by_officers(officer, treasurer, company, signed_in):
    values = {"since": dt.date(2026, 9, 15), "stage": "growing", "amount": Decimal(40)}
    with pytest.raises(NotAllowed):
        allowances.grant_credits(**values, by=treasurer)
    made = allowances.grant_credits(**values, by=officer)
    assert made.since == dt.date(2026, 9, 1)
    with pytest.raises(Conflict, match="from this month already"):
        allowances.grant_credits(**values, by=officer)
    with pytest.raises(Incomplete, match="of a stage or of a company"):
        allowances.grant_credits(**values | {"company": company}, by=officer)
    client, url = signed_in(officer), reverse("spaces:allowances")
    form = {"since": "2026-10", "stage": "", "company": "A-001", "credits": "50", "reason": "growth package"}
    assert client.post(url, form).status_code == 302
    page = client.get(url).content.decode()
    assert "growth package" in page
    assert signed_in(treasurer).post(url, form).status_code == 403
    client.post(reverse("spaces:allowance_withdraw", args=[Allowance.objects.get(company=company).pk]))
    assert not Allowance.objects.filter(company=company).exists()


def test_the_form_says_what_it_costs_and_what_is_left(room, alice, company, signed_in):
    form = {"room": "SQ-1", "company": "A-001", "day": "2026-06-16", "begins": "10:00", "ends": "11:00"}
    with time_machine.travel(NOON, tick=False):
        page = signed_in(alice).get(reverse("spaces:booking_check"), form).content.decode()
    assert "1.50" in page
    assert "4.00 of 4.00 are left in 2026-06" in page
