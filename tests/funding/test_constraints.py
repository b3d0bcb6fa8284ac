"""What may never happen is refused by the database, whoever writes: past forms, services and `full_clean`."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from funding.models import Loan, Project, Repayment
from tests.factories import LoanFactory, ProjectFactory, RepaymentFactory

DRAWN = dt.date(2026, 1, 5)
VOID = {"voided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}


def constraint_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


@pytest.fixture
def loan(db) -> Loan:
    return LoanFactory(number="L1", principal=Decimal(1000), drawn_on=DRAWN, due_on=dt.date(2027, 1, 5))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"principal": Decimal(0)}, "funding_loan_principal_bounds"),
        ({"principal": Decimal("10000000000.01")}, "funding_loan_principal_bounds"),
        ({"annual_rate_percent": Decimal("-0.0001")}, "funding_loan_annual_rate_percent_bounds"),
        ({"annual_rate_percent": Decimal("100.0001")}, "funding_loan_annual_rate_percent_bounds"),
        ({"due_on": DRAWN}, "funding_loan_due_after_drawn"),
        ({"drawn_on": dt.date(1799, 12, 31)}, "funding_loan_drawn_on_day"),
        ({"due_on": dt.date(2200, 1, 1)}, "funding_loan_due_on_day"),
        ({"number": " L1"}, "funding_loan_number_form"),
        (VOID, "funding_loan_void_reason"),
    ],
)
def test_a_loan_cannot_be_changed_into_an_impossible_one(loan, values, constraint):
    assert constraint_of(lambda: Loan.objects.filter(pk=loan.pk).update(**values)) == constraint


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"principal": Decimal(0)}, "funding_repayment_principal_bounds"),
        ({"principal": Decimal("1000.01")}, "funding_repayment_within_principal"),
        ({"paid_on": dt.date(2026, 1, 4)}, "funding_repayment_after_drawdown"),
        ({"paid_on": dt.date(2200, 1, 1)}, "funding_repayment_paid_on_day"),
        (VOID, "funding_repayment_void_reason"),
    ],
)
def test_a_repayment_cannot_be_changed_into_an_impossible_one(loan, values, constraint):
    one = RepaymentFactory(loan=loan, paid_on=DRAWN, principal=Decimal(1000))
    assert constraint_of(lambda: Repayment.objects.filter(pk=one.pk).update(**values)) == constraint


def test_repayments_of_a_loan_together_stay_within_its_principal(loan):
    RepaymentFactory(loan=loan, principal=Decimal("600.00"))
    beyond = {"loan": loan, "paid_on": dt.date(2026, 6, 1)}
    assert constraint_of(lambda: RepaymentFactory(**beyond, principal=Decimal("400.01"))) == (
        "funding_repayment_within_principal"
    )
    RepaymentFactory(**beyond, principal=Decimal("400.00"))


def test_a_void_repayment_counts_for_nothing_until_it_would_be_revived(loan):
    void = RepaymentFactory(loan=loan, principal=Decimal(1000), voided=True)
    RepaymentFactory(loan=loan, paid_on=DRAWN, principal=Decimal(1000))
    revived = constraint_of(lambda: Repayment.objects.filter(pk=void.pk).update(voided_at=None))
    assert revived == "funding_repayment_within_principal"


def test_a_repayment_does_not_move_to_a_loan_that_it_would_overpay(loan):
    other = RepaymentFactory(loan=LoanFactory(principal=Decimal(5000)), principal=Decimal(1001))
    moved = constraint_of(lambda: Repayment.objects.filter(pk=other.pk).update(loan=loan))
    assert moved == "funding_repayment_within_principal"


def test_a_day_has_one_repayment_of_a_loan(loan):
    RepaymentFactory(loan=loan, paid_on=DRAWN, principal=Decimal(1))
    assert constraint_of(lambda: RepaymentFactory(loan=loan, paid_on=DRAWN, principal=Decimal(1))) == (
        "funding_repayment_once_a_day"
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"principal": Decimal("599.99")}, "funding_loan_covers_repayments"),
        ({"drawn_on": dt.date(2026, 2, 2)}, "funding_loan_precedes_repayments"),
    ],
)
def test_a_loan_keeps_covering_what_was_paid_back(loan, values, constraint):
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 2, 1), principal=Decimal(600))
    assert constraint_of(lambda: Loan.objects.filter(pk=loan.pk).update(**values)) == constraint
    Loan.objects.filter(pk=loan.pk).update(principal=Decimal(600), drawn_on=dt.date(2026, 2, 1))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"score": Decimal("100.01"), "scored_on": DRAWN}, "funding_project_score_bounds"),
        ({"score": Decimal(80)}, "funding_project_scored_on"),
        ({"scored_on": DRAWN}, "funding_project_scored_on"),
        ({"kind": ""}, "funding_project_kind_known"),
        ({"field": "sport"}, "funding_project_field_known"),
        ({"amount_requested": Decimal(0)}, "funding_project_amount_requested_bounds"),
    ],
)
def test_a_project_cannot_be_changed_into_an_impossible_one(db, values, constraint):
    project = ProjectFactory()
    assert constraint_of(lambda: Project.objects.filter(pk=project.pk).update(**values)) == constraint


@pytest.mark.parametrize("factory", [LoanFactory, RepaymentFactory, ProjectFactory])
def test_what_money_rests_on_is_never_deleted(db, factory):
    row = factory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
    assert type(row).objects.filter(pk=row.pk).exists()
