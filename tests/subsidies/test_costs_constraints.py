"""What may never be on record about costs, suppliers, talents and reports, whoever writes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from core.periods import period
from subsidies.models import Expense
from tests.factories import CompanyFactory, ExpenseFactory, ReportFactory, SupplierFactory, TalentFactory

DAY = dt.date(2026, 1, 5)
VOID = {"voided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
CLAIMED_ONCE = "subsidies_expense_claimed_once"


def constraint_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("factory", "values", "constraint"),
    [
        (ExpenseFactory, {"amount": Decimal(0)}, "subsidies_expense_amount_bounds"),
        (ExpenseFactory, {"amount": Decimal("10000000000.01")}, "subsidies_expense_amount_bounds"),
        (ExpenseFactory, {"point": "rent", "kind": ""}, "subsidies_expense_point_known"),
        (ExpenseFactory, {"point": "settlement"}, "subsidies_expense_kind_of_voucher"),
        (ExpenseFactory, {"kind": ""}, "subsidies_expense_kind_of_voucher"),
        (ExpenseFactory, {"kind": "lunch"}, "subsidies_expense_kind_of_voucher"),
        (ExpenseFactory, {"paid_on": dt.date(2200, 1, 1)}, "subsidies_expense_paid_on_day"),
        (ExpenseFactory, {"number": "E\n1"}, "subsidies_expense_number_form"),
        (ExpenseFactory, VOID, "subsidies_expense_void_reason"),
        (SupplierFactory, {"admission": DateRange(None, DAY)}, "subsidies_supplier_admitted_from"),
        (SupplierFactory, {"admission": DateRange(empty=True)}, "subsidies_supplier_admission_days"),
        (SupplierFactory, {"code": ""}, "subsidies_supplier_code_form"),
        (TalentFactory, {"grade": "F"}, "community_talent_grade_known"),
        (TalentFactory, {"company": None}, "community_talent_employed_somewhere"),
        (TalentFactory, {"employment": DateRange(empty=True)}, "community_talent_employment_days"),
        (TalentFactory, {"employment": DateRange(dt.date(1799, 1, 1), DAY)}, "community_talent_employment_days"),
        (TalentFactory, {"employment": DateRange(DAY, dt.date(2200, 1, 2))}, "community_talent_employment_days"),
        (TalentFactory, VOID, "community_talent_void_reason"),
        (ReportFactory, {"months": 6}, "companies_report_months_known"),
        (ReportFactory, {"revenue": Decimal("-0.01")}, "companies_report_revenue_bounds"),
        (ReportFactory, {"profit": Decimal("-1000000000000.01")}, "companies_report_profit_bounds"),
        (ReportFactory, {"employees": 1_000_001}, "companies_report_employees_bounds"),
        (ReportFactory, {"period_end": dt.date(2200, 1, 1)}, "companies_report_period_end_day"),
        (ReportFactory, VOID, "companies_report_void_reason"),
    ],
)
def test_a_record_cannot_be_changed_into_an_impossible_one(db, factory, values, constraint):
    row = factory()
    assert constraint_of(lambda: type(row).objects.filter(pk=row.pk).update(**values)) == constraint


def test_a_verifier_goes_with_a_verification(db, officer):
    report = ReportFactory()
    verifier = constraint_of(lambda: type(report).objects.filter(pk=report.pk).update(verified_by=officer))
    assert verifier == "companies_report_verified_at"


def test_a_period_is_reported_once_among_valid_reports(company):
    ReportFactory(company=company, voided=True)
    ReportFactory(company=company)
    assert constraint_of(lambda: ReportFactory(company=company)) == "companies_report_once"


def again(expense: Expense, **other) -> Expense:
    same = ("company", "supplier", "contract", "amount", "paid_on")
    return ExpenseFactory(**({name: getattr(expense, name) for name in same} | other))


def test_one_payment_is_on_record_once(company):
    expense = ExpenseFactory(company=company)
    assert constraint_of(lambda: again(expense)) == CLAIMED_ONCE
    assert constraint_of(lambda: again(expense, point="activities", kind="")) == CLAIMED_ONCE
    assert constraint_of(lambda: again(expense, contract=f" {expense.contract.upper()} ")) == CLAIMED_ONCE
    again(expense, amount=Decimal("10000.01"))
    again(expense, paid_on=dt.date(2026, 5, 5))
    again(expense, company=CompanyFactory())
    again(expense, voided=True)


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        # Who was paid, and for which paper: what is not named tells nothing apart.
        (("S", "K-1"), ("", "K-1"), True),
        (("", "K-1"), ("S", "K-1"), True),
        (("", "K-1"), ("", "K-1"), True),
        (("S", "K-1"), ("S", ""), True),
        (("S", ""), ("S", "K-1"), True),
        (("S", ""), ("", "K-1"), True),
        (("", ""), ("", ""), True),
        (("", ""), ("S", "K-1"), True),
        (("S", "K-1"), ("S", "K-2"), False),
        (("S", "K-1"), ("", "K-2"), False),
        (("", "K-1"), ("", "K-2"), False),
        (("S", "K-1"), ("T", "K-1"), False),
        (("S", ""), ("T", ""), False),
        (("S", ""), ("T", "K-1"), False),
    ],
)
def test_two_payments_are_told_apart_by_what_both_name(company, first, second, is_refused):
    suppliers = {"S": SupplierFactory(), "T": SupplierFactory(), "": None}
    expense = ExpenseFactory(company=company, supplier=suppliers[first[0]], contract=first[1])
    other = {"supplier": suppliers[second[0]], "contract": second[1], "point": "activities", "kind": ""}
    if is_refused:
        assert constraint_of(lambda: again(expense, **other)) == CLAIMED_ONCE
    else:
        assert again(expense, **other).pk


def test_one_statement_may_let_two_payments_take_each_others_place(company):
    one = ExpenseFactory(company=company)
    other = again(one, contract="Other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE subsidies_expense SET contract = CASE WHEN id = %s THEN %s ELSE %s END",
            [one.pk, "Other", one.contract],
        )
    assert Expense.objects.get(pk=other.pk).contract == one.contract


@pytest.mark.parametrize("factory", [ExpenseFactory, SupplierFactory, TalentFactory, ReportFactory])
def test_what_money_rests_on_is_never_deleted(db, factory):
    row = factory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
    assert type(row).objects.filter(pk=row.pk).exists()


def test_an_employment_may_begin_on_a_day_that_nobody_knows(company):
    assert TalentFactory(company=company, employment=period(None, DAY)).employed_from is None
