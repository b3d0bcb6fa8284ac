"""Payments of rent: matched by number, by a proposal or by hand; partial and over-payments; reversed, never deleted."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from companies.models import Company
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import period
from core.records import constraint_of
from subsidies.choices import PaymentState, RentState
from subsidies.models import RentAllotment, RentPayment, RentReminder, RentStatement
from subsidies.services import payments
from subsidies.statement_numbers import number_of, written
from tests.factories import IN_FORCE_FROM, CompanyFactory, MembershipFactory
from tests.subsidies.conftest import JULY, JUNE, MAY, billed, let
from tests.subsidies.paying import issued, left, owed, received, treasurer

REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def statement(tenant: Company) -> RentStatement:
    """Of May, issued: ¥3,100.00."""
    return issued(tenant)


def standing(statement: RentStatement) -> RentState:
    return RentStatement.objects.get(pk=statement.pk).standing


# --- By the number -----------------------------------------------------------------------------------------------


def test_a_payment_that_names_a_statement_settles_it(statement: RentStatement, tenant: Company):
    paid = received("3100.00", f"Rent of May, {written(statement.number)}")
    assert (paid.company, paid.state, left(paid)) == (tenant, PaymentState.USED, "0.00")
    assert (owed(statement), standing(statement)) == ("0.00", RentState.SETTLED)
    assert paid.allotments.get().by is None


@pytest.mark.parametrize(
    ("amount", "open_amount", "rest", "state"),
    [
        ("3099.99", "0.01", "0.00", RentState.ISSUED),
        ("3100.00", "0.00", "0.00", RentState.SETTLED),
        ("3100.01", "0.00", "0.01", RentState.SETTLED),
    ],
)
def test_a_fen_too_little_and_a_fen_too_much(statement, amount, open_amount, rest, state):
    paid = received(amount, statement.number)
    assert (owed(statement), left(paid), standing(statement)) == (open_amount, rest, state)


def test_partial_payments_add_up(statement: RentStatement):
    for amount in ("1000.00", "2000.00", "100.00"):
        received(amount, statement.number)
    assert standing(statement) == RentState.SETTLED
    assert statement.allotments.count() == 3


def test_several_numbers_are_paid_the_earlier_month_first(tenant: Company):
    may, june = issued(tenant), issued(tenant, JUNE)
    received("4000.00", f"{june.number} {may.number}")
    assert (owed(may), owed(june)) == ("0.00", "2100.00")


def test_the_number_of_an_open_statement_or_of_none_pays_nothing(tenant: Company, statement: RentStatement):
    wrong = received("1.00", number_of(statement.pk, JUNE))
    assert (wrong.state, wrong.company, wrong.allotments.count()) == (PaymentState.UNMATCHED, None, 0)


def test_numbers_of_two_companies_wait_for_a_person(statement: RentStatement):
    other = CompanyFactory()
    let(other, area_m2=Decimal("400.00"))
    second = issued(other, JUNE)
    paid = received("5000.00", f"{statement.number} {second.number}")
    assert (paid.state, paid.company) == (PaymentState.UNMATCHED, None)


# --- By a person -------------------------------------------------------------------------------------------------


def test_name_and_exact_amount_are_a_proposal_that_a_person_confirms(statement: RentStatement, tenant: Company):
    Company.objects.filter(pk=tenant.pk).update(name="Lingxi Audio Co., Ltd.", name_zh="灵犀音频")
    for payer in ("LINGXI AUDIO CO LTD", "灵犀 音频"):
        paid = received("3100.00", "rent", payer)
        assert paid.state == PaymentState.UNMATCHED
        assert payments.proposals([paid]) == {paid.pk: statement}
    for amount, payer in (("3100.01", "灵犀音频"), ("3100.00", "Somebody"), ("3100.00", "")):
        assert payments.proposals([received(amount, "rent", payer)]) == {}
    by = treasurer()
    payments.allot_payment(payment=paid, statement=statement, by=by)
    assert standing(statement) == RentState.SETTLED
    assert paid.allotments.get().by == by
    assert payments.proposals([received("3100.00", "rent", "灵犀音频")]) == {}


def test_of_several_months_the_oldest_is_proposed(tenant: Company):
    company = CompanyFactory(name="Twice")
    let(company, area_m2=Decimal("310.00"), first=dt.date(2026, 5, 2))
    may, _june = issued(company), issued(company, JUNE)
    paid = received("300.00", "", "twice")
    assert payments.proposals([paid]) == {paid.pk: may}


def test_a_person_says_how_much(statement: RentStatement):
    paid = received("5000.00")
    payments.allot_payment(payment=paid, statement=statement, amount=Decimal("1000.00"), by=treasurer())
    assert (owed(statement), left(paid)) == ("2100.00", "4000.00")
    for amount in ("2100.01", "0.00", "-1.00"):
        with pytest.raises(Incomplete, match="At most"):
            payments.allot_payment(payment=paid, statement=statement, amount=Decimal(amount), by=treasurer())
    payments.allot_payment(payment=paid, statement=statement, amount=Decimal("2100.00"), by=treasurer())
    assert (owed(statement), left(paid)) == ("0.00", "1900.00")
    with pytest.raises(Conflict, match="paid already"):
        payments.allot_payment(payment=paid, statement=statement, by=treasurer())


def test_nobody_else_records_matches_or_reverses(statement, officer, approver, auditor, alice):
    paid = received("10.00")
    for person in (officer, approver, auditor, alice):
        with pytest.raises(NotAllowed):
            received("10.00", by=person)
        with pytest.raises(NotAllowed):
            payments.allot_payment(payment=paid, statement=statement, by=person)
        with pytest.raises(NotAllowed):
            payments.reverse_payment(payment=paid, reason="r", by=person)
    assert RentPayment.objects.count() == 1


def test_nobody_matches_for_his_own_company(statement: RentStatement, tenant: Company):
    paid, own = received("10.00"), treasurer()
    MembershipFactory(company=tenant, user=own)
    with pytest.raises(NotAllowed, match="not for his own company"):
        payments.allot_payment(payment=paid, statement=statement, by=own)


# --- Taken back --------------------------------------------------------------------------------------------------


def test_a_reversed_payment_stays_and_what_it_paid_is_owed_again(statement: RentStatement):
    paid = received("3100.00", statement.number)
    by = treasurer()
    payments.reverse_payment(payment=paid, reason="  returned by the bank ", by=by)
    paid.refresh_from_db()
    assert (paid.state, paid.reversal_reason, paid.reversed_by) == (PaymentState.REVERSED, "returned by the bank", by)
    assert (owed(statement), left(paid)) == ("3100.00", "0")
    assert paid.allotments.get().release_reason == "returned by the bank"
    with pytest.raises(Conflict, match="was reversed: returned by the bank"):
        payments.allot_payment(payment=paid, statement=statement, by=by)
    with pytest.raises(Conflict):
        payments.reverse_payment(payment=paid, reason="again", by=by)


def test_a_reason_is_needed(statement: RentStatement):
    paid = received("3100.00", statement.number)
    with pytest.raises(Incomplete, match="Say why"):
        payments.reverse_payment(payment=paid, reason=" ", by=treasurer())
    with pytest.raises(Incomplete, match="Say why"):
        payments.release_allotment(allotment=paid.allotments.get(), reason="", by=treasurer())
    assert standing(statement) == RentState.SETTLED


def test_what_was_matched_wrongly_is_taken_back_and_matched_again(statement: RentStatement):
    other = CompanyFactory()
    let(other, area_m2=Decimal("400.00"))
    right = issued(other, JUNE)
    paid = received("3000.00", statement.number)
    with pytest.raises(Conflict, match="take that back first"):
        payments.allot_payment(payment=paid, statement=right, by=treasurer())
    payments.release_allotment(allotment=paid.allotments.get(), reason="of the other", by=treasurer())
    payments.allot_payment(payment=paid, statement=right, by=treasurer())
    paid.refresh_from_db()
    assert (paid.company, owed(statement), owed(right)) == (other, "3100.00", "3100.00")
    with pytest.raises(Conflict, match="already"):
        payments.release_allotment(allotment=paid.allotments.first(), reason="again", by=treasurer())


# --- Set off -----------------------------------------------------------------------------------------------------


def test_what_is_left_and_statements_below_nothing_pay_the_oldest(tenant: Company):
    may = issued(tenant)
    tenant.leases.update(area_m2=Decimal("300.00"))
    june = issued(tenant, JUNE)  # 3,100 of May come back, and June is free
    assert (str(june.payable), str(june.credit), standing(june)) == ("-3100.00", "3100.00", RentState.SETTLED)
    tenant.leases.update(area_m2=Decimal("400.00"))
    july = issued(tenant, JULY)
    assert str(july.payable) == "9200.00"  # of May 3,100, of June 3,000, and its own 3,100
    rest = received("4000.00", may.number)
    done = payments.set_off(company=tenant, by=treasurer())
    assert (done.statements, str(done.amount)) == (1, "4000.00")
    assert (owed(may), owed(july), left(rest)) == ("0.00", "5200.00", "0.00")
    assert str(RentStatement.objects.get(pk=june.pk).credit) == "0.00"
    with pytest.raises(Conflict, match="nothing left"):
        payments.set_off(company=tenant, by=treasurer())


# --- What the database keeps -------------------------------------------------------------------------------------


def refused(act, name: str) -> None:
    with pytest.raises(REFUSED) as told, transaction.atomic():
        act()
    assert name in f"{constraint_of(told.value)} {told.value}"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("model", [RentPayment, RentAllotment, RentReminder])
def test_nothing_with_money_is_deleted(statement: RentStatement, model: type):
    received("1.00", statement.number)
    RentReminder.objects.create(statement=statement, level=1, amount=1, sent_on=JULY, by=treasurer())
    refused(lambda: sql(f"DELETE FROM {model._meta.db_table}"), "Cannot delete")


@pytest.mark.parametrize("change", ["amount = 2", "paid_on = '2026-01-01'", "transaction = 'x'", "payer = 'x'"])
def test_a_payment_stands_as_the_bank_told_it(statement: RentStatement, change: str):
    received("1.00", statement.number)
    refused(lambda: sql(f"UPDATE subsidies_rentpayment SET {change}"), "Cannot update")


@pytest.mark.parametrize("change", ["amount = 2", "statement_id = statement_id + 1", "payment_id = NULL"])
def test_an_allotment_is_never_rewritten(statement: RentStatement, change: str):
    received("1.00", statement.number)
    refused(lambda: sql(f"UPDATE subsidies_rentallotment SET {change}"), "Cannot update")


def test_no_more_is_paid_or_spent_than_there_is(statement: RentStatement, tenant: Company):
    paid = received("5000.00")
    RentPayment.objects.filter(pk=paid.pk).update(company=tenant)
    make = RentAllotment.objects.create
    refused(lambda: make(payment=paid, statement=statement, amount=Decimal("3100.01")), "within_statement")
    small = received("1.00", "rent")
    RentPayment.objects.filter(pk=small.pk).update(company=tenant)
    refused(lambda: make(payment=small, statement=statement, amount=Decimal("1.01")), "within_source")
    make(payment=paid, statement=statement, amount=Decimal("3100.00"))
    refused(lambda: make(payment=small, statement=statement, amount=Decimal("0.01")), "within_statement")
    refused(lambda: make(statement=statement, amount=1), "of_company")
    refused(lambda: make(payment=small, credit=statement, statement=statement, amount=1), "within_statement")


def test_a_payment_pays_its_own_company_alone_and_issued_statements(statement: RentStatement, tenant: Company):
    foreign = received("5.00")
    make = RentAllotment.objects.create
    refused(lambda: make(payment=foreign, statement=statement, amount=1), "of_company")
    paid = received("5.00", statement.number)
    refused(lambda: RentPayment.objects.filter(pk=paid.pk).update(company=CompanyFactory()), "gives_back_first")
    still_open = billed(tenant, JUNE)
    rest = received("5.00")
    RentPayment.objects.filter(pk=rest.pk).update(company=tenant)
    refused(lambda: make(payment=rest, statement=still_open, amount=1), "stands")
    with pytest.raises(Conflict, match="issue it before"):
        payments.allot_payment(payment=rest, statement=still_open, by=treasurer())


def test_a_reversal_gives_back_first_says_why_and_stays(statement: RentStatement):
    paid = received("5.00", statement.number)
    now, by = dt.datetime(2026, 7, 1, tzinfo=dt.UTC), treasurer()
    whole = {"reversed_at": now, "reversed_by": by, "reversal_reason": "r"}
    own = RentPayment.objects.filter(pk=paid.pk)
    refused(lambda: own.update(**whole), "gives_back_first")
    RentAllotment.objects.update(released_at=now, release_reason="r")
    refused(lambda: own.update(**(whole | {"reversal_reason": ""})), "reversal")
    own.update(**whole)
    refused(lambda: own.update(reversed_at=None, reversed_by=None, reversal_reason=""), "Cannot update")
    refused(lambda: RentAllotment.objects.update(released_at=None, release_reason=""), "Cannot update")


def test_a_transaction_is_on_record_once(statement: RentStatement):
    received("5.00", transaction="T-X")
    with pytest.raises(Conflict, match="on record already"):
        received("7.00", transaction="T-X")
    assert RentPayment.objects.filter(transaction="T-X").count() == 1


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1.001", "10000000000.01"])
def test_amounts_are_above_nothing_and_exact_to_the_fen(statement: RentStatement, amount: str):
    with pytest.raises(Incomplete):
        received(amount)


def test_every_change_is_in_the_audit_trail(statement: RentStatement):
    paid = received("3100.00", statement.number)
    payments.reverse_payment(payment=paid, reason="returned", by=treasurer())
    with connection.cursor() as cursor:
        for table, labels in (
            ("subsidies_rentpaymentevent", ["insert", "update", "update"]),
            ("subsidies_rentallotmentevent", ["insert", "update"]),
        ):
            cursor.execute(f"SELECT pgh_label FROM {table} ORDER BY pgh_id")
            assert [label for (label,) in cursor.fetchall()] == labels


def test_a_lease_that_left_leaves_its_debt(statement: RentStatement, tenant: Company):
    tenant.leases.update(term=period(IN_FORCE_FROM, dt.date(2026, 5, 31)))
    assert owed(statement) == "3100.00"
    assert statement.month == MAY
