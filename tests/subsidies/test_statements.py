"""Rent statements: open ones follow the facts, issued ones never change, corrections go into the open month."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.models import Company
from core import runs
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent, Run, RunState
from core.periods import period
from spaces.models import MAX_AREA_M2, MAX_PRICE, Lease
from subsidies.choices import StatementState
from subsidies.gather.selection import chosen
from subsidies.models import PolicyVersion, RentAdjustment, RentLine, RentStatement
from subsidies.services import statements
from subsidies.services.assessments import assess
from tests.factories import IN_FORCE_FROM, CompanyFactory
from tests.policies import published_policy
from tests.subsidies.conftest import JULY, JUNE, MAY, ON, billed, let

AUGUST_1 = dt.date(2026, 8, 1)


def bill(*companies: Company, month: dt.date | None = None) -> statements.Billed:
    return statements.bill(chosen([company.pk for company in companies]), month=month)


def issue(month: dt.date, treasurer, on: dt.date = AUGUST_1) -> int:
    return statements.issue_statements(month=month, on=on, by=treasurer)


def amounts(statement: RentStatement) -> tuple[str, ...]:
    return tuple(str(getattr(statement, name)) for name in ("rent", "waived", "adjustment", "payable"))


def correct(company: Company, **fields: object) -> None:
    company.leases.update(**fields)


# --- Open months -------------------------------------------------------------------------------------------------


def test_a_statement_shows_rent_relief_and_what_is_left_to_pay(tenant: Company):
    statement = billed(tenant, MAY)
    assert amounts(statement) == ("12400.00", "9300.00", "0.00", "3100.00")
    line = statement.lines.get()
    assert (line.lease.number, line.days, line.waived_days) == ("L-1", 31, 31)
    assert (str(line.rent), str(line.waived), str(line.payable), line.missing) == ("12400.00", "9300.00", "3100.00", "")
    (segment,) = line.segments
    assert segment["first"] == "2026-05-01"
    assert segment["until"] == "2026-06-01"
    assert (segment["area"], segment["waived_area"], segment["price"], segment["share"]) == (40000, 30000, 10000, 10000)


def test_billing_again_writes_nothing(tenant: Company):
    before = billed(tenant, MAY)
    assert bill(tenant, month=MAY).counts == {
        "statements": 1, "written": 0, "removed": 0, "adjustments": 0, "waiting": 0,
    }  # fmt: skip
    after = RentStatement.objects.get(pk=before.pk)
    assert after.computed_at == before.computed_at
    assert after.lines.get().pk == before.lines.get().pk


def test_an_open_statement_follows_its_facts(tenant: Company):
    first = billed(tenant, MAY)
    correct(tenant, area_m2=Decimal("200.00"))
    again = billed(tenant, MAY)
    assert again.pk == first.pk
    assert amounts(again) == ("6200.00", "6200.00", "0.00", "0.00")
    assert again.lines.count() == 1


def test_every_open_month_is_computed_again_whichever_is_billed(tenant: Company):
    billed(tenant, MAY)
    correct(tenant, area_m2=Decimal("200.00"))
    billed(tenant, JUNE)
    assert str(RentStatement.objects.get(month=MAY).rent) == "6200.00"


def test_a_lease_that_leaves_the_month_leaves_the_statement(tenant: Company):
    let(tenant, number="L-2")
    assert billed(tenant, MAY).lines.count() == 2
    Lease.objects.filter(number="L-2").update(term=period(IN_FORCE_FROM, dt.date(2026, 4, 30)))
    assert billed(tenant, MAY).lines.get().lease.number == "L-1"


def test_an_open_statement_with_nothing_left_is_removed(tenant: Company):
    billed(tenant, MAY)
    correct(tenant, term=period(IN_FORCE_FROM, dt.date(2026, 4, 30)))
    assert bill(tenant, month=MAY).removed == 1
    assert not RentStatement.objects.exists()
    assert not RentLine.objects.exists()


def test_a_company_without_a_lease_gets_no_statement(policy: PolicyVersion):
    company = CompanyFactory()
    assert bill(company, month=MAY).statements == 0
    assert not RentStatement.objects.exists()


def test_an_unknown_registration_waives_nothing_and_says_what_is_missing(tenant: Company):
    Company.objects.filter(pk=tenant.pk).update(registration=None)
    statement = billed(tenant, MAY)
    assert amounts(statement) == ("12400.00", "0.00", "0.00", "12400.00")
    assert statement.lines.get().missing == "registered_on"


def test_a_month_before_the_policy_has_rent_and_no_relief(tenant: Company):
    correct(tenant, term=period(dt.date(2025, 8, 1), None))
    assert amounts(billed(tenant, dt.date(2025, 8, 1))) == ("12400.00", "0.00", "0.00", "12400.00")


@pytest.mark.django_db
def test_without_any_policy_nothing_is_billed():
    company = CompanyFactory()
    let(company)
    with pytest.raises(Conflict, match="load_policy"):
        bill(company, month=MAY)
    assert not RentStatement.objects.exists()


# --- Issuing -----------------------------------------------------------------------------------------------------


def test_the_treasurer_issues_a_month_that_is_over(tenant: Company, treasurer):
    billed(tenant, MAY)
    assert issue(MAY, treasurer, on=JUNE) == 1
    statement = RentStatement.objects.get()
    assert statement.state == StatementState.ISSUED
    assert statement.issued_at is not None
    assert OutboxEvent.objects.filter(topic="statement.issued", key="2026-05").count() == 1


def test_nobody_else_issues(tenant: Company, officer, approver, auditor):
    billed(tenant, MAY)
    for person in (officer, approver, auditor):
        with pytest.raises(NotAllowed):
            issue(MAY, person)
    assert RentStatement.objects.get().state == StatementState.OPEN


def test_a_month_that_lasts_is_not_issued(tenant: Company, treasurer):
    billed(tenant, MAY)
    with pytest.raises(Conflict, match="not over"):
        issue(MAY, treasurer, on=dt.date(2026, 5, 31))


def test_months_are_issued_in_their_order(tenant: Company, treasurer):
    billed(tenant, MAY)
    billed(tenant, JUNE)
    with pytest.raises(Conflict, match="Issue 2026-05 first"):
        issue(JUNE, treasurer)
    issue(MAY, treasurer)
    assert issue(JUNE, treasurer) == 1
    with pytest.raises(Conflict, match="no open statements"):
        issue(JUNE, treasurer)


def test_nothing_is_issued_while_the_rent_is_being_billed(tenant: Company, treasurer):
    billed(tenant, MAY)
    statements.request_billing(month=MAY)
    with pytest.raises(Conflict, match="being billed"):
        issue(MAY, treasurer)


def test_an_issued_statement_is_refused_every_change_by_the_database(tenant: Company, treasurer):
    line = billed(tenant, MAY).lines.get()
    billed(tenant, JUNE)
    issue(MAY, treasurer)
    closed, still_open = RentStatement.objects.get(month=MAY), RentStatement.objects.get(month=JUNE)
    money = {"rent": 1, "waived": 0, "payable": 1}
    attempts = [
        lambda: RentStatement.objects.filter(pk=closed.pk).update(rent=1, payable=1, waived=0),
        lambda: RentStatement.objects.filter(pk=closed.pk).update(state="open", issued_at=None),
        lambda: RentStatement.objects.filter(pk=closed.pk)._raw_delete("default"),
        lambda: RentLine.objects.filter(pk=line.pk).update(rent=1, waived=0, payable=1),
        lambda: RentLine.objects.filter(pk=line.pk).update(statement=still_open),
        lambda: RentLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: RentLine.objects.create(statement=closed, lease=let(tenant), days=1, waived_days=0, **money),
        lambda: RentAdjustment.objects.create(statement=closed, lease=line.lease, month=MAY, reason="x", **money),
    ]
    for attempt in attempts:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attempt()
    assert amounts(RentStatement.objects.get(month=MAY)) == ("12400.00", "9300.00", "0.00", "3100.00")


# --- Corrections -------------------------------------------------------------------------------------------------


def test_a_correction_of_an_issued_month_goes_into_the_open_one(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, area_m2=Decimal("200.00"))
    june = billed(tenant, JUNE)
    # June itself is free now; of May, 6,200 less rent and 3,100 less relief: 3,100 were paid for nothing.
    assert amounts(june) == ("6000.00", "6000.00", "-3100.00", "-3100.00")
    one = june.adjustments.get()
    assert (one.month, str(one.rent), str(one.waived), str(one.payable)) == (MAY, "-6200.00", "-3100.00", "-3100.00")
    assert one.reason == "area"
    assert one.reasons == ["the leased area was corrected"]
    assert str(RentStatement.objects.get(month=MAY).rent) == "12400.00"


def test_a_correction_is_posted_once(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, area_m2=Decimal("200.00"))
    june = billed(tenant, JUNE)
    assert bill(tenant, month=JUNE).written == 0
    issue(JUNE, treasurer)
    july = billed(tenant, JULY)
    assert (str(july.adjustment), july.adjustments.count()) == ("0.00", 0)
    assert june.adjustments.count() == 1


def test_a_correction_that_is_taken_back_disappears_while_its_month_is_open(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, area_m2=Decimal("200.00"))
    assert billed(tenant, JUNE).adjustments.count() == 1
    correct(tenant, area_m2=Decimal("400.00"))
    assert amounts(billed(tenant, JUNE)) == ("12000.00", "9000.00", "0.00", "3000.00")
    assert not RentAdjustment.objects.exists()


def test_a_correction_that_is_taken_back_after_it_was_issued_is_posted_back(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, price_per_m2_day=Decimal("2.0000"))
    assert str(billed(tenant, JUNE).adjustment) == "3100.00"
    issue(JUNE, treasurer)
    correct(tenant, price_per_m2_day=Decimal("1.0000"))
    july = billed(tenant, JULY)
    posted = {one.month: (str(one.payable), one.reason) for one in july.adjustments.all()}
    assert posted == {MAY: ("-3100.00", "price"), JUNE: ("-3000.00", "price")}


def test_a_lease_that_is_entered_later_is_charged_for_issued_months(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    let(tenant, number="L-0", first=dt.date(2026, 5, 17))
    june = billed(tenant, JUNE)
    (one,) = june.adjustments.all()
    assert (one.lease.number, str(one.payable), one.reason) == ("L-0", "1500.00", "lease_added")


def test_a_company_that_had_no_statement_is_charged_too(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    late = CompanyFactory()
    let(late, number="L-9", area_m2=Decimal("310.00"), first=dt.date(2026, 5, 31))
    june = billed(late, JUNE)
    assert str(june.adjustment) == "10.00"
    assert RentStatement.objects.filter(company=late).count() == 1


def test_a_company_that_has_left_gets_its_correction_too(tenant: Company, treasurer):
    correct(tenant, term=period(IN_FORCE_FROM, dt.date(2026, 5, 31)))
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, term=period(IN_FORCE_FROM, dt.date(2026, 5, 30)))
    june = billed(tenant, JUNE)
    assert amounts(june) == ("0.00", "0.00", "-100.00", "-100.00")
    assert june.adjustments.get().reason == "term"


def test_a_voided_lease_is_paid_back(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, voided_at=dt.datetime(2026, 6, 2, tzinfo=dt.UTC), void_reason="entered in error")
    (one,) = billed(tenant, JUNE).adjustments.all()
    assert (str(one.rent), str(one.payable), one.reason, one.segments) == ("-12400.00", "-3100.00", "lease_removed", [])


def test_a_later_registration_withdraws_relief_of_an_issued_month(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2026, 5, 11), None))
    (one,) = billed(tenant, JUNE).adjustments.all()
    assert (str(one.rent), str(one.waived), str(one.payable)) == ("0.00", "-3000.00", "3000.00")
    assert one.reason == "registration"


def test_without_an_open_month_a_correction_waits_for_the_next_bill(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    correct(tenant, area_m2=Decimal("200.00"))
    assert bill(tenant, month=MAY).counts == {
        "statements": 0, "written": 0, "removed": 0, "adjustments": 0, "waiting": 1,
    }  # fmt: skip
    assert str(billed(tenant, JUNE).adjustment) == "-3100.00"


def test_corrections_go_into_the_earliest_open_month(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    billed(tenant, JUNE)
    correct(tenant, area_m2=Decimal("200.00"))
    billed(tenant, JULY)
    adjustments = dict(RentStatement.objects.values_list("month", "adjustment"))
    assert adjustments == {MAY: 0, JUNE: Decimal("-3100.00"), JULY: 0}


# --- Many, and at once -------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_companies(policy: PolicyVersion):
    one = [CompanyFactory()]
    many = [CompanyFactory() for _ in range(50)]
    for company in one + many:
        let(company)
    counts = []
    for companies in (one, many):
        with CaptureQueriesContext(connection) as captured:
            bill(*companies, month=MAY)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_run_bills_every_company(tenant: Company):
    let(CompanyFactory())
    run = runs.execute(statements.request_billing(month=MAY))
    assert run.state == RunState.DONE
    assert run.result["written"] == 2
    assert OutboxEvent.objects.filter(topic="statement.computed", key="2026-05").count() == 1


def test_a_run_needs_a_person_with_the_right(tenant: Company, reviewer, treasurer):
    with pytest.raises(NotAllowed):
        statements.request_billing(month=MAY, by=reviewer)
    assert not Run.objects.exists()
    assert statements.request_billing(month=MAY, by=treasurer).requested_by == treasurer


def test_the_month_before_is_due_and_every_month_that_was_missed(tenant: Company):
    assert statements.months_due(ON) == [MAY]
    runs.execute(statements.request_billing(month=dt.date(2026, 3, 1)))
    assert statements.months_due(ON) == [dt.date(2026, 4, 1), MAY]
    runs.execute(statements.request_billing(month=MAY))
    assert statements.months_due(ON) == []
    assert statements.months_due(JULY) == [JUNE]


def test_a_month_billed_in_advance_leaves_the_month_before_due(tenant: Company):
    runs.execute(statements.request_billing(month=JULY))
    assert statements.months_due(ON) == [MAY]


@pytest.mark.django_db(transaction=True)
def test_two_bills_of_one_month_at_once_write_one_statement():
    published_policy()
    companies = [CompanyFactory() for _ in range(5)]
    for company in companies:
        let(company)
    ready = threading.Barrier(3)
    errors: list[Exception] = []

    def work() -> None:
        try:
            ready.wait()
            bill(*companies, month=MAY)
        except Exception as error:  # noqa: BLE001 - seen by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert RentStatement.objects.count() == RentLine.objects.count() == 5


def test_the_largest_lease_that_the_database_takes_can_be_billed_and_decided(policy: PolicyVersion):
    company = CompanyFactory()
    let(company, area_m2=Decimal(MAX_AREA_M2), price_per_m2_day=Decimal(MAX_PRICE))
    assert str(billed(company, MAY).rent) == "31000000000.00"
    assert assess(chosen([company.pk]), on=ON).added == 8
