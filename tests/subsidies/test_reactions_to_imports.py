"""A file of a few changes has its own companies decided, as a run over all would, and one of many a run."""

from datetime import date

import pytest
import time_machine
from django.db import transaction

from companies.models import Company, Relation
from core import outbox
from core.models import OutboxDelivery, OutboxEvent, Run
from core.outbox import AT_ONCE
from subsidies.gather.selection import LAST, id_range
from subsidies.models import Decision
from subsidies.services import assessments
from subsidies.services.assessments import assess
from tests.factories import CompanyFactory, ExpenseFactory, LoanFactory, SupplierFactory, UnitFactory
from tests.subsidies.conftest import ON, let

# kind: its header, a row of each of the two companies, and what becomes of the first
FILES = {
    "companies": ("code,name,registered_on", "T-00{n},Name {n},2025-01-01", ("2025-01-01", "2026-12-01")),
    "leases": (
        "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day",
        "LX{n},T-00{n},U{n},20.00,1.0000,2026-01-01,",
        ("20.00", "30.00"),
    ),
    "projects": (
        "project,company,title,kind,score,scored_on",
        "P{n},T-00{n},Title,leading,79.00,2026-04-01",
        ("79.00", "85.00"),
    ),
    "loans": (
        "loan,company,bank,principal,annual_rate_percent,drawn_on,due_on",
        "LN{n},T-00{n},Bank,1000000.00,3.0000,2026-01-05,2029-01-05",
        ("1000000.00", "2000000.00"),
    ),
    "repayments": ("loan,paid_on,principal", "OLD{n},2026-03-01,1000.00", ("1000.00", "900000.00")),
    "talents": (
        "talent,name,class,company,employed_from",
        "TA{n},Lin {n},B,T-00{n},2025-01-05",
        (",B,", ",A,"),
    ),
    "reports": (
        "company,period_end,months,revenue,employees,verified",
        "T-00{n},2025-12-31,12,500000.00,9,yes",
        ("500000.00,9", "900000000.00,5000"),
    ),
    "suppliers": ("supplier,name,admitted_from", "S{n},Supplier {n},2026-01-01", ("2026-01-01", "2026-06-01")),
    "expenses": (
        "expense,company,point,amount,paid_on",
        "EX{n},T-00{n},activities,48000.00,2026-05-04",
        ("48000.00", "58000.00"),
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-15T09:00:00Z", tick=True):
        yield


@pytest.fixture
def zone(tenant):
    """Two companies that the rows are about, and a third one that nobody names."""
    for code in ("T-002", "T-003"):
        let(CompanyFactory(code=code), number=f"L-{code}")
    for number, code in ((1, "T-001"), (2, "T-002"), (3, "T-003")):
        owner = Company.objects.get(code=code)
        UnitFactory(code=f"U{number}", area_m2=100)
        LoanFactory(number=f"OLD{number}", company=owner, principal=1_000_000, drawn_on=date(2026, 1, 5))
        ExpenseFactory(company=owner, supplier=SupplierFactory(code=f"S{number}"), paid_on=date(2026, 5, 4))
    return tenant


def rows_of(kind: str, *numbers: int) -> str:
    header, row, _change = FILES[kind]
    return "\n".join([header, *(row.format(n=number) for number in numbers), ""])


def settle() -> None:
    """All are decided, and nothing waits."""
    OutboxDelivery.objects.all().delete()
    assess(id_range(0, LAST), on=ON)


def tell(topic: str, key: str, **payload: object) -> None:
    with transaction.atomic():
        outbox.record(topic, key, payload)


def drain() -> None:
    outbox.drain("reassess")
    assert not OutboxDelivery.objects.filter(consumer="reassess").exclude(state="done").exists()


@pytest.fixture
def told(monkeypatch):
    """The codes of those who were decided for an event, call by call."""
    calls: list[list[str]] = []
    original = assessments.assess_companies

    def listening(ids, *, on):
        calls.append(list(Company.objects.filter(pk__in=ids).order_by("code").values_list("code", flat=True)))
        return original(ids, on=on)

    monkeypatch.setattr(assessments, "assess_companies", listening)
    return calls


def is_settled() -> bool:
    """Whether a run over all finds nothing more to write."""
    return assess(id_range(0, LAST), on=ON).added == 0


@pytest.mark.parametrize("kind", FILES)
def test_a_changed_row_has_its_company_decided_and_nobody_else(zone, bring, told, kind):
    content = rows_of(kind, 1, 2)
    bring(kind, content)
    settle()
    before = Decision.objects.count()
    bring(kind, content.replace(*FILES[kind][2], 1))
    drain()
    assert told == [["T-001"]]
    assert Decision.objects.count() > before
    assert not Run.objects.exists()
    assert is_settled()


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "companies"])
def test_a_new_row_has_its_company_decided_and_nobody_else(zone, bring, told, kind):
    bring(kind, rows_of(kind, 2))
    settle()
    bring(kind, rows_of(kind, 1, 2))
    drain()
    assert told == [["T-001"]]
    assert not Run.objects.exists()
    assert is_settled()


@pytest.mark.parametrize("kind", ["leases", "projects", "loans", "talents", "expenses"])
def test_a_row_that_moves_has_both_companies_decided(zone, bring, told, kind):
    bring(kind, rows_of(kind, 1))
    settle()
    bring(kind, rows_of(kind, 1).replace("T-001", "T-003"))
    drain()
    assert told == [["T-001", "T-003"]]
    assert is_settled()


def test_a_talent_who_leaves_has_the_former_company_decided_and_one_of_nobody_no_one(zone, bring, told):
    bring("talents", rows_of("talents", 1))
    settle()
    bring("talents", rows_of("talents", 1).replace("T-001,2025-01-05", ","))
    drain()
    assert told == [["T-001"]]
    bring("talents", rows_of("talents", 1, 2).replace("T-001,2025-01-05", ",").replace("T-002,2025-01-05", ","))
    drain()
    assert told == [["T-001"]]
    assert not Run.objects.exists()


def test_a_file_without_a_companys_column_names_who_has_the_row(zone, bring, told):
    bring("talents", rows_of("talents", 1))
    settle()
    bring("talents", "talent,name,class\nTA1,Lin 1,A\n")
    drain()
    assert told == [["T-001"]]
    assert is_settled()


def test_a_relation_has_all_decided_whom_it_joins(zone, bring, told):
    """The second company pays a supplier that is a part of the group of the first from now on."""
    holding = CompanyFactory(code="H-001")
    Relation.objects.create(company=Company.objects.get(code="T-002"), other=holding, kind="parent")
    ExpenseFactory(
        company=Company.objects.get(code="T-002"), supplier=SupplierFactory(company=zone, admitted=True),
        paid_on=date(2026, 5, 4),
    )  # fmt: skip
    settle()
    bring("relations", "company,other,kind\nT-001,H-001,parent\n")
    drain()
    assert told == [["H-001", "T-001", "T-002"]]
    assert is_settled()
    bring("relations", "company,other,kind\nT-001,H-001,sibling\n")
    drain()
    assert told[1:] == [["H-001", "T-001", "T-002"]]


def test_several_files_and_changes_are_decided_at_once(zone, bring, told):
    settle()
    bring("projects", rows_of("projects", 1))
    bring("loans", rows_of("loans", 3))
    tell("supplier.changed", "S2", supplier="S2")
    drain()
    assert told == [["T-001", "T-002", "T-003"]]
    assert not Run.objects.exists()


def test_beside_a_file_of_many_nothing_is_decided_by_itself(zone, bring, told):
    settle()
    bring("projects", rows_of("projects", 1))
    tell("loans.imported", "loans", new=900, changed=0)
    drain()
    assert told == []
    assert Run.objects.filter(kind="assess").count() == 1


@pytest.mark.parametrize(("many", "is_named"), [(AT_ONCE, True), (AT_ONCE + 1, False)])
def test_a_file_names_its_companies_while_they_are_few(zone, bring, told, many, is_named):
    numbers = range(1000, 1000 + many)
    bring("companies", "code,name\n" + "".join(f"M-{n},Company {n}\n" for n in numbers))
    assert ("companies" in OutboxEvent.objects.latest("pk").payload) is is_named
    settle()
    bring("projects", "project,company,title,kind\n" + "".join(f"P{n},M-{n},Title,leading\n" for n in numbers))
    assert len(OutboxEvent.objects.latest("pk").payload.get("companies", ())) == (many if is_named else 0)
    drain()
    assert [len(call) for call in told] == ([many] if is_named else [])
    assert Run.objects.filter(kind="assess").exists() is not is_named


def test_many_rows_of_one_company_are_one_company(zone, bring, told):
    settle()
    header, row, _change = FILES["expenses"]
    lines = [row.format(n=1).replace("EX1", f"EX{n}").replace("48000.00", f"{n}.00") for n in range(1, AT_ONCE + 200)]
    bring("expenses", "\n".join([header, *lines, ""]))
    assert OutboxEvent.objects.latest("pk").payload["companies"] == [zone.pk]
    drain()
    assert told == [["T-001"]]
