"""The files of what is on record about companies, kind by kind alike: upserted by key, exact, in few queries."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Talent
from companies.models import Report
from core.interchange import exporting, importing, kinds
from core.models import OutboxEvent
from core.periods import period
from funding.models import Loan, Project, Repayment, Round
from subsidies.models import Expense, Supplier
from tests.factories import (
    TODAY,
    CompanyFactory,
    ExpenseFactory,
    LoanFactory,
    ProjectFactory,
    RepaymentFactory,
    ReportFactory,
    RoundFactory,
    SupplierFactory,
    TalentFactory,
)

# kind: its model, its whole header, and rows whose keys and contents depend on a number
FILES = {
    "projects": (
        Project,
        "project,company,title,field,kind,score,scored_on,amount_requested",
        "P{n},A-001,Title {n},ai,angel,79.99,2026-04-01,800000.00",
    ),
    "loans": (
        Loan,
        "loan,company,bank,principal,annual_rate_percent,drawn_on,due_on",
        "LN{n},A-001,Bank,2000000.00,3.4500,2026-01-05,2029-01-05",
    ),
    "repayments": (Repayment, "loan,paid_on,principal", "LN{n},2026-03-01,1000000.00"),
    "talents": (
        Talent,
        "talent,name,class,company,employed_from,employed_until",
        "T{n},林晓 {n},B,A-001,2026-01-05,2026-12-31",
    ),
    "reports": (
        Report,
        "company,period_end,months,revenue,profit,rd_spend,employees,export_revenue,product_in_use,verified",
        "C{n},2025-12-31,12,500000.00,-1200.50,90000.00,9,0.00,yes,yes",
    ),
    "suppliers": (
        Supplier,
        "supplier,name,company,admitted_from,admitted_until",
        "SP{n},Supplier {n},A-001,2026-01-01,2026-12-31",
    ),
    "expenses": (
        Expense,
        "expense,company,point,kind,supplier,contract,amount,paid_on",
        "E{n},A-001,ai_vouchers,model,Qianjiang Compute,QJ-{n},48000.00,2026-05-04",
    ),
    "rounds": (
        Round,
        "company,closed_on,round,amount,currency,investors,post_money_valuation,cny_rate",
        "A-001,2026-03-01,A{n},2000000.50,USD,Sequoia;红杉,,7.12345678",
    ),
}
KINDS = tuple(FILES)


@pytest.fixture
def zone(company, kind):
    """What the rows of a kind refer to, for the numbers 0 to 9."""
    for number in range(10):
        if kind == "repayments":
            LoanFactory(number=f"LN{number}", company=company, principal=Decimal(2_000_000))
        if kind == "reports":
            CompanyFactory(code=f"C{number}")
    OutboxEvent.objects.all().delete()


def file_of(kind: str, numbers=range(3)) -> str:
    _model, header, row = FILES[kind]
    return "\n".join([header, *(row.format(n=number) for number in numbers)]) + "\n"


def counts(done: importing.Imported) -> tuple[int, int, int]:
    return done.stored.new, done.stored.changed, done.stored.unchanged


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_comes_in_and_goes_out_as_it_came(zone, bring, export, kind):
    assert counts(bring(kind, file_of(kind))) == (3, 0, 0)
    brought = export(kind).replace("S-00001", "Qianjiang Compute")
    assert brought == file_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_import_of_a_file_changes_nothing_and_tells_nothing(zone, bring, kind):
    bring(kind, file_of(kind))
    model = FILES[kind][0]
    before = list(model.objects.order_by("pk").values())
    OutboxEvent.objects.all().delete()
    assert counts(bring(kind, file_of(kind))) == (0, 0, 3)
    assert list(model.objects.order_by("pk").values()) == before
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_is_told_once_in_the_outbox_and_in_the_audit_trail_by_the_files_name(zone, bring, kind):
    bring(kind, file_of(kind))
    assert list(OutboxEvent.objects.values_list("topic", "key")) == [(f"{kind}.imported", kind)]
    event = FILES[kind][0].objects.latest("pk").events.select_related("pgh_context").latest("pgh_id")
    assert event.pgh_context.metadata["actor"] == f"import {kind}.csv"


DIFFERENCES = pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("projects", ",79.99,", ",90.00,"),
        ("loans", ",2029-01-05", ","),
        ("repayments", ",1000000.00", ",2000000.00"),
        ("talents", ",B,", ",A,"),
        ("reports", ",-1200.50,", ",,"),
        ("suppliers", ",2026-12-31", ","),
        ("expenses", ",model,", ",compute,"),
        ("rounds", ",7.12345678", ","),
    ],
)


@DIFFERENCES
def test_a_row_that_differs_changes_what_is_stored(zone, bring, kind, before, after):
    bring(kind, file_of(kind))
    assert counts(bring(kind, file_of(kind).replace(before, after, 1))) == (0, 1, 2)


@DIFFERENCES
def test_whoever_looks_is_told_the_cell_that_changes(zone, bring, kind, before, after):
    bring(kind, file_of(kind))
    assert bring(kind, file_of(kind), dry_run=True, look=True).effect.changes.is_empty()
    looked = bring(kind, file_of(kind, range(4)).replace(before, after, 1), dry_run=True, look=True)
    assert counts(looked) == (1, 1, 2)
    ((line, _key, _column, old, new),) = looked.effect.changes.rows()
    assert (line, old, new) == (2, before.strip(","), after.strip(","))


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_the_file_does_not_have_stays_as_it_is(zone, bring, export, kind):
    bring(kind, file_of(kind))
    needed = [column.name for column in kinds.import_kind(kind).columns if column.required]
    _model, header, row = FILES[kind]
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    if kind == "expenses":
        needed.append("kind")
    lines = [",".join(needed), *(",".join(cells[name] for name in needed).format(n=n) for n in range(3))]
    assert counts(bring(kind, "\n".join(lines) + "\n")) == (0, 0, 3)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "repayments"])
def test_a_company_that_is_not_in_the_register_is_refused(zone, refusals, kind):
    content = file_of(kind, [0]).replace("A-001", "NONE").replace("C0,", "NONE,")
    assert [row for row in refusals(kind, content) if row[1] == "company"] == [
        (2, "company", "NONE", "is no company of the register")
    ]


@pytest.mark.parametrize(
    ("kind", "void"),
    [
        ("projects", lambda: ProjectFactory(code="P0", voided=True)),
        ("loans", lambda: LoanFactory(number="LN0", voided=True)),
        ("talents", lambda: TalentFactory(code="T0", voided=True)),
        ("expenses", lambda: ExpenseFactory(number="E0", voided=True)),
    ],
)
def test_a_void_number_is_not_given_out_again_and_is_in_no_file(company, refusals, export, kind, void):
    void()
    assert refusals(kind, file_of(kind, [0]))[0][3] == "was declared void: use another number"
    assert len(export(kind).splitlines()) == 1


@pytest.mark.parametrize(
    ("kind", "void"),
    [
        ("repayments", lambda loan: RepaymentFactory(loan=loan, paid_on=dt.date(2026, 3, 1), voided=True)),
        ("reports", lambda loan: ReportFactory(company__code="C0", voided=True)),
    ],
)
def test_what_takes_the_place_of_a_void_record_is_new(company, bring, export, kind, void):
    void(LoanFactory(number="LN0", company=company, principal=Decimal(2_000_000)))
    assert counts(bring(kind, file_of(kind, [0]))) == (1, 0, 0)
    assert len(export(kind).splitlines()) == 2


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_peculiar_records_go_out_and_come_in_unchanged(company, tmp_path, suffix):
    loan = LoanFactory(number="HT/2026, “1”", company=company, bank="=SUM(杭州)", annual_rate_percent=Decimal("0.0001"))
    RepaymentFactory(loan=loan, principal=Decimal("0.01"))
    ProjectFactory(code="-2", company=company, title="+语音", field="", amount_requested=Decimal("9999999999.99"))
    TalentFactory(code="'T", name="@ 王", company=None, employment=None, grade="")
    TalentFactory(company=company, employment=period(None, dt.date(2026, 6, 30)))
    ReportFactory(company=company, period_end=dt.date(2026, 3, 31), months=3, revenue=None, profit=Decimal("-0.01"))
    RoundFactory(company=company, round="A+", currency="USD", cny_rate=Decimal("7.1234"), investors="=1+1; 红杉, “甲”")
    RoundFactory(company=company, amount=None, currency="", post_money_valuation=None)
    supplier = SupplierFactory(name="钱江 “算力”", company=company, admitted=True)
    ExpenseFactory(company=company, supplier=supplier)
    ExpenseFactory(company=company, supplier=None, contract="", point="settlement", kind="", amount=1)
    for kind in KINDS:
        path = tmp_path / f"{kind}.{suffix}"
        exporting.export_file(kinds.export_kind(kind), path)
        done = importing.import_file(kinds.import_kind(kind), path, on=TODAY)
        assert (done.stored.new, done.stored.changed, done.problems.height) == (0, 0, 0), kind
        assert done.stored.unchanged == done.rows > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_five_thousand_rows_take_no_more_queries_than_three(zone, bring, write, kind):
    many = range(1000, 6000)
    if kind == "repayments":
        bring("loans", file_of("loans", many))
    if kind == "reports":
        bring("companies", "code,name\n" + "".join(f"C{number},Company {number}\n" for number in many))

    def queries(numbers) -> int:
        path = write(kind, file_of(kind, numbers))
        with CaptureQueriesContext(connection) as captured:
            importing.import_file(kinds.import_kind(kind), path, on=TODAY)
        return len(captured)

    few = queries(range(3))
    assert queries(many) <= few
    assert FILES[kind][0].objects.count() >= 5003
    assert counts(bring(kind, file_of(kind, many))) == (0, 0, 5000)
