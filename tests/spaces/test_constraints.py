"""What may never happen is refused by the database, whoever writes: past forms, services and `full_clean`."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from core.periods import period
from spaces.models import Lease, Unit
from tests.factories import LeaseFactory, UnitFactory

START = dt.date(2026, 1, 1)


def constraint_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


@pytest.fixture
def lease(db) -> Lease:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.50"))
    return LeaseFactory(number="L1", unit=unit, term=period(START, dt.date(2026, 12, 31)))


@pytest.mark.parametrize("day", [START, dt.date(2026, 12, 31)])
def test_two_leases_of_a_unit_share_no_day(lease, day):
    taken = constraint_of(lambda: LeaseFactory(unit=lease.unit, company=lease.company, term=period(day, day)))
    assert taken == "spaces_lease_no_overlap"


def test_leases_without_a_gap_are_fine(lease):
    LeaseFactory(unit=lease.unit, term=period(dt.date(2027, 1, 1), None))
    LeaseFactory(unit=lease.unit, term=period(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))


def test_a_void_lease_holds_no_day_until_it_would_be_revived(lease):
    void = LeaseFactory(unit=lease.unit, term=lease.term, voided=True)
    revived = constraint_of(lambda: Lease.objects.filter(pk=void.pk).update(voided_at=None))
    assert revived == "spaces_lease_no_overlap"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"area_m2": Decimal("120.51")}, "spaces_lease_within_unit"),
        ({"area_m2": Decimal(0)}, "spaces_lease_area"),
        ({"price_per_m2_day": Decimal("-0.0001")}, "spaces_lease_price"),
        ({"price_per_m2_day": Decimal("10000.0001")}, "spaces_lease_price"),
        ({"term": DateRange(empty=True)}, "spaces_lease_first_day"),
        ({"term": DateRange(None, START)}, "spaces_lease_first_day"),
        ({"term": DateRange(dt.date(1799, 12, 31), START)}, "spaces_lease_days"),
        ({"term": DateRange(START, dt.date(2200, 1, 2))}, "spaces_lease_days"),
        ({"number": " L1"}, "spaces_lease_number_form"),
        ({"number": "L\n1"}, "spaces_lease_number_form"),
        ({"voided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "spaces_lease_void_reason"),
    ],
)
def test_a_lease_cannot_be_changed_into_an_impossible_one(lease, values, constraint):
    assert constraint_of(lambda: Lease.objects.filter(pk=lease.pk).update(**values)) == constraint


def test_days_that_python_does_not_know_are_refused(lease):
    def forever() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE spaces_lease SET term = daterange('2026-01-01', 'infinity')")

    assert constraint_of(forever) == "spaces_lease_days"


def test_a_lease_does_not_move_into_a_unit_that_is_too_small(lease):
    small = UnitFactory(area_m2=Decimal("99.99"))
    moved = constraint_of(lambda: Lease.objects.filter(pk=lease.pk).update(unit=small))
    assert moved == "spaces_lease_within_unit"


def test_a_unit_does_not_shrink_below_a_valid_lease(lease):
    shrunk = constraint_of(lambda: Unit.objects.filter(pk=lease.unit_id).update(area_m2=Decimal("99.99")))
    assert shrunk == "spaces_unit_area_covers_leases"
    Unit.objects.filter(pk=lease.unit_id).update(area_m2=Decimal("100.00"))


def test_a_unit_has_an_area(lease):
    assert constraint_of(lambda: Unit.objects.filter(pk=lease.unit_id).update(area_m2=0)) in {
        "spaces_unit_area",
        "spaces_unit_area_covers_leases",
    }


def test_one_statement_may_move_leases_past_each_other(lease):
    LeaseFactory(number="L2", unit=lease.unit, term=period(dt.date(2027, 1, 1), dt.date(2027, 12, 31)))
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE spaces_lease SET term = CASE number
               WHEN 'L1' THEN daterange('2027-01-01', '2028-01-01')
               ELSE daterange('2026-01-01', '2027-01-01') END"""
        )
    assert Lease.objects.get(number="L1").term.lower == dt.date(2027, 1, 1)
