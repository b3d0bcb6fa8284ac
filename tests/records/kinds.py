"""The kinds of records with pages alike: a record of company A, what is typed for another, and where the pages are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from community.models import Talent
from companies.models import Report
from funding.models import Loan, Project, Round
from subsidies.models import Expense
from tests.factories import ExpenseFactory, LoanFactory, ProjectFactory, ReportFactory, RoundFactory, TalentFactory


@dataclass(frozen=True)
class Kind:
    """`typed` fills the form for a new record; `wrong` is a value that is refused at a field, in the words `told`."""

    name: str
    plural: str
    namespace: str
    model: type[Any]
    make: Callable[..., Any]
    key: str
    typed: dict[str, str] = field(hash=False)
    number: str
    wrong: tuple[str, str, str]

    def __str__(self) -> str:
        return self.name

    def url(self, route: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{route}", args=args)

    def page(self, record: Any, act: str = "") -> str:
        return self.url(f"{self.name}_{act}" if act else self.name, getattr(record, self.key))

    def new(self, code: str = "") -> str:
        return self.url(f"company_{self.name}_new", code) if code else self.url(f"{self.name}_new")


LOAN = Kind(
    "loan", "loans", "funding", Loan, LoanFactory, "number",
    {
        "number": "HZ/2026 1", "bank": "Bank of Hangzhou", "principal": "2000000.00", "annual_rate_percent": "3.45",
        "drawn_on": "2026-01-05", "due_on": "2027-01-05",
    },
    "number",
    ("due_on", "2026-01-05", "A loan is due after the day on which it was drawn."),
)  # fmt: skip
PROJECT = Kind(
    "project", "projects", "funding", Project, ProjectFactory, "code",
    {"code": "P-1", "title": "Speech for the deaf", "kind": "angel", "field": "ai", "amount_requested": "500000"},
    "code",
    ("amount_requested", "0", "greater than or equal to 0.01"),
)  # fmt: skip
TALENT = Kind(
    "talent", "talents", "community", Talent, TalentFactory, "code",
    {"code": "T-1", "name": "Li Na", "grade": "B", "employed_from": "2026-01-05", "employed_until": ""},
    "code",
    ("employed_until", "2026-01-04", "lies before the first day"),
)  # fmt: skip
REPORT = Kind(
    "report", "reports", "companies", Report, ReportFactory, "pk",
    {
        "period_end": "2026-03-31", "months": "3", "revenue": "100000.50", "profit": "-2000", "rd_spend": "",
        "employees": "7", "export_revenue": "", "product_in_use": "true",
    },
    "period_end",
    ("employees", "-1", "greater than or equal to 0"),
)  # fmt: skip
EXPENSE = Kind(
    "expense", "expenses", "subsidies", Expense, ExpenseFactory, "number",
    {
        "number": "RE-1", "point": "ai_vouchers", "kind": "model", "supplier": "Somebody New", "contract": "V-1",
        "amount": "1200.50", "paid_on": "2026-05-05",
    },
    "number",
    ("amount", "0", "greater than or equal to 0.01"),
)  # fmt: skip
ROUND = Kind(
    "round", "rounds", "funding", Round, RoundFactory, "pk",
    {
        "round": "A+", "closed_on": "2026-03-01", "amount": "2000000.50", "currency": "usd",
        "post_money_valuation": "", "cny_rate": "7.12345678", "investors": "Sequoia; 红杉",
    },
    "round",
    ("currency", "yuan", "at most 3 characters"),
)  # fmt: skip
KINDS = (LOAN, PROJECT, TALENT, REPORT, EXPENSE, ROUND)
