"""The kinds of records that machines enter: where, what they send, and the same record as a form and as a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from accounts.models import Scope
from community.models import Talent
from companies.models import Report
from funding.models import Loan, Project, Repayment, Round
from subsidies.models import Expense, Supplier
from tests.factories import (
    ExpenseFactory,
    LoanFactory,
    ProjectFactory,
    RepaymentFactory,
    ReportFactory,
    RoundFactory,
    SupplierFactory,
    TalentFactory,
)


@dataclass(frozen=True)
class Entered:
    """`body` enters a record of company A-001. `key` is the column of its number, or "id" where it has none; `once` is
    the column that a second one is refused at; `owner` says whose it is. `change` is what a correction sends.

    `typed` is what the page's form takes for the same record, by the form's names, and `file` a file with it.
    """

    plural: str
    model: type[Any]
    make: Callable[..., Any]
    key: str
    once: str
    body: dict[str, Any] = field(hash=False)
    change: dict[str, Any] = field(hash=False)
    typed: dict[str, str] = field(hash=False)
    page: str
    file: tuple[str, str]
    owner: str = "company"
    topic: str = ""

    def __str__(self) -> str:
        return self.plural

    @property
    def list(self) -> str:
        return f"/api/v1/{self.plural}/"

    @property
    def reads(self) -> str:
        return "loans:read" if self.plural == "repayments" else f"{self.plural}:read"

    @property
    def writes(self) -> Scope:
        return Scope(self.reads.replace("read", "write"))

    def row(self, key: str, act: str = "") -> str:
        return f"{self.list}{quote(key, safe='')}/{act}"

    def of(self, record: Any) -> str:
        """The address of a record."""
        fresh = self.model.objects.get(pk=record.pk)
        number = {"id": "public_id", "loan": "number", "expense": "number"}.get(self.key, "code")
        return self.row(str(getattr(fresh, number)))


LOANS = Entered(
    "loans", Loan, LoanFactory, "loan", "loan",
    {
        "loan": "HZ/2026 1", "company": "A-001", "bank": "Bank of Hangzhou", "principal": "2000000.00",
        "annual_rate_percent": "3.4500", "drawn_on": "2026-01-05", "due_on": None,
    },
    {"bank": "Another bank"},
    {
        "number": "HZ/2026 1", "company": "A-001", "bank": "Bank of Hangzhou", "principal": "2000000.00",
        "annual_rate_percent": "3.45", "drawn_on": "2026-01-05", "due_on": "",
    },
    "funding:loan_new",
    (
        "loan,company,bank,principal,annual_rate_percent,drawn_on,due_on",
        "HZ/2026 1,A-001,Bank of Hangzhou,2000000.00,3.4500,2026-01-05,",
    ),
)  # fmt: skip
REPAYMENTS = Entered(
    "repayments", Repayment, RepaymentFactory, "id", "paid_on",
    {"loan": "L/1", "paid_on": "2026-03-01", "principal": "1000.50"},
    {"principal": "999.99"},
    {"paid_on": "2026-03-01", "principal": "1000.50"},
    "funding:repayment_new",
    ("loan,paid_on,principal", "L/1,2026-03-01,1000.50"),
    owner="loan",
    topic="loan.changed",
)  # fmt: skip
PROJECTS = Entered(
    "projects", Project, ProjectFactory, "project", "project",
    {
        "project": "P-1", "company": "A-001", "title": "聋人语音", "kind": "angel", "field": None,
        "amount_requested": "500000.00",
    },
    {"title": "Voices"},
    {
        "code": "P-1", "company": "A-001", "title": "聋人语音", "kind": "angel", "field": "",
        "amount_requested": "500000",
    },
    "funding:project_new",
    ("project,company,title,field,kind,amount_requested", "P-1,A-001,聋人语音,,angel,500000.00"),
)  # fmt: skip
TALENTS = Entered(
    "talents", Talent, TalentFactory, "talent", "talent",
    {
        "talent": "T-1", "name": "Li Na", "grade": "B", "company": "A-001", "employed_from": "2026-01-05",
        "employed_until": "2026-12-31",
    },
    {"name": "Li Nan"},
    {
        "code": "T-1", "name": "Li Na", "grade": "B", "company": "A-001", "employed_from": "2026-01-05",
        "employed_until": "2026-12-31",
    },
    "community:talent_new",
    ("talent,name,class,company,employed_from,employed_until", "T-1,Li Na,B,A-001,2026-01-05,2026-12-31"),
)  # fmt: skip
REPORTS = Entered(
    "reports", Report, ReportFactory, "id", "period_end",
    {
        "company": "A-001", "period_end": "2026-03-31", "months": 3, "revenue": "100000.50", "profit": "-2000.00",
        "employees": 7, "product_in_use": True,
    },
    {"employees": 8},
    {
        "company": "A-001", "period_end": "2026-03-31", "months": "3", "revenue": "100000.50", "profit": "-2000",
        "rd_spend": "", "employees": "7", "export_revenue": "", "product_in_use": "true",
    },
    "companies:report_new",
    (
        "company,period_end,months,revenue,profit,rd_spend,employees,export_revenue,product_in_use",
        "A-001,2026-03-31,3,100000.50,-2000.00,,7,,yes",
    ),
)  # fmt: skip
EXPENSES = Entered(
    "expenses", Expense, ExpenseFactory, "expense", "expense",
    {
        "expense": "RE-1", "company": "A-001", "point": "ai_vouchers", "kind": "model", "supplier": "Somebody New",
        "contract": "V-1", "amount": "1200.50", "paid_on": "2026-05-05",
    },
    {"contract": "V-2"},
    {
        "number": "RE-1", "company": "A-001", "point": "ai_vouchers", "kind": "model", "supplier": "Somebody New",
        "contract": "V-1", "amount": "1200.50", "paid_on": "2026-05-05",
    },
    "subsidies:expense_new",
    (
        "expense,company,point,kind,supplier,contract,amount,paid_on",
        "RE-1,A-001,ai_vouchers,model,Somebody New,V-1,1200.50,2026-05-05",
    ),
)  # fmt: skip
SUPPLIERS = Entered(
    "suppliers", Supplier, SupplierFactory, "supplier", "supplier",
    {"supplier": "QJ", "name": "Qianjiang Compute", "company": "A-001"},
    {"name": "Qianjiang", "company": None},
    {"code": "QJ", "name": "Qianjiang Compute", "company": "A-001"},
    "subsidies:supplier_new",
    ("supplier,name,company", "QJ,Qianjiang Compute,A-001"),
)  # fmt: skip

ROUNDS = Entered(
    "rounds", Round, RoundFactory, "id", "round",
    {
        "company": "A-001", "closed_on": "2026-03-01", "round": "A", "amount": "2000000.00", "currency": "USD",
        "investors": "Sequoia; 红杉", "post_money_valuation": "20000000.00", "cny_rate": "7.12340000",
    },
    {"investors": "Sequoia"},
    {
        "company": "A-001", "closed_on": "2026-03-01", "round": "A", "amount": "2000000", "currency": "USD",
        "investors": "Sequoia; 红杉", "post_money_valuation": "20000000", "cny_rate": "7.1234",
    },
    "funding:round_new",
    (
        "company,closed_on,round,amount,currency,investors,post_money_valuation,cny_rate",
        "A-001,2026-03-01,A,2000000.00,USD,Sequoia; 红杉,20000000.00,7.12340000",
    ),
)  # fmt: skip

KINDS = (LOANS, REPAYMENTS, PROJECTS, TALENTS, REPORTS, EXPENSES, ROUNDS, SUPPLIERS)
VOIDABLE = KINDS[:-1]
