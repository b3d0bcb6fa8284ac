"""The pages that are the same for every kind of record: who sees, enters, corrects and voids what, and what is told."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from companies.records.forms import stamp
from core.models import OutboxEvent
from funding.models import Loan
from tests.factories import CompanyFactory, ExpenseFactory, SupplierFactory
from tests.records.kinds import EXPENSE, KINDS, LOAN, TALENT, Kind

FRAGMENT = {"HX-Request": "true"}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


@pytest.fixture
def desk(officer, signed_in):
    return signed_in(officer)


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


def as_typed(kind: Kind, **changed: str) -> dict[str, str]:
    return {**kind.typed, **changed}


# --- Entering ----------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("actor", ["alice", "bob", "officer"])
def test_owners_editors_and_officers_enter_one_of_the_company(request, actor, alice, bob, kind, company, signed_in):
    client = signed_in(request.getfixturevalue(actor))
    shown(client.get(kind.new("A-001")))
    response = client.post(kind.new("A-001"), kind.typed)
    record = kind.model.objects.get()
    assert (record.company, response.url) == (company, kind.page(record))
    assert OutboxEvent.objects.filter(topic=f"{kind.name}.changed", payload__company="A-001").exists()


@every_kind
@pytest.mark.parametrize(
    ("actor", "status"), [("carol", 403), ("mallory", 404), ("auditor", 403), ("reviewer", 403), ("treasurer", 403)]
)
def test_nobody_else_does(request, actor, status, kind, company, signed_in):
    client = signed_in(request.getfixturevalue(actor))
    for answer in (client.get(kind.new("A-001")), client.post(kind.new("A-001"), kind.typed)):
        assert answer.status_code == status
    assert not kind.model.objects.exists()


@every_kind
def test_an_officer_names_the_company_on_the_form(kind, company, desk):
    assert "company-options" in shown(desk.get(kind.new()))
    desk.post(kind.new(), as_typed(kind, company="灵犀"))
    assert kind.model.objects.get().company == company


@every_kind
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(kind, company, desk):
    name, value, told = kind.wrong
    page = shown(desk.post(kind.new("A-001"), as_typed(kind, **{name: value})))
    assert told in page
    assert f'href="#id_{name}"' in page
    assert f'value="{kind.typed[kind.number]}"' in page
    assert not kind.model.objects.exists()


@every_kind
def test_a_number_is_given_once(kind, company, desk):
    desk.post(kind.new("A-001"), kind.typed)
    page = shown(desk.post(kind.new("A-001"), kind.typed))
    assert "already" in page
    assert kind.model.objects.count() == 1


# --- Correcting --------------------------------------------------------------------------------------------------


def correction(kind: Kind, record) -> dict[str, str]:
    typed = {name: value for name, value in kind.typed.items() if name != kind.number}
    return {**typed, "seen": stamp(record)}


@every_kind
@pytest.mark.parametrize("actor", ["alice", "bob", "officer"])
def test_a_record_is_corrected_on_a_prefilled_form(request, actor, alice, bob, kind, company, signed_in):
    client = signed_in(request.getfixturevalue(actor))
    record = kind.make(company=company)
    assert stamp(record) in shown(client.get(kind.page(record, "change")))
    sent = correction(kind, record)
    if kind is TALENT:
        sent["company"] = "A-001"
    assert client.post(kind.page(record, "change"), sent).url == kind.page(record)
    record.refresh_from_db()
    name, value = next(
        (n, v) for n, v in sent.items() if n in ("bank", "title", "name", "revenue", "contract", "investors")
    )
    assert str(getattr(record, name)) == value
    assert record.company == company


@every_kind
@pytest.mark.parametrize(("actor", "status"), [("carol", 403), ("mallory", 404), ("auditor", 403)])
def test_others_correct_and_void_nothing(request, actor, status, kind, company, signed_in):
    client, record = signed_in(request.getfixturevalue(actor)), kind.make(company=company)
    before = stamp(record)
    for act, sent in (("change", correction(kind, record)), ("void", {"reason": "x"})):
        for answer in (client.get(kind.page(record, act)), client.post(kind.page(record, act), sent)):
            assert answer.status_code == status
    record.refresh_from_db()
    assert (record.voided_at, stamp(record)) == (None, before)


@every_kind
def test_a_page_that_is_out_of_date_is_saved_only_by_a_second_click(kind, company, desk):
    record = kind.make(company=company)
    old = correction(kind, record) | ({"company": "A-001"} if kind is TALENT else {})
    record.save()
    page = shown(desk.post(kind.page(record, "change"), old))
    assert "Somebody changed it since" in page
    record.refresh_from_db()
    assert stamp(record) in page
    assert desk.post(kind.page(record, "change"), old | {"seen": stamp(record)}).status_code == 302


# --- Voiding -----------------------------------------------------------------------------------------------------


@every_kind
def test_a_record_is_declared_void_with_a_reason_and_stays_readable(kind, company, alice, signed_in, desk):
    record, founder = kind.make(company=company), signed_in(alice)
    assert "It cannot be undone" in shown(founder.get(kind.page(record, "void")))
    assert "This field is required" in shown(founder.post(kind.page(record, "void"), {"reason": ""}))
    assert founder.post(kind.page(record, "void"), {"reason": "entered twice"}).status_code == 302
    for client in (founder, desk):
        page = shown(client.get(kind.page(record)))
        assert "entered twice" in page
        assert kind.page(record, "change") not in page
    assert founder.get(kind.page(record, "change")).status_code == 404
    assert founder.post(kind.page(record, "void"), {"reason": "again"}).status_code == 404


# --- Reading -----------------------------------------------------------------------------------------------------


@every_kind
def test_a_record_shows_staff_its_history_and_founders_none(kind, company, alice, auditor, signed_in):
    record = kind.make(company=company)
    signed_in(alice).post(kind.page(record, "void"), {"reason": "entered twice"})
    page = shown(signed_in(auditor).get(kind.page(record)))
    assert "Declared void: entered twice" in page
    assert "Alice" in page
    assert "History" not in shown(signed_in(alice).get(kind.page(record)))


@every_kind
def test_a_viewer_reads_and_is_offered_nothing_to_do(kind, company, carol, signed_in):
    record = kind.make(company=company)
    page = shown(signed_in(carol).get(kind.page(record)))
    assert kind.page(record, "change") not in page
    part = shown(signed_in(carol).get(kind.url(f"company_{kind.plural}", "A-001"), headers=FRAGMENT))
    assert kind.page(record) in part
    assert kind.new("A-001") not in part


@every_kind
def test_a_companys_part_holds_its_valid_records_alone(kind, company, alice, signed_in):
    records = kind.make(company=company), kind.make(), kind.make(company=CompanyFactory(), voided=True)
    part = shown(signed_in(alice).get(kind.url(f"company_{kind.plural}", "A-001"), headers=FRAGMENT))
    assert [kind.page(record) in part for record in records] == [True, False, False]
    assert "<html" not in part
    assert kind.new("A-001") in part


@every_kind
def test_a_part_without_records_says_so(kind, company, alice, signed_in):
    part = shown(signed_in(alice).get(kind.url(f"company_{kind.plural}", "A-001"), headers=FRAGMENT))
    assert "is on record." in part


@every_kind
def test_the_list_is_narrowed_down_by_company_and_by_what_is_void(kind, company, desk):
    mine, other, void = kind.make(company=company), kind.make(), kind.make(voided=True)

    def listed(**query: str):
        return {row.record for row in desk.get(kind.url(kind.plural), query).context["table"].rows}

    assert listed() == {mine, other}
    assert listed(q="灵犀") == {mine}
    assert listed(state="void") == {void}


@every_kind
def test_the_list_comes_as_a_file_with_the_rows_of_the_filter(kind, company, desk):
    other = kind.make(company=CompanyFactory(code="Z-777"))
    kind.make(company=company)
    response = desk.get(kind.url(kind.plural), {"q": "灵犀", "format": "csv"})
    lines = response.content.decode().splitlines()
    assert f'filename="{kind.plural}-' in response["Content-Disposition"]
    assert len(lines) == 2
    assert "A-001" in lines[1]
    assert other.company.code not in response.content.decode()
    assert desk.get(kind.url(kind.plural), {"format": "xlsx"}).content.startswith(b"PK")


@every_kind
def test_a_longer_list_takes_no_more_queries(
    kind, company, desk, django_assert_num_queries, django_assert_max_num_queries
):
    kind.make(company=company)
    pages = (kind.url(kind.plural), kind.url(f"company_{kind.plural}", "A-001"))
    counts = []
    for page in pages:
        desk.get(page)
        with django_assert_max_num_queries(16) as few:
            desk.get(page)
        counts.append(len(few))
    for number in range(4):
        kind.make(company=company, **({"period_end": dt.date(2020 + number, 12, 31)} if kind.name == "report" else {}))
        kind.make()
    for page, count in zip(pages, counts, strict=True):
        with django_assert_num_queries(count):
            desk.get(page)


# --- What is special to a kind -----------------------------------------------------------------------------------


def test_a_loan_tells_what_is_not_paid_back_and_takes_repayments(company, alice, signed_in):
    client, loan = signed_in(alice), LOAN.make(company=company, number="A/1")
    new = reverse("funding:repayment_new", args=["A/1"])
    assert "¥1,000,000.00 of this loan are left" in shown(client.get(new))
    client.post(new, {"paid_on": "2026-01-05", "principal": "400000"})
    page = shown(client.get(LOAN.page(loan)))
    assert "¥600,000.00" in page
    assert "Only ¥600,000.00" in shown(client.post(new, {"paid_on": "2026-02-05", "principal": "600000.01"}))
    repayment = loan.repayments.get()
    sent = {"paid_on": "2026-01-06", "principal": "1000000", "seen": stamp(repayment)}
    client.post(reverse("funding:repayment_change", args=[repayment.pk]), sent)
    assert loan.repayments.get().principal == Decimal(1000000)
    client.post(reverse("funding:repayment_void", args=[repayment.pk]), {"reason": "another loan"})
    assert Loan.objects.with_balance().get().balance == Decimal(1000000)


def test_the_history_of_a_loan_tells_of_its_repayments(company, alice, officer, auditor, signed_in):
    loan = LOAN.make(company=company)
    new = reverse("funding:repayment_new", args=[loan.number])
    signed_in(alice).post(new, {"paid_on": "2026-01-05", "principal": "400000"})
    void = reverse("funding:repayment_void", args=[loan.repayments.get().pk])
    signed_in(officer).post(void, {"reason": "another loan"})
    page = shown(signed_in(auditor).get(LOAN.page(loan)))
    assert "Entered: repayment 2026-01-05" in page
    assert "Declared void: repayment 2026-01-05 · another loan" in page


def test_loans_are_found_by_the_day_on_which_they_run(company, desk):
    LOAN.make(drawn_on=dt.date(2026, 1, 5), due_on=dt.date(2026, 3, 5))
    for day, count in (("2026-01-04", 0), ("2026-01-05", 1), ("2026-03-04", 1), ("2026-03-05", 0)):
        table = desk.get(LOAN.url("loans"), {"running_on": day}).context["table"]
        assert len(table.rows) == count, day


def test_an_officer_moves_a_talent_and_a_founder_does_not(company, other_company, alice, desk, signed_in):
    talent = TALENT.make(company=company)
    sent = {"name": "Li Na", "grade": "A", "employed_from": "2026-01-05", "company": "B-001", "seen": stamp(talent)}
    signed_in(alice).post(TALENT.page(talent, "change"), sent)
    talent.refresh_from_db()
    assert (talent.grade, talent.company) == ("A", company)
    desk.post(TALENT.page(talent, "change"), sent | {"seen": stamp(talent)})
    talent.refresh_from_db()
    assert talent.company == other_company


def test_a_payment_that_is_on_record_already_is_told_at_the_contract(company, alice, signed_in):
    client = signed_in(alice)
    client.post(EXPENSE.new("A-001"), EXPENSE.typed)
    again = {**EXPENSE.typed, "number": "RE-2", "point": "activities", "kind": ""}
    assert "This payment is on record as RE-1" in shown(client.post(EXPENSE.new("A-001"), again))
    assert EXPENSE.model.objects.get().supplier.admission is None


@pytest.mark.parametrize(("point", "kind"), [("ai_vouchers", ""), ("activities", "model")])
def test_vouchers_and_only_they_say_what_was_paid_for(company, alice, signed_in, point, kind):
    sent = {**EXPENSE.typed, "point": point, "kind": kind}
    page = shown(signed_in(alice).post(EXPENSE.new("A-001"), sent))
    assert "Say for vouchers" in page
    assert 'href="#id_kind"' in page
    assert not EXPENSE.model.objects.exists()


def test_suppliers_are_offered_to_those_who_may_see_them(company, alice, mallory, signed_in):
    SupplierFactory(code="S-9", name="Cloud Nine", admitted=True)
    ExpenseFactory(company=company, supplier=SupplierFactory(code="S-8", name="Cloud Eight"))
    offered = reverse("subsidies:offer_suppliers")
    page = shown(signed_in(alice).get(offered, {"supplier": "cloud"}))
    assert ("S-8" in page, "S-9" in page) == (True, True)
    page = shown(signed_in(mallory).get(offered, {"supplier": "cloud"}))
    assert ("S-8" in page, "S-9" in page) == (False, True)
