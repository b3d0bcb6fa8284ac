"""What the database holds arrives in the rules as it is: in their units, without what was declared void, and with what
is known of a supplier on the day of payment."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.models import Company, Relation
from core.periods import period
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.rules.records import Records
from tests.factories import (
    CompanyFactory,
    ExpenseFactory,
    LoanFactory,
    ProjectFactory,
    RepaymentFactory,
    ReportFactory,
    SupplierFactory,
    TalentFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PAID_ON = dt.date(2026, 5, 4)


def on_record(company: Company) -> Records:
    return records(chosen([company.pk]))


def test_loans_and_repayments_arrive_in_fen_and_in_ten_thousandths_of_a_percent():
    loan = LoanFactory(principal=Decimal("1234567.89"), annual_rate_percent=Decimal("3.4501"), due_on=None)
    RepaymentFactory(loan=loan, principal=Decimal("0.01"))
    found = on_record(loan.company)
    assert found.loans.rows() == [(loan.company_id, loan.number, 123_456_789, 34_501, loan.drawn_on, None, loan.pk)]
    assert found.repayments.rows() == [(loan.number, dt.date(2026, 3, 25), 1)]


def test_talents_arrive_with_their_class_and_half_open_employment():
    company = CompanyFactory()
    TalentFactory(company=company, code="T1", grade="A", employment=period(PAID_ON, PAID_ON))
    TalentFactory(company=company, code="T2", grade="", employment=None)
    found = on_record(company).talents.sort("talent")
    assert found.rows() == [
        (company.pk, "T1", "a", PAID_ON, PAID_ON + DAY, False),
        (company.pk, "T2", None, None, None, False),
    ]


def test_projects_arrive_with_score_and_request_or_without():
    company = CompanyFactory()
    ProjectFactory(company=company, code="P1", score=Decimal("79.99"), scored_on=PAID_ON)
    ProjectFactory(company=company, code="P2", kind="angel", amount_requested=Decimal("0.01"))
    found = on_record(company).projects.sort("project")
    assert found.rows() == [
        (company.pk, "P1", "leading", 79_99, None, False),
        (company.pk, "P2", "angel", None, 1, False),
    ]


def test_only_verified_reports_arrive():
    company = CompanyFactory()
    report = ReportFactory(company=company, months=12, verified_at=None, revenue=Decimal("0.01"), employees=None)
    assert on_record(company).reports.is_empty()
    report.verified_at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    report.save()
    assert on_record(company).reports.rows() == [(company.pk, report.period_end, 12, 1, None)]


def test_what_was_declared_void_was_never_there():
    company = CompanyFactory()
    loan = LoanFactory(company=company)
    RepaymentFactory(loan=loan, voided=True)
    for factory in (LoanFactory, ProjectFactory, TalentFactory, ReportFactory, ExpenseFactory):
        factory(company=company, voided=True)
    found = on_record(company)
    frames = (found.talents, found.projects, found.expenses, found.reports, found.repayments)
    assert [frame.height for frame in frames] == [0, 0, 0, 0, 0]
    assert found.loans["loan"].to_list() == [loan.number]


@pytest.mark.parametrize(
    ("admission", "admitted"),
    [
        (None, False),
        (period(PAID_ON, PAID_ON), True),
        (period(PAID_ON + DAY, None), False),
        (period(PAID_ON - DAY, PAID_ON - DAY), False),
    ],
)
def test_a_supplier_is_admitted_on_the_day_of_payment_or_not(admission, admitted):
    expense = ExpenseFactory(supplier=SupplierFactory(admission=admission), paid_on=PAID_ON)
    found = on_record(expense.company).expenses
    assert found["admitted"].to_list() == [admitted]
    assert (found["amount"][0], found["kind"][0], found["paid_on"][0]) == (10_000_00, "model", PAID_ON)


def test_of_a_cost_without_a_supplier_nothing_is_known_about_him():
    expense = ExpenseFactory(supplier=None, point="activities", kind="", contract="")
    (row,) = on_record(expense.company).expenses.iter_rows(named=True)
    assert (row["admitted"], row["related"], row["kind"], row["contract"]) == (None, None, None, None)


@pytest.mark.parametrize("is_turned_around", [False, True])
@pytest.mark.parametrize(
    ("valid", "related"),
    [
        (None, True),
        (period(None, PAID_ON), True),
        (period(PAID_ON, None), True),
        (period(PAID_ON + DAY, None), False),
        (period(None, PAID_ON - DAY), False),
    ],
)
def test_a_relation_in_either_direction_counts_on_the_day_of_payment(is_turned_around, valid, related):
    company, other = CompanyFactory(), CompanyFactory()
    ends = (other, company) if is_turned_around else (company, other)
    Relation.objects.create(company=ends[0], other=ends[1], kind="sibling", valid=valid)
    ExpenseFactory(company=company, supplier=SupplierFactory(company=other), paid_on=PAID_ON)
    assert on_record(company).expenses["related"].to_list() == [related]


@pytest.mark.parametrize(("until", "related"), [(None, True), (PAID_ON, True), (PAID_ON - DAY, False)])
def test_companies_that_others_join_are_related_while_all_of_them_do(until, related):
    """A sister of the own parent's parent: four companies, of which neighbours alone are entered as related."""
    company, parent, holding, sister = CompanyFactory.create_batch(4)
    Relation.objects.create(company=company, other=parent, kind="parent")
    Relation.objects.create(company=parent, other=holding, kind="controller", valid=period(None, until))
    Relation.objects.create(company=sister, other=holding, kind="parent")
    ExpenseFactory(company=company, supplier=SupplierFactory(company=sister), paid_on=PAID_ON)
    assert on_record(company).expenses["related"].to_list() == [related]


def test_a_company_is_related_to_itself_and_not_to_one_outside_the_register():
    company = CompanyFactory()
    ExpenseFactory(company=company, number="E1", supplier=SupplierFactory(company=company))
    ExpenseFactory(company=company, number="E2", supplier=SupplierFactory(company=CompanyFactory()))
    ExpenseFactory(company=company, number="E3")
    assert on_record(company).expenses.sort("expense")["related"].to_list() == [True, False, False]


def test_the_number_of_queries_does_not_depend_on_the_companies():
    one, several = CompanyFactory(), [CompanyFactory() for _ in range(5)]
    for company in several:
        RepaymentFactory(loan=LoanFactory(company=company))
        ExpenseFactory(company=company)
    with CaptureQueriesContext(
        connection,
    ) as first:
        records(chosen([one.pk]))
    with CaptureQueriesContext(connection) as second:
        records(chosen([company.pk for company in several]))
    assert len(first) == len(second)
