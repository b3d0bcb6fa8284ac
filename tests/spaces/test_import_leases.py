"""The file `leases`: what comes in, what is refused with which words, and what stays as it was."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.interchange import importing, kinds
from core.interchange.problems import FileRefused
from core.models import OutboxEvent
from core.periods import period
from spaces.models import Lease
from tests.factories import CompanyFactory, LeaseFactory, UnitFactory

HEADER = "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day\n"
ROW = "L1,A-001,U1,100.00,3.5000,2026-01-01,2026-12-31\n"


@pytest.fixture
def unit(company):
    return UnitFactory(code="U1", area_m2=Decimal("120.50"))


def only_lease() -> Lease:
    return Lease.objects.select_related("company", "unit").get()


def test_both_days_are_included_in_the_file_and_the_end_is_open_in_the_database(unit, bring):
    bring("leases", HEADER + ROW)
    lease = only_lease()
    assert (lease.term.lower, lease.term.upper) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert (lease.company.code, lease.unit.code, lease.area_m2, lease.price_per_m2_day) == (
        "A-001", "U1", Decimal("100.00"), Decimal("3.5000"),
    )  # fmt: skip


def test_an_empty_last_day_is_an_open_end(unit, bring):
    bring("leases", HEADER + "L1,A-001,U1,100,3.5,2026-01-01,\n")
    assert only_lease().term.upper is None


def test_a_lease_of_one_day_is_a_lease(unit, bring):
    bring("leases", HEADER + "L1,A-001,U1,100,3.5,2026-01-01,2026-01-01\n")
    assert only_lease().term == period(dt.date(2026, 1, 1), dt.date(2026, 1, 1))


def test_columns_come_in_any_order(unit, bring):
    bring("leases", "last_day,first_day,price_per_m2_day,area_m2,unit,company,lease\n,2026-01-01,3.5,100,U1,A-001,L1\n")
    assert only_lease().number == "L1"


def test_importing_twice_changes_nothing_the_second_time(unit, bring):
    assert bring("leases", HEADER + ROW).stored == kinds.Stored(new=1)
    before = Lease.objects.values_list("pk", "updated_at").get()
    events = OutboxEvent.objects.count()
    assert bring("leases", HEADER + ROW).stored == kinds.Stored(unchanged=1)
    assert Lease.objects.values_list("pk", "updated_at").get() == before
    assert OutboxEvent.objects.count() == events


def test_one_event_tells_of_an_import_that_changed_something(unit, company, bring):
    bring("leases", HEADER + ROW)
    assert list(OutboxEvent.objects.values_list("topic", "key", "payload")) == [
        ("leases.imported", "leases", {"new": 1, "changed": 0, "companies": [company.pk]})
    ]


def test_the_audit_trail_names_the_file(unit, bring):
    bring("leases", HEADER + ROW)
    event = only_lease().events.select_related("pgh_context").get()
    assert event.pgh_context.metadata["actor"] == "import leases.csv"


def test_a_row_that_differs_changes_the_lease(unit, bring):
    bring("leases", HEADER + ROW)
    assert bring("leases", HEADER + ROW.replace("3.5000", "3.6000")).stored == kinds.Stored(changed=1)
    assert only_lease().price_per_m2_day == Decimal("3.6000")


def test_an_absent_column_stays_as_it_is_and_an_empty_cell_clears(unit, bring):
    bring("leases", HEADER + ROW)
    bring("leases", "lease,company,unit,area_m2,price_per_m2_day,first_day\nL1,A-001,U1,90,3.5,2026-01-01\n")
    assert (only_lease().area_m2, only_lease().term.upper) == (Decimal("90.00"), dt.date(2027, 1, 1))
    bring("leases", HEADER + ROW.replace("2026-12-31", ""))
    assert only_lease().term.upper is None


def test_leases_may_follow_each_other_without_a_gap(unit, bring):
    bring("leases", HEADER + ROW + "L2,A-001,U1,100,3.5,2027-01-01,\n")
    assert Lease.objects.count() == 2


def test_leases_may_take_each_others_place_in_one_file(unit, bring):
    bring("leases", HEADER + ROW + "L2,A-001,U1,100,3.5,2027-01-01,2027-12-31\n")
    swapped = ROW.replace("2026", "2027") + "L2,A-001,U1,100,3.5,2026-01-01,2026-12-31\n"
    assert bring("leases", HEADER + swapped).stored == kinds.Stored(changed=2)


@pytest.mark.parametrize(
    ("row", "column", "value", "told"),
    [
        (",A-001,U1,100,3.5,2026-01-01,", "lease", "", "is missing"),
        ("L1,,U1,100,3.5,2026-01-01,", "company", "", "is missing"),
        ("L1,NONE,U1,100,3.5,2026-01-01,", "company", "NONE", "is no company of the register"),
        ("L1,A-001,U9,100,3.5,2026-01-01,", "unit", "U9", "is no unit of the zone"),
        ("L1,A-001,U1,120.51,3.5,2026-01-01,", "area_m2", "120.51", "more than the 120.50 m² of the unit"),
        ("L1,A-001,U1,0,3.5,2026-01-01,", "area_m2", "0", "must be more than 0"),
        ("L1,A-001,U1,1.005,3.5,2026-01-01,", "area_m2", "1.005", "more than 2 decimal places"),
        ("L1,A-001,U1,100,3.50001,2026-01-01,", "price_per_m2_day", "3.50001", "more than 4 decimal places"),
        ("L1,A-001,U1,100,-1,2026-01-01,", "price_per_m2_day", "-1", "must lie between"),
        ("L1,A-001,U1,100,3.5,2026-02-29,", "first_day", "2026-02-29", "not a day of the calendar"),
        ("L1,A-001,U1,100,3.5,2026-01-02,2026-01-01", "last_day", "2026-01-01", "before the first day 2026-01-02"),
        ("L1,A-001,U1,100,3.5", "", "", "has 5 cells, but the header has 7"),
    ],
)
def test_a_bad_row_is_refused_with_line_column_value_and_reason(unit, refusals, row, column, value, told):
    found = refusals("leases", HEADER + "OK,A-001,U1,1,1,2020-01-01,2020-01-31\n" + row + "\n")
    assert (3, column, value) in [problem[:3] for problem in found]
    assert told in " ".join(problem[3] for problem in found)
    assert not Lease.objects.exists()


def test_all_problems_of_a_file_are_told_in_its_order(unit, refusals):
    found = refusals("leases", HEADER + "L1,NONE,U9,0,x,2026-01-01,\n" + ROW.replace("U1", "U9").replace("L1", "L2"))
    assert [problem[:2] for problem in found] == [(2, "area_m2"), (2, "price_per_m2_day"), (3, "unit")]


@pytest.mark.parametrize(
    ("header", "column", "told"),
    [
        ("lease,company,unit,area_m2,price_per_m2_day", "first_day", "required column"),
        (HEADER.strip() + ",colour", "colour", "is no column of leases"),
        (HEADER.strip() + ",unit", "unit", "is in the header twice"),
        ("Lease,company,unit,area_m2,price_per_m2_day,first_day", "Lease", "is no column of leases"),
    ],
)
def test_a_header_that_is_not_the_kinds_is_refused(unit, refusals, header, column, told):
    found = refusals("leases", header + "\n")
    assert any(problem[1] == column and told in problem[3] and problem[0] == 1 for problem in found)


def test_rows_with_the_same_key_are_refused_both(unit, refusals):
    found = refusals("leases", HEADER + ROW + "L2,A-001,U1,1,1,2030-01-01,\n" + ROW)
    assert found == [(2, "lease", "L1", "stands in line 4 too"), (4, "lease", "L1", "stands in line 2 too")]


def test_leases_that_overlap_in_the_file_are_refused_with_the_other_ones_name(unit, refusals):
    found = refusals("leases", HEADER + ROW + "L2,A-001,U1,10,1,2026-12-31,\n")
    assert found == [(3, "unit", "U1", "is let by the lease L1 of A-001 in line 2, 2026-01-01 to 2026-12-31")]


def test_leases_that_overlap_one_of_the_portal_are_refused_with_its_name(unit, refusals, other_company):
    LeaseFactory(number="OLD", unit=unit, company=other_company, term=period(dt.date(2026, 12, 31), None))
    found = refusals("leases", HEADER + ROW)
    assert found == [(2, "unit", "U1", "is let by the lease OLD of B-001, 2026-12-31 to open")]
    assert Lease.objects.count() == 1


def test_a_refused_row_leaves_its_stored_lease_in_the_way_of_others(unit, bring, company):
    LeaseFactory(number="L1", unit=unit, company=company, term=period(dt.date(2026, 1, 1), None))
    shortened = "L1,A-001,U1,999,3.5,2026-01-01,2026-06-30\n"  # too large, so it stays open
    done = bring("leases", HEADER + shortened + "L2,A-001,U1,10,3.5,2026-07-01,\n", accept_valid=True)
    assert done.problems["line"].to_list() == [2, 3]
    assert [lease.term.upper for lease in Lease.objects.all()] == [None]


def test_a_lease_that_was_declared_void_is_not_revived(unit, refusals, company):
    LeaseFactory(number="L1", unit=unit, company=company, voided=True)
    assert refusals("leases", HEADER + ROW) == [(2, "lease", "L1", "was declared void: use another number")]


def test_a_void_lease_stands_in_nobodys_way(unit, bring, company):
    LeaseFactory(number="VOID", unit=unit, company=company, voided=True)
    assert bring("leases", HEADER + ROW).stored.new == 1


def test_a_trial_counts_and_changes_nothing(unit, bring):
    done = bring("leases", HEADER + ROW, dry_run=True)
    assert (done.stored, Lease.objects.count(), OutboxEvent.objects.count()) == (kinds.Stored(new=1), 0, 0)


def test_good_rows_go_in_and_the_refused_ones_come_back_to_be_mended(unit, bring, tmp_path):
    bad = "L2,NONE,U1,1.005,3.5,2027-01-01,\n"
    done = bring("leases", HEADER + ROW + bad, accept_valid=True)
    assert (done.stored.new, done.refused_rows, done.refused_file) == (1, 1, tmp_path / "leases.refused.csv")
    back = done.refused_file.read_text()
    assert back == (
        "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day,reason\n"
        "L2,NONE,U1,1.005,3.5,2027-01-01,,area_m2: has more than 2 decimal places\n"
    )
    mended = back.replace("1.005", "1.05").replace("NONE", "A-001")
    assert bring("leases", mended).stored == kinds.Stored(new=1)


def test_of_rows_that_overlap_the_earlier_line_goes_in(unit, bring):
    rows = ROW + "L2,A-001,U1,1,1,2026-06-01,2027-06-30\nL3,A-001,U1,1,1,2027-01-01,\n"
    done = bring("leases", HEADER + rows, accept_valid=True)
    assert (list(Lease.objects.values_list("number", flat=True)), done.refused_rows) == (["L1", "L3"], 1)


def test_what_changed_since_the_check_is_refused_by_the_database(unit, company, bring, monkeypatch):
    kind = kinds.import_kind("leases")

    def check_and_be_overtaken(rows: pl.DataFrame) -> pl.DataFrame:
        found = kind.check(rows)
        LeaseFactory(number="FAST", unit=unit, company=company, term=period(dt.date(2026, 5, 1), None))
        return found

    overtaken = kinds.ImportKind("leases", kind.columns, check=check_and_be_overtaken, store=kind.store)
    monkeypatch.setitem(kinds.IMPORTS, "leases", overtaken)
    with pytest.raises(FileRefused, match="refused"):
        bring("leases", HEADER + ROW)
    assert not Lease.objects.exists()


def test_a_file_with_ten_times_the_rows_takes_no_more_queries(db, write):
    companies = [CompanyFactory(code=f"C{number}") for number in range(3)]

    def queries(kind: str, count: int, offset: int) -> int:
        for number in range(count):
            UnitFactory(code=f"{offset + number}")
        rows = "".join(
            f"{offset + number},{companies[number % 3].code},{offset + number},1,1,2026-01-01,\n"
            for number in range(count)
        )
        path = write(kind, HEADER + rows)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            importing.import_file(kinds.import_kind(kind), path, on=dt.date(2026, 6, 15))
        return len(captured)

    assert queries("leases", 2, 0) == queries("leases", 20, 100)
