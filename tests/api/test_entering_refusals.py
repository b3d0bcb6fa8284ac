"""What is refused of what machines send: as the form refuses it, by field, in three languages."""

import json

import pytest

from funding.models import Loan
from tests.api.entered import EXPENSES, KINDS, LOANS, PROJECTS, REPAYMENTS, REPORTS, SUPPLIERS, TALENTS, Entered
from tests.factories import ExpenseFactory, LoanFactory, RepaymentFactory, SupplierFactory

JSON = "application/json"


@pytest.fixture(autouse=True)
def loan(company) -> Loan:
    return LoanFactory(number="L/1", company=company)


@pytest.fixture
def client(machine):
    return machine()


def refused(response, status: int, code: str) -> dict:
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    return body


def told(body: dict) -> dict[str, str]:
    return {error["name"]: error["detail"] for error in body["errors"]}


# --- What the form refuses ---------------------------------------------------------------------------------------

# kind, the field, what is sent in it, and a part of what is told
REFUSED = [
    (LOANS, "due_on", "2026-01-05", "due after the day"),
    (LOANS, "principal", "0.00", "greater than or equal to 0.01"),
    (LOANS, "principal", "10000000000.01", "less than or equal to 10000000000"),
    (LOANS, "annual_rate_percent", "100.0001", "less than or equal to 100"),
    (LOANS, "annual_rate_percent", "-0.0001", "greater than or equal to 0"),
    (LOANS, "bank", "   ", "required"),
    (LOANS, "bank", "x" * 121, "at most 120 characters"),
    (LOANS, "bank", "Bank \u202eknaB", "invisible marks"),
    (LOANS, "loan", "two\nlines", "one line"),
    (LOANS, "loan", "x" * 65, "at most 64 characters"),
    (REPAYMENTS, "principal", "0.00", "greater than or equal to 0.01"),
    (PROJECTS, "amount_requested", "0.00", "greater than or equal to 0.01"),
    (PROJECTS, "title", "x" * 201, "at most 200 characters"),
    (TALENTS, "employed_until", "2026-01-04", "before the first day"),
    (TALENTS, "name", "x" * 121, "at most 120 characters"),
    (REPORTS, "employees", -1, "greater than or equal to 0"),
    (REPORTS, "employees", 1_000_001, "less than or equal to 1000000"),
    (REPORTS, "revenue", "-0.01", "greater than or equal to 0"),
    (EXPENSES, "amount", "0.00", "greater than or equal to 0.01"),
    (EXPENSES, "kind", None, "only for them"),
    (EXPENSES, "point", "activities", "only for them"),
    (EXPENSES, "supplier", "S-99999", "no supplier with the code"),
    (SUPPLIERS, "name", "x" * 201, "at most 200 characters"),
]


@pytest.mark.parametrize(("kind", "name", "value", "words"), REFUSED, ids=str)
def test_what_the_form_refuses_is_a_400_by_field(client, kind, name, value, words):
    before = kind.model.objects.count()
    body = client.post(kind.list, kind.body | {name: value}, format="json").json()
    assert body["status"] == 400
    at = "kind" if name == "point" else name
    assert words in told(body)[at]
    assert words in body["detail"]
    assert kind.model.objects.count() == before


@pytest.mark.parametrize(
    ("kind", "name", "value", "words"), [case for case in REFUSED if case[1] != case[0].key], ids=str
)
def test_and_of_a_correction_too(client, kind, name, value, words):
    address = client.post(kind.list, kind.body, format="json")["Location"]
    body = client.patch(address, {name: value}, format="json", HTTP_IF_MATCH="*").json()
    assert body["status"] == 400
    assert words in told(body)["kind" if name == "point" else name]


@pytest.mark.parametrize("day", ["1799-12-31", "2200-01-01"])
def test_days_lie_in_the_calendar(client, day):
    body = client.post(LOANS.list, LOANS.body | {"drawn_on": day, "due_on": None}, format="json").json()
    assert (body["status"], "between 1800 and 2199" in body["detail"]) == (400, True)


def test_what_contradicts_the_books_is_a_409_by_field(client, company, loan):
    RepaymentFactory(loan=loan, principal="600000.00")
    SupplierFactory(code="AC", name="Acme")
    ExpenseFactory(number="E1", company=company, supplier__code="QJ", contract="V", amount="5.00", paid_on="2026-05-05")
    lower = client.patch(LOANS.row("L/1"), {"principal": "599999.99"}, format="json", HTTP_IF_MATCH="*")
    assert list(told(refused(lower, 409, "below_repayments"))) == ["principal"]
    later = client.patch(LOANS.row("L/1"), {"drawn_on": "2026-06-01"}, format="json", HTTP_IF_MATCH="*")
    assert list(told(refused(later, 409, "after_repayments"))) == ["drawn_on"]
    beyond = client.post(REPAYMENTS.list, REPAYMENTS.body | {"principal": "400000.01"}, format="json")
    assert list(told(refused(beyond, 409, "beyond_principal"))) == ["principal"]
    early = client.post(REPAYMENTS.list, REPAYMENTS.body | {"paid_on": "2025-01-01"}, format="json")
    assert list(told(refused(early, 409, "before_drawdown"))) == ["paid_on"]
    twice = EXPENSES.body | {"supplier": "QJ", "contract": "V", "amount": "5.00"}
    body = refused(client.post(EXPENSES.list, twice, format="json"), 409, "claimed_twice")
    assert "E1" in told(body)["contract"]


def test_a_void_loan_takes_no_repayment(client, loan):
    client.post(LOANS.row("L/1", "void/"), {"reason": "entered twice"}, format="json")
    refused(client.post(REPAYMENTS.list, REPAYMENTS.body, format="json"), 409, "void")


def test_all_that_is_wrong_is_told_at_once(client):
    sent = LOANS.body | {"principal": 7, "drawn_on": "5.1.2026", "rate": "3"}
    sent.pop("bank")
    body = refused(client.post(LOANS.list, sent, format="json"), 400, "incomplete")
    assert set(told(body)) == {"principal", "drawn_on", "rate", "bank"}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_record_needs_its_number_and_whose_it_is(client, kind):
    """A supplier and a talent may be nobody's."""
    body = refused(client.post(kind.list, {}, format="json"), 400, "incomplete")
    assert kind.once in told(body)
    assert (kind.owner in told(body)) is (kind not in (TALENTS, SUPPLIERS))


# --- Types -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        *((LOANS, "principal", value) for value in (
            2000000, 2000000.5, "2e6", "1_000", "1,000.00", " 1.00", "1.", ".5", "1.005", "+1", "NaN", "Infinity",
            "١٠٠", "1.00\n", True, None, [], {}, "", "1" * 17,
        )),
        *((LOANS, "drawn_on", value) for value in (
            "2026-1-5", "05.01.2026", "2026-02-30", "2026-01-05T00:00:00", "20260105", 20260105, None, "",
            " 2026-01-05",
        )),
        *((LOANS, "bank", value) for value in (1, True, None, "", [], {}, "a\x00b")),
        *((LOANS, "company", value) for value in (1, True, None, "", [], {}, "a\x00b")),
        *((REPORTS, "months", value) for value in ("3", 6, 3.0, True, None, "")),
        *((REPORTS, "employees", value) for value in ("7", 7.0, True, [], 10**30)),
        *((REPORTS, "product_in_use", value) for value in ("true", 1, 0, "yes", "")),
        *((PROJECTS, "kind", value) for value in ("Angel", "", None, 1, ["angel"])),
        *((PROJECTS, "field", value) for value in ("", "arts")),
        *((TALENTS, "grade", value) for value in ("", "F", "a")),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_of_another_type_or_spelling_is_refused_and_never_guessed(client, kind, name, value):
    before = kind.model.objects.count()
    body = client.post(kind.list, kind.body | {name: value}, format="json").json()
    assert (body["status"], list(told(body))) == (400, [name])
    assert kind.model.objects.count() == before


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("name", ["id", "code", "number", "company_id", "COMPANY", "seen", "void_reason", ""])
def test_an_unknown_field_is_refused_with_the_known_ones(client, kind, name):
    body = refused(client.post(kind.list, kind.body | {name: "1"}, format="json"), 400, "unknown_field")
    assert all(known in told(body)[name] for known in kind.body)


@pytest.mark.parametrize("body", [[], [{}], "text", 1, None, True])
def test_a_body_that_is_no_object_is_refused(client, body):
    refused(client.post(LOANS.list, json.dumps(body), content_type=JSON), 400, "malformed_body")


def test_an_empty_correction_is_refused(client):
    response = client.patch(LOANS.row("L/1"), {}, format="json", HTTP_IF_MATCH="*")
    assert "bank" in refused(response, 400, "incomplete")["detail"]


@pytest.mark.parametrize(
    "sent",
    [
        b"{", b"{'loan': 1}", b'{"loan": NaN}', b'{"loan": "1", "loan": "2"}', b'{"loan": "\xff"}', b'\xef\xbb\xbf{}',
        b'{"loan": "\\ud800"}', b'{"\\udfff": "x"}', b"[" * 60_000, b'{"a":' * 12_000, b"1" * 5000, b"null null",
        b"<loan/>", b"loan=1",
    ],
    ids=lambda sent: repr(sent[:16]),
)  # fmt: skip
def test_what_is_not_json_is_a_400(client, sent):
    refused(client.post(LOANS.list, sent, content_type=JSON), 400, "malformed_body")
    refused(client.patch(LOANS.row("L/1"), sent, content_type=JSON, HTTP_IF_MATCH="*"), 400, "malformed_body")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_types_of_bodies_are_a_415(client, content_type):
    response = client.post(LOANS.list, b"loan=1", content_type=content_type)
    refused(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 400), (64 * 1024 + 1, 413)])
def test_a_body_has_a_largest_size(client, size, status):
    sent = b'{"bank": "' + b"x" * (size - 12) + b'"}'
    assert len(sent) == size
    assert client.post(LOANS.list, sent, content_type=JSON).status_code == status


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_writing_takes_no_parameters(client, kind: Entered):
    response = client.post(f"{kind.list}?dry_run=true", kind.body, format="json")
    assert told(refused(response, 400, "unknown_parameter")).keys() == {"dry_run"}


@pytest.mark.parametrize("method", ["post", "patch", "put", "delete"])
def test_an_unknown_address_is_a_problem_for_every_method(client, method):
    response = getattr(client, method)("/api/v1/lones/", {}, format="json")
    refused(response, 404, "not_found")


@pytest.mark.parametrize("number", ["a\x00b", "\n"])
def test_a_number_that_none_can_be_is_not_found(client, number):
    for response in (
        client.get(LOANS.row(number)),
        client.patch(LOANS.row(number), LOANS.change, format="json", HTTP_IF_MATCH="*"),
        client.post(LOANS.row(number, "void/"), {"reason": "x"}, format="json"),
    ):
        refused(response, 404, "not_found")


# --- Languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "required", "wrong", "taken"),
    [
        ("en", "This field is required.", "Send a day as “YYYY-MM-DD”.", "There is a loan with this number already."),
        ("de", "Dieses Feld ist zwingend erforderlich.", "Senden Sie einen Tag als „YYYY-MM-DD“.",
         "Einen Kredit mit dieser Nummer gibt es bereits."),
        ("zh-hans", "该字段是必填项。", "日期请写成“YYYY-MM-DD”。", "该贷款编号已存在。"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("by_header", [True, False])
def test_messages_are_in_the_language_that_is_accepted_or_the_officer_s(
    client, officer, language, required, wrong, taken, by_header
):
    sent = {"HTTP_ACCEPT_LANGUAGE": language} if by_header else {}
    officer.language = "" if by_header else language
    officer.save(update_fields=["language"])
    lacking = {name: value for name, value in LOANS.body.items() if name != "bank"} | {"drawn_on": "today"}
    response = client.post(LOANS.list, lacking, format="json", **sent)
    assert told(response.json()) == {"bank": required, "drawn_on": wrong}
    again = client.post(LOANS.list, LOANS.body | {"loan": "L/1"}, format="json", **sent)
    assert told(again.json()) == {"loan": taken}
