"""The pages of payments and arrears: who may, what they show, and what is done on them."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from companies.models import Company
from subsidies.models import RentAllotment, RentPayment, RentReminder, RentStatement
from subsidies.services import payments
from subsidies.statement_numbers import written
from tests.subsidies.conftest import JUNE, let
from tests.subsidies.paying import issued, owed, received
from tests.subsidies.test_pages import page, text_of


@pytest.fixture
def statement(policy, company: Company, alice) -> RentStatement:
    let(company, area_m2=Decimal("400.00"))
    return issued(company)


def send(client, route: str, *arguments: object, **typed: object) -> str:
    """Do it and read the page that follows."""
    answer = client.post(reverse(f"subsidies:{route}", args=arguments), typed, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def test_the_treasurer_records_a_payment_by_form(statement: RentStatement, treasurer, signed_in):
    client = signed_in(treasurer)
    typed = {"transaction": "T-1", "paid_on": "2026-06-10", "amount": "3100.00", "payer": "Lingxi"}
    text = send(client, "payment_new", **typed, reference=statement.number)
    assert "The payment is recorded." in text
    assert "matched" in text
    again = send(client, "payment_new", **typed)
    assert "on record already" in again
    assert RentPayment.objects.count() == 1
    assert "settled" in page(client, "subsidies:statement", statement.public_id)


@pytest.mark.parametrize("wrong", [{"amount": "1.001"}, {"amount": "0"}, {"paid_on": "10.6.2026"}, {"transaction": ""}])
def test_what_is_malformed_comes_back_with_a_word(
    statement: RentStatement, treasurer, signed_in, wrong: dict[str, str]
):
    typed = {"transaction": "T-1", "paid_on": "2026-06-10", "amount": "3100.00"} | wrong
    assert "Record a payment of rent" in send(signed_in(treasurer), "payment_new", **typed)
    assert not RentPayment.objects.exists()


def test_a_proposal_is_confirmed_on_the_page(statement: RentStatement, company: Company, treasurer, auditor, signed_in):
    paid = received("3100.00", "rent", company.name)
    client = signed_in(treasurer)
    assert f"{company.code} 2026-05" in page(client, "subsidies:payments")
    assert "is exactly what its statement of 2026-05 asks for" in page(client, "subsidies:payment", paid.public_id)
    assert "is exactly what" not in page(signed_in(auditor), "subsidies:payment", paid.public_id)
    send(client, "payment_allot", paid.public_id, number=statement.number)
    assert owed(statement) == "0.00"


def test_by_hand_in_parts_and_taken_back(statement: RentStatement, treasurer, signed_in):
    paid, client = received("5000.00"), signed_in(treasurer)
    text = send(client, "payment_allot", paid.public_id, number=written(statement.number), amount="100.00")
    assert "Left of it ¥4,900.00" in text
    assert "No statement has the number" in send(client, "payment_allot", paid.public_id, number="RF00")
    allotment = RentAllotment.objects.get()
    assert "Reason" in send(client, "payment_release", paid.public_id, allotment.pk)
    send(client, "payment_release", paid.public_id, allotment.pk, reason="of another")
    assert owed(statement) == "3100.00"
    text = send(client, "payment_reverse", paid.public_id, reason="returned by the bank")
    assert "returned by the bank" in text
    assert "reversed" in page(client, "subsidies:payments")


def test_founders_see_what_their_own_company_paid_and_owes(statement, company, alice, mallory, signed_in):
    received("1000.00", statement.number, transaction="T-OWN")
    client = signed_in(alice)
    text = page(client, "subsidies:company_statements", company.code)
    assert "¥2,100.00 are open." in text
    assert "¥1,000.00" in text
    text = page(client, "subsidies:statement", statement.public_id)
    for said in ("Paid ¥1,000.00", "Open ¥2,100.00", "T-OWN", written(statement.number)):
        assert said in text
    for route, arguments in (("payments", []), ("arrears", []), ("payment", [RentPayment.objects.get().public_id])):
        assert client.get(reverse(f"subsidies:{route}", args=arguments)).status_code == 404
    assert signed_in(mallory).get(reverse("subsidies:company_statements", args=[company.code])).status_code == 404


def test_arrears_show_ages_and_a_person_sends_the_step(statement: RentStatement, treasurer, auditor, alice, signed_in):
    day = statement.due_on
    with time_machine.travel(f"{day.isoformat()} 12:00", tick=False):
        assert "not due yet" in page(signed_in(treasurer), "subsidies:arrears")
    with time_machine.travel(f"{(day + timedelta(days=31)).isoformat()} 12:00", tick=False):
        client = signed_in(treasurer)
        text = page(client, "subsidies:arrears")
        for said in ("1 statement is overdue", "31 to 60 days", "¥3,100.00", "reminder", "Lingxi Audio"):
            assert said in text
        assert "Send: reminder" in page(client, "subsidies:statement", statement.public_id)
        assert "Send: reminder" not in page(signed_in(auditor), "subsidies:statement", statement.public_id)
        assert "1 person of the company is told." in send(client, "remind", statement.public_id, level="1")
        assert "not the next one" in send(client, "remind", statement.public_id, level="1")
        assert "Choose the step" in send(client, "remind", statement.public_id, level="9")
        assert "Send: " not in page(client, "subsidies:statement", statement.public_id)
    assert RentReminder.objects.count() == 1


def test_arrears_and_payments_as_files(statement: RentStatement, treasurer, signed_in):
    received("100.00", statement.number, transaction="T-1")
    client = signed_in(treasurer)
    lines = client.get(f"{reverse('subsidies:arrears')}?format=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "company,number,month,due_on,days_overdue,age,open,last_level"
    assert lines[1].startswith(f"A-001,{statement.number},2026-05,{statement.due_on},")
    assert ",3000.00,0" in lines[1]
    text = client.get(f"{reverse('subsidies:payments')}?format=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1] == f"T-1,2026-06-10,100.00,,{statement.number}"
    assert client.get(f"{reverse('subsidies:arrears')}?format=xlsx").content.startswith(b"PK")


def test_what_a_company_has_left_is_set_off(statement: RentStatement, company: Company, treasurer, signed_in):
    received("5000.00", statement.number)
    june = issued(company, JUNE)
    client = signed_in(treasurer)
    assert "Left for companies that owe something" in page(client, "subsidies:arrears")
    assert "¥1,900.00 were set off." in send(client, "set_off", company.code)
    assert owed(june) == "1100.00"
    assert "nothing left" in send(client, "set_off", company.code)


def test_a_wrong_set_off_is_taken_back_on_the_page_of_the_statement(
    statement: RentStatement, company: Company, treasurer, auditor, signed_in
):
    company.leases.update(area_m2=Decimal("300.00"))
    june = issued(company, JUNE)  # 3,100 of May come back, and June is free
    payments.set_off(company=company, by=treasurer)
    client = signed_in(treasurer)
    assert "set off against the statement of 2026-06 Take back" in page(
        client, "subsidies:statement", statement.public_id
    )
    assert "Take back" not in page(signed_in(auditor), "subsidies:statement", statement.public_id)
    allotment = RentAllotment.objects.get(credit=june)
    assert "Reason" in send(client, "statement_release", statement.public_id, allotment.pk)
    assert owed(statement) == "0.00"
    text = send(client, "statement_release", statement.public_id, allotment.pk, reason="The company wants it paid out.")
    assert "It is taken back." in text
    assert (owed(statement), str(RentStatement.objects.get(pk=june.pk).credit)) == ("3100.00", "3100.00")
    # Only of the statement that it pays.
    url = reverse("subsidies:statement_release", args=[june.public_id, allotment.pk])
    assert client.post(url, {"reason": "again"}).status_code == 404


def test_the_list_of_statements_is_filtered_by_what_is_paid(statement: RentStatement, treasurer, signed_in):
    client, url = signed_in(treasurer), reverse("subsidies:statements")
    received("3099.99", statement.number)
    assert "A-001" in text_of(client.get(f"{url}?state=issued"))
    assert "No statements found" in text_of(client.get(f"{url}?state=settled"))
    received("0.01", statement.number)
    assert "A-001" in text_of(client.get(f"{url}?state=settled"))


def test_the_treasurer_brings_the_bank_s_file_and_nothing_else(treasurer, officer, signed_in):
    text = text_of(signed_in(treasurer).get(reverse("files")))
    assert "transaction" in text
    assert "price_per_m2_day" not in text
    text = text_of(signed_in(officer).get(reverse("files")))
    assert "price_per_m2_day" in text
    assert "transaction" not in text
