"""Two people at the same moment, on two real connections: one payment, one statement, one step of asking."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from companies.models import Company
from core.errors import Conflict
from core.records import constraint_of
from subsidies.models import RentAllotment, RentPayment, RentReminder, RentStatement
from subsidies.services import payments, policies
from subsidies.services.reminders import send_reminder
from tests.factories import CompanyFactory
from tests.packs import default_pack
from tests.spaces.test_races import at_once
from tests.subsidies.conftest import JUNE, let
from tests.subsidies.paying import issued, left, owed, received, treasurer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> Company:
    policies.load_pack(pack=default_pack(), publish=True)
    company = CompanyFactory()
    let(company, area_m2=Decimal("400.00"))
    return company


def one_refused(results: list[object]) -> Conflict:
    """Exactly one act was refused, by a Conflict."""
    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refused, Conflict)
    return refused


def test_two_record_the_same_transaction(company: Company):
    statement = issued(company)
    results = at_once(*[lambda: received("3100.00", statement.number, transaction="T-SAME") for _ in range(2)])
    assert "on record already" in str(one_refused(results))
    assert RentPayment.objects.count() == RentAllotment.objects.count() == 1
    assert owed(statement) == "0.00"


def test_two_payments_for_one_statement(company: Company):
    statement = issued(company)
    paid = [received("3100.00"), received("3100.00")]
    by = treasurer()
    results = at_once(
        *[lambda one=one: payments.allot_payment(payment=one, statement=statement, by=by) for one in paid]
    )
    assert one_refused(results).code == "statement_paid"
    assert sorted(left(one) for one in paid) == ["0.00", "3100.00"]


def test_one_payment_for_two_statements(company: Company):
    statements = [issued(company), issued(company, JUNE)]
    paid, by = received("3000.00"), treasurer()
    results = at_once(
        *[lambda one=one: payments.allot_payment(payment=paid, statement=one, by=by) for one in statements]
    )
    assert one_refused(results).code == "payment_spent"
    assert sum(Decimal(owed(one)) for one in statements) == Decimal("3100.00")


def test_a_payment_is_reversed_while_it_is_matched(company: Company):
    statement = issued(company)
    paid, by = received("3100.00"), treasurer()
    results = at_once(
        lambda: payments.allot_payment(payment=paid, statement=statement, by=by),
        lambda: payments.reverse_payment(payment=paid, reason="returned", by=by),
    )
    paid.refresh_from_db()
    assert paid.reversed_at is not None
    assert owed(statement) == "3100.00"
    assert not RentAllotment.objects.standing().exists()
    assert all(isinstance(one, Conflict) for one in results if isinstance(one, Exception))


def test_two_set_off_the_same_rest(company: Company):
    may = issued(company)
    received("6200.00", may.number)
    june = issued(company, JUNE)
    results = at_once(*[lambda: payments.set_off(company=company, by=treasurer()) for _ in range(2)])
    assert one_refused(results).code == "nothing_to_set_off"
    assert (owed(june), RentAllotment.objects.standing().total()) == ("0.00", Decimal("6100.00"))


def test_sql_by_hand_spends_nothing_twice(company: Company):
    statement, paid = issued(company), received("3100.00")
    RentPayment.objects.filter(pk=paid.pk).update(company=company)

    def insert() -> str | None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO subsidies_rentallotment (payment_id, statement_id, amount, release_reason)"
                    " VALUES (%s, %s, 3100, '')",
                    [paid.pk, statement.pk],
                )
        except IntegrityError as error:
            return constraint_of(error)
        return None

    assert sorted(map(str, at_once(insert, insert))) == ["None", "subsidies_rentallotment_within_source"]
    assert RentAllotment.objects.standing().total() == Decimal("3100.00")


def test_two_send_the_same_reminder(company: Company):
    statement = issued(company)
    day = statement.due_on + dt.timedelta(days=1)
    results = at_once(*[lambda: send_reminder(statement=statement, level=1, on=day, by=treasurer()) for _ in range(2)])
    assert one_refused(results).code == "not_proposed"
    assert RentReminder.objects.count() == 1
    assert RentStatement.objects.get(pk=statement.pk).owed == Decimal("3100.00")
