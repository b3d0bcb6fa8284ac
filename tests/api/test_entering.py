"""Records entered, corrected and declared void by machines, each kind alike: as an officer would by form."""

import datetime as dt
from decimal import Decimal
from urllib.parse import unquote, urlsplit

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from companies.records.history import history_of
from core.models import OutboxEvent
from funding.models import Loan
from tests.api.entered import (
    EXPENSES,
    KINDS,
    LOANS,
    PROJECTS,
    REPAYMENTS,
    REPORTS,
    SUPPLIERS,
    TALENTS,
    VOIDABLE,
    Entered,
)
from tests.factories import LoanFactory, ProjectFactory, ReportFactory, TalentFactory

every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
every_voidable = pytest.mark.parametrize("kind", VOIDABLE, ids=str)
REASON = {"reason": "entered twice"}


@pytest.fixture(autouse=True)
def loan(company) -> Loan:
    """What the repayments are of."""
    return LoanFactory(number="L/1", company=company, drawn_on=dt.date(2026, 1, 5))


@pytest.fixture
def client(machine):
    return machine()


def send(client, kind: Entered, **changed):
    return client.post(kind.list, kind.body | changed, format="json")


def tag(client, address: str) -> dict[str, str]:
    return {"HTTP_IF_MATCH": client.get(address)["ETag"]}


def refused(response, status: int, code: str) -> dict:
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == "application/problem+json"
    return body


def held(record) -> dict:
    """The columns of a record, but for its ids and the moment."""
    skipped = {"id", "public_id", "created_at", "updated_at"}
    columns = {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}
    if "supplier" in columns:
        columns["supplier"] = record.supplier.name
    return {name: value for name, value in columns.items() if name not in skipped}


# --- Entering ----------------------------------------------------------------------------------------------------


@every_kind
def test_a_record_is_entered_and_answered_as_the_list_shows_it(client, kind):
    response = send(client, kind)
    assert response.status_code == 201, response.content
    shown = response.json()
    sent = {name: value for name, value in kind.body.items() if name != "supplier" or kind is SUPPLIERS}
    assert {name: shown[name] for name in sent} == sent
    address = urlsplit(response["Location"]).path
    assert unquote(address) == f"{kind.list}{shown[kind.key]}/"
    again = client.get(address)
    assert (again.json(), again["ETag"]) == (shown, response["ETag"])


@every_kind
def test_form_file_and_machine_enter_the_same(kind, client, officer, signed_in, bring, loan):
    arguments = [loan.number] if kind is REPAYMENTS else []
    found = []
    for enter in (
        lambda: send(client, kind),
        lambda: signed_in(officer).post(reverse(kind.page, args=arguments), kind.typed),
        lambda: bring(kind.plural, "\n".join(kind.file)),
    ):
        enter()
        record = kind.model.objects.latest("pk")
        found.append(held(record))
        _forget(record)
    assert found[0] == found[1] == found[2]


def _forget(record) -> None:
    """Take its number away, so that the next may have it (nothing is ever deleted)."""
    number = next((name for name in ("number", "code") if hasattr(record, name)), "")
    changes = {number: f"was {record.pk}"} if number else {}
    if hasattr(record, "voided_at"):
        changes |= {"voided_at": dt.datetime.now(dt.UTC), "void_reason": "to enter it once more"}
    type(record).objects.filter(pk=record.pk).update(**changes)


@every_kind
def test_the_audit_names_the_key_and_who_answers_for_it(client, kind, officer):
    send(client, kind)
    record = kind.model.objects.latest("pk")
    metadata = record.events.latest("pgh_id").pgh_context.metadata
    assert (metadata["user"], metadata["key_name"]) == (officer.pk, "Finance")
    assert history_of(record)[-1].by == f"{officer.name}, by the key Finance"


@every_kind
def test_what_happened_is_told_once_for_each_act(client, kind):
    topic = kind.topic or f"{kind.plural.removesuffix('s')}.changed"
    told = OutboxEvent.objects.filter(topic=topic)
    address = urlsplit(send(client, kind)["Location"]).path
    assert told.count() == 1
    client.patch(address, kind.change, format="json", **tag(client, address))
    assert told.count() == 2
    if kind in VOIDABLE:
        client.post(f"{address}void/", REASON, format="json")
        assert told.count() == 3


@every_kind
def test_what_is_entered_once_more_is_not_there_twice_and_named(client, kind):
    first = send(client, kind)
    body = refused(send(client, kind), 409, send(client, kind).json()["code"])
    assert body["existing"] == first["Location"]
    assert kind.model.objects.count() == 1 + (kind is LOANS)
    names = {error["name"] for error in body["errors"]}
    assert names == ({"contract"} if kind is EXPENSES else {kind.once})


def test_a_repeated_repayment_is_named_though_too_little_is_left(client, loan):
    body = {**REPAYMENTS.body, "principal": str(loan.principal)}
    first = client.post(REPAYMENTS.list, body, format="json")
    again = refused(client.post(REPAYMENTS.list, body, format="json"), 409, "beyond_principal")
    assert again["existing"] == first["Location"]


def test_a_day_of_a_void_repayment_is_free_again(client):
    first = urlsplit(send(client, REPAYMENTS)["Location"]).path
    client.post(f"{first}void/", REASON, format="json")
    assert send(client, REPAYMENTS).status_code == 201
    beyond = client.post(REPAYMENTS.list, REPAYMENTS.body | {"paid_on": "2026-04-01", "principal": "9999999.00"},
                         format="json")  # fmt: skip
    assert "existing" not in refused(beyond, 409, "beyond_principal")


def test_the_number_of_a_void_record_stays_taken(client):
    address = urlsplit(send(client, PROJECTS)["Location"]).path
    client.post(f"{address}void/", REASON, format="json")
    assert refused(send(client, PROJECTS), 409, "taken")["existing"].endswith(address)


def test_a_talent_may_be_in_no_company_and_a_supplier_of_none(client):
    for kind, left_out in ((TALENTS, ("company", "employed_from", "employed_until")), (SUPPLIERS, ("company",))):
        body = {name: value for name, value in kind.body.items() if name not in left_out}
        response = client.post(kind.list, body, format="json")
        assert (response.status_code, response.json()["company"]) == (201, None)


def test_an_unknown_supplier_comes_with_its_cost_not_admitted_and_without_the_scope(machine):
    response = send(machine(EXPENSES.writes, EXPENSES.reads), EXPENSES)
    code = response.json()["supplier"]
    assert machine().get(SUPPLIERS.row(code)).json()["admitted_from"] is None


# --- Correcting --------------------------------------------------------------------------------------------------


@every_kind
def test_a_correction_changes_what_it_names_and_nothing_else(client, kind):
    address = urlsplit(send(client, kind)["Location"]).path
    before = client.get(address)
    response = client.patch(address, kind.change, format="json", HTTP_IF_MATCH=before["ETag"])
    assert response.status_code == 200, response.content
    expected = before.json() | kind.change | {"updated_at": response.json()["updated_at"]}
    assert response.json() == expected
    assert (client.get(address).json(), client.get(address)["ETag"]) == (expected, response["ETag"])


@every_kind
def test_a_correction_of_what_somebody_changed_meanwhile_is_refused_until_it_was_read(client, kind):
    address = urlsplit(send(client, kind)["Location"]).path
    seen = tag(client, address)
    assert client.patch(address, kind.change, format="json", **seen).status_code == 200
    back = {name: kind.body[name] for name in kind.change}
    refused(client.patch(address, back, format="json", **seen), 412, "precondition_failed")
    refused(client.patch(address, back, format="json"), 428, "precondition_required")
    assert client.patch(address, back, format="json", **tag(client, address)).status_code == 200
    assert client.patch(address, kind.change, format="json", HTTP_IF_MATCH="*").status_code == 200


def test_a_weak_tag_is_taken_as_compressed_answers_have_one(client):
    address = LOANS.row("L/1")
    seen = f"W/{client.get(address)['ETag']}"
    assert client.patch(address, LOANS.change, format="json", HTTP_IF_MATCH=seen).status_code == 200


@pytest.mark.parametrize(
    ("kind", "sent"),
    [(LOANS, {"due_on": "2028-01-05"}), (PROJECTS, {"field": "ai"}), (TALENTS, {"grade": None}),
     (REPORTS, {"product_in_use": False}), (REPORTS, {"revenue": None}), (EXPENSES, {"supplier": None}),
     (TALENTS, {"company": None, "employed_from": None, "employed_until": None}),
     (TALENTS, {"company": "B-001"}), (SUPPLIERS, {"company": "B-001"})],
    ids=str,
)  # fmt: skip
def test_what_may_be_unknown_is_set_and_taken_back(client, other_company, kind, sent):
    address = urlsplit(send(client, kind)["Location"]).path
    response = client.patch(address, sent, format="json", HTTP_IF_MATCH="*")
    assert {name: response.json()[name] for name in sent} == sent


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(LOANS, "loan", "L/2"), (LOANS, "company", "B-001"), (REPAYMENTS, "loan", "L/1"), (PROJECTS, "score", "90.00"),
     (PROJECTS, "scored_on", "2026-01-01"), (REPORTS, "verified", True), (REPORTS, "period_end", "2026-06-30"),
     (SUPPLIERS, "admitted_from", "2026-01-01"), (EXPENSES, "expense", "RE-2"), (TALENTS, "voided_at", None),
     (LOANS, "updated_at", "2026-01-01T00:00:00Z"), (LOANS, "seen", "")],
    ids=str,
)  # fmt: skip
def test_what_stays_and_what_persons_judge_no_correction_takes(client, kind, name, value):
    address = urlsplit(send(client, kind)["Location"]).path
    response = client.patch(address, {name: value}, format="json", HTTP_IF_MATCH="*")
    assert [error["name"] for error in refused(response, 400, "unknown_field")["errors"]] == [name]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(PROJECTS, "score", "90.00"), (REPORTS, "verified", True), (SUPPLIERS, "admitted_from", "2026-01-01")],
    ids=str,
)
def test_nor_does_a_new_record(client, kind, name, value):
    count = kind.model.objects.count()
    refused(send(client, kind, **{name: value}), 400, "unknown_field")
    assert kind.model.objects.count() == count


def test_a_scored_project_and_a_verified_report_are_corrected_as_officers_do(client, company):
    """And stay scored and verified."""
    project = ProjectFactory(company=company, scored=True)
    report = ReportFactory(company=company, verified=True)
    for kind, record, kept in ((PROJECTS, project, "score"), (REPORTS, report, "verified")):
        before = client.get(kind.of(record)).json()
        response = client.patch(kind.of(record), kind.change, format="json", HTTP_IF_MATCH="*")
        assert response.json()[kept] == before[kept]


# --- Declaring void ----------------------------------------------------------------------------------------------


@every_voidable
def test_a_record_is_declared_void_and_stays_readable(client, kind):
    address = urlsplit(send(client, kind)["Location"]).path
    response = client.post(f"{address}void/", {"reason": " entered twice "}, format="json")
    assert (response.status_code, response.json()["void_reason"]) == (200, "entered twice")
    assert client.get(address).json() == response.json()
    again = client.post(f"{address}void/", REASON, format="json")
    assert "entered twice" in refused(again, 409, "void")["detail"]
    refused(client.patch(address, kind.change, format="json", HTTP_IF_MATCH="*"), 409, "void")


@every_voidable
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": None}, {"reason": "x" * 501}])
def test_without_a_reason_nothing_is_void(client, kind, body):
    address = urlsplit(send(client, kind)["Location"]).path
    response = client.post(f"{address}void/", body, format="json")
    assert [error["name"] for error in refused(response, 400, "incomplete")["errors"]] == ["reason"]
    assert client.get(address).json()["voided_at"] is None


def test_voiding_may_name_what_was_seen(client):
    address = urlsplit(send(client, LOANS)["Location"]).path
    seen = tag(client, address)
    client.patch(address, LOANS.change, format="json", **seen)
    refused(client.post(f"{address}void/", REASON, format="json", **seen), 412, "precondition_failed")
    assert client.post(f"{address}void/", REASON, format="json", **tag(client, address)).status_code == 200


def test_nothing_is_deleted_and_suppliers_are_not_void(client):
    for kind in KINDS:
        address = urlsplit(send(client, kind)["Location"]).path
        refused(client.delete(address), 405, "method_not_allowed")
        refused(client.put(address, kind.body, format="json"), 405, "method_not_allowed")
    refused(client.post(SUPPLIERS.row("QJ", "void/"), REASON, format="json"), 405, "method_not_allowed")


@pytest.mark.parametrize("number", ["void", "a/void", "合同 7/2026/void", "a?b#c%d"])
def test_a_number_that_reads_like_an_address_is_reached_by_every_method(client, number):
    address = urlsplit(send(client, LOANS, loan=number)["Location"]).path
    assert client.get(address).json()["loan"] == number
    assert client.patch(address, LOANS.change, format="json", **tag(client, address)).json()["loan"] == number
    assert client.post(f"{address}void/", REASON, format="json").json()["void_reason"] == "entered twice"


def test_voiding_a_loan_is_no_reading(client):
    refused(client.get(LOANS.row("L/1", "void/")), 405, "method_not_allowed")


# --- Who may -----------------------------------------------------------------------------------------------------


@every_kind
def test_each_kind_is_entered_with_its_own_scope_alone(machine, kind):
    record = kind.make()
    others = [scope for scope in type(kind.writes) if scope != kind.writes]
    client = machine(*others)
    acts = [client.post(kind.list, kind.body, format="json"),
            client.patch(kind.of(record), kind.change, format="json", HTTP_IF_MATCH="*")]  # fmt: skip
    if kind in VOIDABLE:
        acts.append(client.post(f"{kind.of(record)}void/", REASON, format="json"))
    for response in acts:
        assert kind.writes in refused(response, 403, "scope_missing")["detail"]


@every_kind
def test_writing_does_not_open_reading(machine, kind, loan):
    client, reader = machine(kind.writes), machine()
    made = send(client, kind)
    address = urlsplit(made["Location"]).path
    assert (made.status_code, made.content) == (201, b"")
    assert client.get(address).status_code == client.get(kind.list).status_code == 403
    changed = client.patch(address, kind.change, format="json", HTTP_IF_MATCH="*")
    assert (changed.status_code, changed.content) == (204, b"")
    assert kind.change.items() <= reader.get(address).json().items()
    if kind in VOIDABLE:
        voided = client.post(f"{address}void/", REASON, format="json")
        assert (voided.status_code, voided.content) == (204, b"")


@every_kind
def test_what_the_key_does_not_see_is_told_like_what_is_not_there(client, kind):
    for name in ("NOBODY", "A-001x", "Lingxi Audio", "灵犀"):  # names that a form would find are no codes
        body = refused(send(client, kind, **{kind.owner: name}), 404, "not_found")
        assert [error["name"] for error in body["errors"]] == [kind.owner]
    missing = kind.row("00000000-0000-4000-8000-000000000000")
    refused(client.patch(missing, kind.change, format="json", HTTP_IF_MATCH="*"), 404, "not_found")
    if kind in VOIDABLE:
        refused(client.post(f"{missing}void/", REASON, format="json"), 404, "not_found")


@every_kind
def test_a_key_enters_nothing_once_its_officer_is_none(client, kind, officer):
    record = kind.make()
    officer.role_grants.update(role=StaffRole.AUDITOR)
    before = held(record)
    refused(send(client, kind), 403, "not_allowed")
    refused(client.patch(kind.of(record), kind.change, format="json", HTTP_IF_MATCH="*"), 403, "not_allowed")
    if kind in VOIDABLE:
        refused(client.post(f"{kind.of(record)}void/", REASON, format="json"), 403, "not_allowed")
    record.refresh_from_db()
    assert held(record) == before


@every_kind
def test_without_a_key_nothing_is_entered_and_a_session_is_none(anonymous, officer, signed_in, kind):
    for client in (anonymous, signed_in(officer)):
        response = client.post(kind.list, kind.body, content_type="application/json")
        refused(response, 401, "not_authenticated")


def test_entering_is_throttled_as_reading_is(within_a_minute, machine, monkeypatch):
    monkeypatch.setattr("accounts.api.throttling.KeyThrottle.rate", "2/min", raising=False)
    client = machine()
    assert "r=1" in send(client, LOANS)["RateLimit"]
    assert "r=0" in send(client, LOANS)["RateLimit"]
    refused(send(client, PROJECTS), 429, "too_many_requests")


def test_a_founder_s_move_stays_the_officer_s(client, other_company):
    """A key acts for an officer, who moves a talent from company to company."""
    talent = TalentFactory(company=other_company)
    response = client.patch(TALENTS.of(talent), {"company": "A-001"}, format="json", HTTP_IF_MATCH="*")
    assert response.json()["company"] == "A-001"
    told = OutboxEvent.objects.filter(topic="talent.changed").values_list("payload__company", flat=True)
    assert set(told) == {"A-001", "B-001"}


def test_amounts_are_kept_to_the_fen(client):
    send(client, LOANS, principal="9999999999.99")
    assert Loan.objects.get(number="HZ/2026 1").principal == Decimal("9999999999.99")
