"""What is on record about companies, as machines read it."""

import datetime as dt
from decimal import Decimal
from urllib.parse import quote

import pytest

from core.periods import period
from tests.factories import (
    ExpenseFactory,
    LoanFactory,
    ProjectFactory,
    RepaymentFactory,
    ReportFactory,
    SupplierFactory,
    TalentFactory,
)

ROOT = "/api/v1"


def names(client, listed: str, name: str, **parameters: str) -> list[str]:
    response = client.get(f"{ROOT}/{listed}/", parameters)
    assert response.status_code == 200, response.content
    return [row[name] for row in response.json()["results"]]


def row(client, kind: str, key: str) -> dict[str, object]:
    body = client.get(f"{ROOT}/{kind}/{quote(key, safe='')}/").json()
    assert dt.datetime.fromisoformat(body.pop("updated_at")).tzinfo is not None
    return body


def test_a_loan_is_shown_with_what_was_paid_back_and_not_what_is_void(machine, company):
    loan = LoanFactory(number="HT/1", company=company, due_on=None)
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 4, 1), principal=Decimal("200.50"))
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 3, 1))
    RepaymentFactory(loan=loan, voided=True)
    assert row(machine(), "loans", "HT/1") == {
        "loan": "HT/1", "company": "A-001", "bank": "Bank of Hangzhou", "principal": "1000000.00",
        "annual_rate_percent": "4.0000", "drawn_on": "2025-09-25", "due_on": None,
        "repayments": [
            {"paid_on": "2026-03-01", "principal": "100000.00"}, {"paid_on": "2026-04-01", "principal": "200.50"},
        ],
        "voided_at": None, "void_reason": None,
    }  # fmt: skip


def test_a_repayment_is_shown_with_its_loan(machine, company):
    RepaymentFactory(loan=LoanFactory(number="HT/1", company=company), principal=Decimal("200.50"))
    client = machine()
    (identity,) = names(client, "repayments", "id")
    assert row(client, "repayments", identity) == {
        "id": identity, "loan": "HT/1", "company": "A-001", "paid_on": "2026-03-25", "principal": "200.50",
        "voided_at": None, "void_reason": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "found"), [("2026-01-04", []), ("2026-01-05", ["L1"]), ("2026-12-31", ["L1"]), ("2027-01-01", [])]
)
def test_a_loan_runs_from_its_drawdown_until_it_is_due(machine, day, found):
    LoanFactory(number="L1", drawn_on=dt.date(2026, 1, 5), due_on=dt.date(2027, 1, 1))
    LoanFactory(number="L2", drawn_on=dt.date(2026, 1, 5), due_on=None, voided=True)
    assert names(machine(), "loans", "loan", on=day) == found


def test_a_project_is_shown_with_its_score(machine, company):
    ProjectFactory(code="P 1", company=company, title="Voices", scored=True, field="")
    assert row(machine(), "projects", "P 1") == {
        "project": "P 1", "company": "A-001", "title": "Voices", "field": None, "kind": "leading", "score": "85.00",
        "scored_on": "2026-04-01", "amount_requested": None, "voided_at": None, "void_reason": None,
    }  # fmt: skip


def test_a_talent_without_a_company_is_shown_with_nulls(machine):
    TalentFactory(code="T1", name="林晓", company=None, employment=None, grade="")
    assert row(machine(), "talents", "T1") == {
        "talent": "T1", "name": "林晓", "grade": None, "company": None, "employed_from": None, "employed_until": None,
        "voided_at": None, "void_reason": None,
    }  # fmt: skip


def test_a_report_is_found_by_the_id_that_the_list_shows(machine, company):
    ReportFactory(company=company, verified=True, profit=Decimal("-0.01"))
    client = machine()
    (identity,) = names(client, "reports", "id")
    body = row(client, "reports", identity)
    assert (body["company"], body["period_end"], body["months"]) == ("A-001", "2025-12-31", 12)
    assert (body["revenue"], body["profit"], body["rd_spend"], body["verified"]) == ("600000.00", "-0.01", None, True)


def test_a_cost_is_shown_with_its_suppliers_code(machine, company):
    ExpenseFactory(number="E1", company=company, supplier__code="AC", contract="")
    ExpenseFactory(number="E2", company=company, supplier=None, point="activities", kind="", amount=5)
    client = machine()
    assert row(client, "expenses", "E1") == {
        "expense": "E1", "company": "A-001", "point": "ai_vouchers", "kind": "model", "supplier": "AC",
        "contract": None, "amount": "10000.00", "paid_on": "2026-05-04", "voided_at": None, "void_reason": None,
    }  # fmt: skip
    assert (row(client, "expenses", "E2")["supplier"], row(client, "expenses", "E2")["kind"]) == (None, None)


def test_a_supplier_is_shown_with_its_admission(machine, company):
    SupplierFactory(code="AC", name="Acme", company=company, admission=period(dt.date(2026, 1, 1), None))
    assert row(machine(), "suppliers", "AC") == {
        "supplier": "AC", "name": "Acme", "company": "A-001", "admitted_from": "2026-01-01", "admitted_until": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "make", "parameter", "found"),
    [
        ("repayments", "loan", lambda: [RepaymentFactory(loan__number="1"), RepaymentFactory(loan__number="2")],
         ("loan", "2"), ["2"]),
        ("repayments", "loan", lambda: [RepaymentFactory(loan__number="1", paid_on=dt.date(2026, 3, 1)),
                                        RepaymentFactory(loan__number="2", paid_on=dt.date(2026, 3, 2))],
         ("paid_from", "2026-03-02"), ["2"]),
        ("projects", "project", lambda: [ProjectFactory(code="1", scored=True), ProjectFactory(code="2")],
         ("scored", "false"), ["2"]),
        ("projects", "project", lambda: [ProjectFactory(code="1", kind="angel"), ProjectFactory(code="2")],
         ("kind", "angel"), ["1"]),
        ("talents", "talent", lambda: [TalentFactory(code="1", grade="A"), TalentFactory(code="2")],
         ("grade", "A"), ["1"]),
        ("talents", "talent", lambda: [TalentFactory(code="1"), TalentFactory(code="2", voided=True)],
         ("on", "2026-06-15"), ["1"]),
        ("reports", "period_end", lambda: [ReportFactory(verified=True),
                                           ReportFactory(period_end=dt.date(2026, 3, 31), months=3)],
         ("verified", "false"), ["2026-03-31"]),
        ("reports", "period_end", lambda: [ReportFactory(), ReportFactory(period_end=dt.date(2026, 3, 31), months=3)],
         ("months", "12"), ["2025-12-31"]),
        ("suppliers", "supplier", lambda: [SupplierFactory(code="1", admitted=True), SupplierFactory(code="2")],
         ("on", "2026-06-15"), ["1"]),
        ("expenses", "expense", lambda: [ExpenseFactory(number="1", supplier__code="AC"), ExpenseFactory(number="2")],
         ("supplier", "AC"), ["1"]),
        ("expenses", "expense", lambda: [ExpenseFactory(number="1"),
                                         ExpenseFactory(number="2", paid_on=dt.date(2026, 5, 3))],
         ("paid_to", "2026-05-03"), ["2"]),
        ("expenses", "expense", lambda: [ExpenseFactory(number="1", voided=True), ExpenseFactory(number="2")],
         ("voided", "true"), ["1"]),
    ],
)  # fmt: skip
def test_a_list_is_narrowed_down(machine, kind, name, make, parameter, found):
    make()
    assert names(machine(), kind, name, **dict([parameter])) == found
