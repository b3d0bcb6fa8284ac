"""Occupancy by campus and month: exact over the days, one query over the leases, and what comes free."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import round_half_up
from core.periods import DAY, last_day, next_month, period
from spaces.models import Campus, Lease
from spaces.occupancy import coming_free, day_averages, months_around, occupancy
from tests.factories import BuildingFactory, CampusFactory, LeaseFactory, UnitFactory

MONTHS = months_around(dt.date(2026, 6, 15))
FIRST, END = MONTHS[0], next_month(MONTHS[-1])


@pytest.fixture
def campus(db):
    return CampusFactory(code="sqw", name="Shuqiwan")


def let(campus, first, last, area="100.00", **lease):
    unit = UnitFactory(building=BuildingFactory(campus=campus), area_m2=Decimal("200.00"))
    return LeaseFactory(unit=unit, area_m2=Decimal(area), term=period(first, last), **lease)


def test_there_are_twelve_months_back_and_ahead():
    assert (MONTHS[0], MONTHS[12], MONTHS[-1], len(MONTHS)) == (
        dt.date(2025, 6, 1), dt.date(2026, 6, 1), dt.date(2027, 6, 1), 25,
    )  # fmt: skip


DAYS = st.integers(-40, (END - FIRST).days + 40).map(lambda days: FIRST + days * DAY)
AREAS = st.integers(1, 99_999).map(lambda area: Decimal(area).scaleb(-2))
LEASES = st.lists(st.tuples(DAYS, st.integers(1, 500), AREAS), max_size=4)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LEASES)
def test_the_average_of_a_month_is_that_of_its_days(leases):
    terms = [(first, first + days * DAY, area) for first, days, area in leases]
    changes = sorted(
        (1, day, change)
        for first, until, area in terms
        if until > FIRST and first < END
        for day, change in ((max(first, FIRST), area), (until, -area))
        if day < END
    )
    found = day_averages(changes, MONTHS).get(1, [Decimal(0)] * len(MONTHS))
    for month, average in zip(MONTHS, found, strict=True):
        days = [month + number * DAY for number in range((next_month(month) - month).days)]
        total = sum((area for day in days for first, until, area in terms if first <= day < until), Decimal(0))
        assert abs(Fraction(average) - Fraction(total) / len(days)) <= Fraction(1, 200)


def test_days_of_a_month_count_by_the_leases_on_record(campus):
    let(campus, dt.date(2026, 4, 16), dt.date(2026, 6, 10))
    let(campus, dt.date(2020, 1, 1), dt.date(2025, 6, 1), area="30.00")
    let(campus, dt.date(2026, 6, 10), None, area="0.10")
    let(campus, dt.date(2026, 5, 1), None, voided=True)
    let(campus, dt.date(2027, 7, 1), None)
    elsewhere = CampusFactory(code="empty")
    found = {(row.campus.code, row.month): row for row in occupancy([campus, elsewhere], MONTHS)}
    expected = {
        dt.date(2025, 6, 1): Decimal("1.00"),
        dt.date(2025, 7, 1): Decimal("0.00"),
        dt.date(2026, 4, 1): Decimal("50.00"),
        dt.date(2026, 5, 1): Decimal("100.00"),
        dt.date(2026, 6, 1): round_half_up(Decimal(1000 + Decimal("2.1")) / 30),
        dt.date(2027, 6, 1): Decimal("0.10"),
    }
    assert {month: found["sqw", month].let for month in expected} == expected
    assert found["sqw", dt.date(2026, 5, 1)].share == Decimal("0.100")
    assert (found["empty", MONTHS[0]].let, found["empty", MONTHS[0]].share) == (0, None)


@pytest.mark.parametrize(
    ("last", "is_told"), [("2026-06-14", False), ("2026-06-15", True), ("2026-12-14", True), ("2026-12-15", False)]
)
def test_a_unit_comes_free_after_its_last_day_unless_it_is_let_again(campus, last, is_told):
    lease = let(campus, dt.date(2026, 1, 1), dt.date.fromisoformat(last))
    again = let(campus, dt.date(2026, 1, 1), dt.date.fromisoformat(last))
    LeaseFactory(unit=again.unit, term=period(last_day(again.term) + DAY, None))
    found = coming_free(dt.date(2026, 6, 15), dt.date(2026, 12, 15))
    assert list(found) == ([lease] if is_told else [])


# --- The page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.mark.usefixtures("_june")
def test_a_figure_opens_to_the_leases_behind_it(campus, officer, signed_in):
    let(campus, dt.date(2026, 4, 16), dt.date(2026, 6, 10))
    let(campus, dt.date(2026, 7, 1), None)
    let(CampusFactory(), dt.date(2026, 4, 1), None)
    desk = signed_in(officer)
    assert "?campus=sqw&amp;month=2026-04" in desk.get(reverse("spaces:occupancy")).content.decode()
    table = desk.get(reverse("spaces:leases"), {"campus": "sqw", "month": "2026-04"}).context["table"]
    assert [row.record for row in table.rows] == [Lease.objects.order_by("pk").first()]


@pytest.mark.usefixtures("_june")
def test_the_figures_come_as_a_file_of_the_filter(campus, officer, signed_in):
    let(campus, dt.date(2026, 4, 16), None)
    CampusFactory(code="other")
    response = signed_in(officer).get(reverse("spaces:occupancy"), {"campus": "sqw", "format": "csv"})
    lines = response.content.decode().splitlines()
    assert (lines[0], len(lines)) == ("campus,month,area_m2,let_m2,share", 26)
    assert lines[11] == "sqw,2026-04,200.00,50.00,0.250"


@pytest.mark.usefixtures("_june")
def test_more_campuses_and_leases_take_no_more_queries(
    campus, officer, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    desk, url = signed_in(officer), reverse("spaces:occupancy")
    let(campus, dt.date(2026, 1, 1), dt.date(2026, 7, 1))
    with django_assert_max_num_queries(20) as few:
        desk.get(url)
    for _number in range(3):
        let(CampusFactory(), dt.date(2026, 1, 1), dt.date(2026, 8, 1))
    assert Campus.objects.count() == 4
    with django_assert_num_queries(len(few)):
        desk.get(url)
