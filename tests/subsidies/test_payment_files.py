"""The bank's file: brought twice it changes nothing, and what is on record of a payment is never changed by it."""

import pytest

from companies.models import Company
from core.interchange.kinds import Stored
from subsidies.models import RentPayment, RentStatement
from tests.subsidies.paying import issued, owed, received

HEADER = "transaction,paid_on,amount,payer,reference\n"


@pytest.fixture
def statement(tenant: Company) -> RentStatement:
    return issued(tenant)


def test_a_file_pays_what_it_names_and_twice_changes_nothing(statement: RentStatement, bring):
    content = (
        f"{HEADER}T-1,2026-06-10,3000.00,Tenant,Rent {statement.number}\n"
        "T-2,2026-06-11,50.00,Somebody,\n"
        f"T-3,2026-06-12,100.00,Tenant,{statement.number}\n"
    )
    found = bring("payments", content)
    assert found.stored == Stored(
        3, 0, 0, ("2 payments name a statement, and pay it.", "1 payment waits to be matched by a person.")
    )
    assert owed(statement) == "0.00"
    again = bring("payments", content)
    assert again.stored == Stored(0, 0, 3)
    assert (RentPayment.objects.count(), statement.allotments.count()) == (3, 2)


def test_what_a_person_recorded_is_not_recorded_again(statement: RentStatement, bring):
    paid = received("3100.00", "rent", transaction="T-1")
    found = bring("payments", "transaction,paid_on,amount\nT-1,2026-06-10,3100.00\n")
    assert (found.stored.new, found.stored.unchanged) == (0, 1)
    assert RentPayment.objects.get() == paid


def test_another_amount_of_the_same_transaction_is_refused(statement: RentStatement, refusals):
    received("3100.00", "rent", "Tenant", transaction="T-1")
    reason = "is not what is on record of this transaction: reverse that payment, if it is wrong"
    assert refusals("payments", f"{HEADER}T-1,2026-06-10,3100.01,Tenant,rent\n") == [(2, "amount", "3100.01", reason)]
    assert refusals("payments", f"{HEADER}T-1,2026-06-09,3100.00,Tenant,rent\n") == [
        (2, "paid_on", "2026-06-09", reason)
    ]
    assert refusals("payments", f"{HEADER}T-1,2026-06-10,3100.00,,rent\n") == [(2, "payer", "", reason)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("T-1,2026-06-10,0.00,,", "amount"),
        ("T-1,2026-06-10,-5.00,,", "amount"),
        ("T-1,2026-06-10,1.001,,", "amount"),
        ("T-1,10.06.2026,1.00,,", "paid_on"),
        (",2026-06-10,1.00,,", "transaction"),
    ],
)
def test_bad_cells_are_named(db, refusals, row: str, column: str):
    assert [found[1] for found in refusals("payments", HEADER + row + "\n")] == [column]


def test_a_transaction_twice_in_a_file_is_refused(db, refusals):
    found = refusals("payments", f"{HEADER}T-1,2026-06-10,1.00,,\nT-1,2026-06-10,2.00,,\n")
    assert [(line, column) for line, column, _value, _reason in found] == [(2, "transaction"), (3, "transaction")]


def test_it_goes_out_as_it_came(statement: RentStatement, bring, export):
    content = f"{HEADER}T-1,2026-06-10,3000.00,Tenant,Rent\nT-2,2026-06-11,50.00,,\n"
    bring("payments", content)
    assert export("payments").lstrip("\ufeff").replace("\r\n", "\n") == content


def test_the_number_of_queries_does_not_grow_with_the_rows(
    statement: RentStatement, bring, django_assert_max_num_queries
):
    rows = "".join(f"T-{n},2026-06-10,1.00,Tenant,{statement.number}\n" for n in range(60))
    with django_assert_max_num_queries(40):
        bring("payments", HEADER + rows)
    assert owed(statement) == "3040.00"
