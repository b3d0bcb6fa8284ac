"""Interest statements: they live by the mechanism of rent statements, in the same run, and are issued with them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from companies.models import Company
from core.errors import Conflict
from core.interchange import exporting, kinds
from core.periods import period
from funding.models import Loan
from spaces.models import Lease
from subsidies.choices import StatementState
from subsidies.gather.selection import chosen
from subsidies.models import InterestAdjustment, InterestLine, InterestStatement, RentStatement
from subsidies.services import statements
from subsidies.services.assessments import assess
from tests.factories import CompanyFactory, LoanFactory, MembershipFactory, RepaymentFactory, UserFactory
from tests.subsidies.conftest import JULY, JUNE, MAY, ON, decision, let

AUGUST_1 = dt.date(2026, 8, 1)


@pytest.fixture
def borrower(tenant: Company) -> Company:
    """¥360,000 at 4 %, of which 3 % count (the reference rate): ¥15 of support a day."""
    LoanFactory(company=tenant, number="K-1", principal=Decimal("360000.00"), due_on=None)
    return tenant


def bill(*companies: Company, month: dt.date | None = None) -> statements.Billed:
    return statements.bill(chosen([company.pk for company in companies]), month=month)


def billed(company: Company, month: dt.date) -> InterestStatement:
    bill(company, month=month)
    return InterestStatement.objects.get(company=company, month=month)


def issue(month: dt.date, treasurer) -> int:
    return statements.issue_statements(month=month, on=AUGUST_1, by=treasurer)


def amounts(statement: InterestStatement) -> tuple[str, ...]:
    return tuple(str(getattr(statement, name)) for name in ("supported", "adjustment", "payable"))


def correct(**fields: object) -> None:
    Loan.objects.filter(number="K-1").update(**fields)


def test_a_statement_shows_the_support_of_each_loan_and_its_arithmetic(borrower: Company):
    statement = billed(borrower, MAY)
    assert amounts(statement) == ("465.00", "0.00", "465.00")
    line = statement.lines.get()
    assert (line.loan.number, line.days, line.supported_days, line.missing) == ("K-1", 31, 31, "")
    (segment,) = line.segments
    assert segment == {
        "first": "2026-05-01", "until": "2026-06-01", "days": 31, "balance": 36_000_000, "counted": 36_000_000,
        "rate": 40_000, "reference": 30_000, "share": 5_000, "reason": "supported",
    }  # fmt: skip


def test_rent_and_interest_are_billed_by_one_run_and_again_without_a_change(borrower: Company):
    assert bill(borrower, month=MAY).counts == {
        "statements": 2, "written": 2, "removed": 0, "adjustments": 0, "waiting": 0,
    }  # fmt: skip
    assert bill(borrower, month=MAY).written == 0


def test_an_open_statement_follows_its_facts(borrower: Company):
    first = billed(borrower, MAY)
    RepaymentFactory(loan=Loan.objects.get(), paid_on=dt.date(2026, 5, 11), principal=Decimal("180000.00"))
    again = billed(borrower, MAY)
    assert again.pk == first.pk
    assert amounts(again) == ("307.50", "0.00", "307.50")


def test_a_statement_with_nothing_left_is_removed_alone(borrower: Company):
    billed(borrower, MAY)
    correct(voided_at=dt.datetime(2026, 6, 2, tzinfo=dt.UTC), void_reason="entered in error")
    assert bill(borrower, month=MAY).removed == 1
    assert not InterestLine.objects.exists()
    assert RentStatement.objects.count() == 1


def test_an_unknown_registration_supports_nothing_and_says_what_is_missing(borrower: Company):
    Company.objects.filter(pk=borrower.pk).update(registration=None)
    statement = billed(borrower, MAY)
    assert amounts(statement) == ("0.00", "0.00", "0.00")
    assert statement.lines.get().missing == "registered_on"


def test_the_decision_grants_what_is_billed(borrower: Company):
    assess(chosen([borrower.pk]), on=ON)
    assert decision(borrower, "loan_interest").amount == billed(borrower, JUNE).supported == Decimal("450.00")


def test_one_act_issues_rent_and_interest_of_a_month(borrower: Company, treasurer):
    bill(borrower, month=MAY)
    assert issue(MAY, treasurer) == 2
    assert InterestStatement.objects.get().state == RentStatement.objects.get().state == StatementState.ISSUED


def test_an_open_interest_statement_of_an_earlier_month_is_issued_first(borrower: Company, treasurer):
    bill(borrower, month=MAY)
    bill(borrower, month=JUNE)
    RentStatement.objects.filter(month=MAY).delete()
    with pytest.raises(Conflict, match="Issue 2026-05 first"):
        issue(JUNE, treasurer)
    assert issue(MAY, treasurer) == 1


def test_an_issued_statement_is_refused_every_change_by_the_database(borrower: Company, treasurer):
    line = billed(borrower, MAY).lines.get()
    still_open = billed(borrower, JUNE)
    issue(MAY, treasurer)
    closed = InterestStatement.objects.get(month=MAY)
    other = LoanFactory(company=borrower)
    attempts = [
        lambda: InterestStatement.objects.filter(pk=closed.pk).update(supported=1, payable=1),
        lambda: InterestStatement.objects.filter(pk=closed.pk).update(state="open", issued_at=None),
        lambda: InterestStatement.objects.filter(pk=closed.pk)._raw_delete("default"),
        lambda: InterestLine.objects.filter(pk=line.pk).update(supported=1),
        lambda: InterestLine.objects.filter(pk=line.pk).update(statement=still_open),
        lambda: InterestLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: InterestLine.objects.create(statement=closed, loan=other, days=1, supported_days=0, supported=1),
        lambda: InterestAdjustment.objects.create(statement=closed, loan=other, month=MAY, supported=1, reason="x"),
    ]
    for attempt in attempts:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attempt()
    assert amounts(InterestStatement.objects.get(month=MAY)) == ("465.00", "0.00", "465.00")


@pytest.mark.parametrize(
    "numbers",
    [
        {"supported": 1, "payable": 2},
        {"supported": -1, "payable": -1},
        {"supported": 1, "payable": 1, "month": dt.date(2026, 5, 2)},
        {"supported": 1, "payable": 1, "issued_at": dt.datetime(2026, 6, 1, tzinfo=dt.UTC)},
    ],
)
def test_a_statement_that_does_not_add_up_is_refused_by_the_database(policy, numbers):
    with pytest.raises(IntegrityError), transaction.atomic():
        InterestStatement.objects.create(**{"company": CompanyFactory(), "month": MAY, **numbers})


@pytest.mark.parametrize(
    ("change", "support", "reason"),
    [
        ({"principal": Decimal("180000.00")}, "-232.50", "balance"),
        ({"annual_rate_percent": Decimal("2.0000")}, "-155.00", "rate"),
        ({"drawn_on": dt.date(2026, 5, 11)}, "-150.00", "loan_days"),
        ({"due_on": dt.date(2026, 5, 31)}, "-15.00", "loan_days"),
        (
            {"voided_at": dt.datetime(2026, 6, 2, tzinfo=dt.UTC), "void_reason": "entered in error"},
            "-465.00",
            "loan_removed",
        ),
    ],
)
def test_a_correction_of_an_issued_month_goes_into_the_open_one(borrower, treasurer, change, support, reason):
    LoanFactory(company=borrower, number="K-2", principal=Decimal("0.01"))
    billed(borrower, MAY)
    issue(MAY, treasurer)
    correct(**change)
    june = billed(borrower, JUNE)
    one = june.adjustments.get()
    assert (one.month, one.loan.number, str(one.supported), one.reason) == (MAY, "K-1", support, reason)
    assert june.payable == june.supported + one.supported
    assert one.reasons
    assert bill(borrower, month=JUNE).written == 0
    assert amounts(InterestStatement.objects.get(month=MAY)) == ("465.00", "0.00", "465.00")


def test_a_loan_that_is_entered_later_is_supported_for_issued_months(borrower: Company, treasurer):
    billed(borrower, MAY)
    issue(MAY, treasurer)
    LoanFactory(company=borrower, number="K-2", principal=Decimal("72000.00"), drawn_on=dt.date(2026, 5, 22))
    (one,) = billed(borrower, JUNE).adjustments.all()
    assert (one.loan.number, str(one.supported), one.reason) == ("K-2", "30.00", "loan_added")


def test_a_lease_that_ended_earlier_takes_the_support_back_with_its_reason(borrower: Company, treasurer):
    billed(borrower, MAY)
    issue(MAY, treasurer)
    Lease.objects.update(term=period(dt.date(2025, 9, 25), dt.date(2026, 5, 10)))
    (one,) = billed(borrower, JUNE).adjustments.all()
    assert (str(one.supported), one.reason) == ("-315.00", "premises")


def test_another_loan_that_takes_the_principal_is_named_as_the_reason(borrower: Company, treasurer):
    billed(borrower, MAY)
    issue(MAY, treasurer)
    LoanFactory(company=borrower, number="K-0", principal=Decimal("2000000.00"), due_on=None)
    found = {one.loan.number: (str(one.supported), one.reason) for one in billed(borrower, JUNE).adjustments.all()}
    assert found == {"K-0": ("2583.33", "loan_added"), "K-1": ("-465.00", "shared_principal")}


def test_a_correction_waits_while_no_month_is_open(borrower: Company, treasurer):
    billed(borrower, MAY)
    issue(MAY, treasurer)
    correct(principal=Decimal("180000.00"))
    assert bill(borrower).waiting == 1
    assert str(billed(borrower, JULY).adjustment) == "-232.50"


def test_the_file_has_company_loan_month_days_and_support(borrower: Company, tmp_path):
    let(borrower, number="L-2")
    billed(borrower, MAY)
    file = tmp_path / "interest.csv"
    exporting.export_file(kinds.export_kind("interest"), file, month=MAY)
    assert file.read_text(encoding="utf-8-sig").split() == [
        "company,loan,month,days,supported",
        "T-001,K-1,2026-05,31,465.00",
    ]
    with pytest.raises(Conflict, match="2026-06 is not billed yet"):
        exporting.export_file(kinds.export_kind("interest"), file, month=JUNE)


def test_a_founder_sees_the_arithmetic_of_his_own_company_alone(borrower: Company, client):
    statement = billed(borrower, MAY)
    address = f"/interest/{statement.public_id}/"
    client.force_login(MembershipFactory(company=borrower).user)
    page = client.get(address).content.decode()
    assert "465.00" in page
    assert "K-1" in page
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
