"""What each of the files is refused for: line, column, value and reason."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from companies.models import Report
from core.periods import period
from funding.models import Loan, Repayment
from subsidies.models import Expense, Supplier
from tests.factories import (
    ExpenseFactory,
    LoanFactory,
    ProjectFactory,
    RepaymentFactory,
    ReportFactory,
    SupplierFactory,
    TalentFactory,
)

PROJECTS = "project,company,title,field,kind,score,scored_on,amount_requested\n"
LOANS = "loan,company,bank,principal,annual_rate_percent,drawn_on,due_on\n"
REPAYMENTS = "loan,paid_on,principal\n"
TALENTS = "talent,name,class,company,employed_from,employed_until\n"
REPORTS = "company,period_end,months,revenue,profit,employees,product_in_use,verified\n"
SUPPLIERS = "supplier,name,company,admitted_from,admitted_until\n"
EXPENSES = "expense,company,point,kind,supplier,contract,amount,paid_on\n"


@pytest.mark.parametrize(
    ("header", "row", "column", "told"),
    [
        (PROJECTS, "P1,A-001,Title,sport,angel,,,", "field", "is none of ai, culture, other"),
        (PROJECTS, "P1,A-001,Title,ai,other,,,", "kind", "is none of leading, angel"),
        (PROJECTS, "P1,A-001,Title,ai,angel,100.01,2026-04-01,", "score", "must lie between 0 and 100"),
        (PROJECTS, "P1,A-001,Title,ai,angel,80.005,2026-04-01,", "score", "more than 2 decimal places"),
        (PROJECTS, "P1,A-001,Title,ai,angel,80,,", "score", "needs the day in scored_on"),
        (PROJECTS, "P1,A-001,Title,ai,angel,,2026-04-01,", "scored_on", "is the day of no score"),
        (PROJECTS, "P1,A-001,Title,ai,angel,,,0", "amount_requested", "must be more than 0"),
        (LOANS, "L1,A-001,,1000,4,2026-01-05,", "bank", "is missing"),
        (LOANS, "L1,A-001,Bank,0,4,2026-01-05,", "principal", "must be more than 0"),
        (LOANS, "L1,A-001,Bank,10000000000.01,4,2026-01-05,", "principal", "at most 10000000000"),
        (LOANS, "L1,A-001,Bank,1000,100.0001,2026-01-05,", "annual_rate_percent", "must lie between 0 and 100"),
        (LOANS, "L1,A-001,Bank,1000,4.00001,2026-01-05,", "annual_rate_percent", "more than 4 decimal places"),
        (LOANS, "L1,A-001,Bank,1000,4,2026-01-05,2026-01-05", "due_on", "not lie after the drawdown on 2026-01-05"),
        (REPAYMENTS, "L9,2026-03-01,1", "loan", "is no loan on record"),
        (TALENTS, "T1,Lin,F,A-001,,", "class", "is none of A, B, C, D, E"),
        (TALENTS, "T1,,A,A-001,,", "name", "is missing"),
        (TALENTS, "T1,Lin,A,A-001,2026-01-05,2026-01-04", "employed_until", "lies before the first day 2026-01-05"),
        (TALENTS, "T1,Lin,A,,2026-01-05,", "company", "an employment needs its company"),
        (REPORTS, "A-001,2025-12-31,6,,,,,", "months", "is none of 3, 12"),
        (REPORTS, "A-001,2025-12-31,12,-1,,,,", "revenue", "must lie between 0"),
        (REPORTS, "A-001,2025-12-31,12,,,9.5,,", "employees", "is not a whole number"),
        (REPORTS, "A-001,2025-12-31,12,,,,maybe,", "product_in_use", "is neither yes nor no"),
        (SUPPLIERS, "S1,Cloud,,,2026-12-31", "admitted_until", "an admission needs its first day"),
        (SUPPLIERS, "S1,Cloud,,2026-12-31,2026-12-30", "admitted_until", "lies before the first day 2026-12-31"),
        (EXPENSES, "E1,A-001,rent,,,,1,2026-05-04", "point", "is none of settlement, rent_waiver"),
        (EXPENSES, "E1,A-001,ai_vouchers,lunch,,,1,2026-05-04", "kind", "is none of model, compute, compute_other"),
        (EXPENSES, "E1,A-001,ai_vouchers,,,,1,2026-05-04", "point", "needs one of model, compute, compute_other"),
        (EXPENSES, "E1,A-001,settlement,model,,,1,2026-05-04", "kind", "only costs for ai_vouchers have a kind"),
        (EXPENSES, "E1,A-001,settlement,,,,0,2026-05-04", "amount", "must be more than 0"),
        (EXPENSES, "E1,A-001,settlement,,S-00001,,1,2026-05-04", "supplier", "is the code of no supplier"),
    ],
)
def test_a_bad_row_is_refused_with_line_column_value_and_reason(company, refusals, header, row, column, told):
    kinds = {PROJECTS: "projects", LOANS: "loans", REPAYMENTS: "repayments", TALENTS: "talents", REPORTS: "reports"}
    kind = (kinds | {SUPPLIERS: "suppliers", EXPENSES: "expenses"})[header]
    ((line, blamed, value, reason),) = refusals(kind, header + row + "\n")
    assert (line, blamed) == (2, column)
    assert value == dict(zip(header.strip().split(","), row.split(","), strict=True))[column]
    assert told in reason


# --- What the columns of a file say beside what is stored ---------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "column", "told"),
    [
        ("projects", "project,company,title,kind,scored_on\nP1,A-001,A,angel,\n", "scored_on", "is missing its day"),
        ("loans", "loan,company,bank,principal,annual_rate_percent,drawn_on\nL1,A-001,B,1,4,2028-09-25\n", "drawn_on",
         "does not lie before the due day 2028-09-25"),
        ("talents", "talent,name,company\nT1,Lin,\n", "company", "an employment needs its company"),
        ("talents", "talent,name,employed_until\nT1,Lin,2025-09-24\n", "employed_until", "before the first day"),
        ("suppliers", "supplier,name,admitted_from\nS1,Cloud,2027-01-01\n", "admitted_from", "after the last day"),
        ("expenses", "expense,company,point,amount,paid_on\nE1,A-001,settlement,1,2026-05-04\n", "point",
         "only costs for ai_vouchers have a kind"),
    ],
)  # fmt: skip
def test_absent_columns_are_checked_as_they_are_stored(company, refusals, kind, content, column, told):
    ProjectFactory(code="P1", company=company, scored=True)
    LoanFactory(number="L1", company=company)
    TalentFactory(code="T1", company=company)
    SupplierFactory(code="S1", admission=period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    ExpenseFactory(number="E1", company=company)
    if kind == "projects":
        told = "needs the day in scored_on"
    ((_line, blamed, _value, reason),) = refusals(kind, content)
    assert (blamed, told in reason) == (column, True)


# --- Loans and what was paid back ---------------------------------------------------------------------------------


@pytest.fixture
def loan(company) -> Loan:
    return LoanFactory(number="L1", company=company, principal=Decimal(1000), drawn_on=dt.date(2026, 1, 5))


def test_a_loan_keeps_covering_what_was_paid_back(loan, refusals, bring):
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 2, 1), principal=Decimal(600))
    row = "L1,A-001,Bank,599.99,4,2026-02-02,\n"
    assert [(column, reason) for _line, column, _value, reason in refusals("loans", LOANS + row)] == [
        ("principal", "is less than the 600.00 yuan that were paid back already"),
        ("drawn_on", "lies after the repayment of 2026-02-01"),
    ]
    assert bring("loans", LOANS + "L1,A-001,Bank,600,4,2026-02-01,\n").stored.changed == 1


def test_repayments_stay_within_the_principal_with_what_is_stored(loan, refusals, bring):
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 2, 1), principal=Decimal(400))
    rows = "L1,2026-03-01,300\nL1,2026-04-01,300.01\n"
    assert refusals("repayments", REPAYMENTS + rows) == [
        (2, "principal", "300", "makes 1000.01 yuan with the other repayments, and the loan is 1000.00 yuan"),
        (3, "principal", "300.01", "makes 1000.01 yuan with the other repayments, and the loan is 1000.00 yuan"),
    ]
    assert bring("repayments", REPAYMENTS + rows.replace(".01", "")).stored.new == 2


def test_a_repayment_of_the_file_takes_the_place_of_the_stored_one(loan, bring):
    RepaymentFactory(loan=loan, paid_on=dt.date(2026, 2, 1), principal=Decimal(900))
    bring("repayments", REPAYMENTS + "L1,2026-02-01,100\nL1,2026-03-01,900\n")
    assert sorted(Repayment.objects.values_list("principal", flat=True)) == [Decimal(100), Decimal(900)]


def test_nothing_is_paid_back_of_a_void_loan_or_before_it_was_drawn(loan, company, refusals):
    LoanFactory(number="L2", company=company, voided=True)
    found = refusals("repayments", REPAYMENTS + "L2,2026-03-01,1\nL1,2026-01-04,1\n")
    assert [(line, reason) for line, _column, _value, reason in found] == [
        (2, "was declared void"),
        (3, "lies before the drawdown on 2026-01-05"),
    ]


# --- Reports ------------------------------------------------------------------------------------------------------


def test_what_the_file_says_of_verified_is_what_the_zone_says(company, bring, officer):
    row = "A-001,2025-12-31,12,1,,,,{}\n"
    bring("reports", REPORTS + row.format("yes"))
    verified = Report.objects.get().verified_at
    assert verified is not None
    bring("reports", REPORTS + row.format("yes"))
    assert Report.objects.get().verified_at == verified
    bring("reports", REPORTS + row.format("no"))
    assert Report.objects.get().verified_at is None


def test_a_verified_report_keeps_its_verifier(company, bring, officer):
    ReportFactory(company=company, verified=True, verified_by=officer)
    bring("reports", REPORTS + "A-001,2025-12-31,12,1,,,,yes\n")
    bring("reports", "company,period_end,months,revenue\nA-001,2025-12-31,12,2\n")
    assert (Report.objects.get().verified_by, Report.objects.get().revenue) == (officer, Decimal(2))


# --- Costs --------------------------------------------------------------------------------------------------------

PAID = "A-001,settlement,,{supplier},{contract},{amount},2026-05-04"


def cost(number: str, supplier: str = "Cloud", contract: str = "C1", amount: str = "100") -> str:
    return f"{number},{PAID.format(supplier=supplier, contract=contract, amount=amount)}\n"


def test_unknown_suppliers_are_entered_once_and_not_admitted_and_the_summary_says_so(company, bring):
    rows = (
        cost("E1")
        + cost("E2", supplier="ＣＬＯＵＤ", contract="C2")
        + cost("E3", supplier="Other")
        + cost("E4", "", "C4")
    )
    done = bring("expenses", EXPENSES + rows)
    assert done.stored.notes == ("2 suppliers that the zone did not know were entered, not admitted.",)
    assert list(Supplier.objects.order_by("code").values_list("code", "name", "admission")) == [
        ("S-00001", "Cloud", None),
        ("S-00002", "Other", None),
    ]
    assert bring("expenses", EXPENSES + rows).stored.notes == ()


def test_the_command_tells_of_suppliers_that_were_entered(company, write, capsys):
    call_command("import_data", "expenses", str(write("expenses", EXPENSES + cost("E1"))))
    assert capsys.readouterr().out.splitlines() == [
        "expenses.csv: 1 new, 0 changed, 0 unchanged.",
        "1 supplier that the zone did not know was entered, not admitted.",
    ]


def test_a_supplier_of_the_zone_is_found_by_code_or_name(company, bring):
    SupplierFactory(code="AC", name="Acme Cloud")
    bring("expenses", EXPENSES + cost("E1", "AC") + cost("E2", "acme cloud", "C2"))
    assert set(Expense.objects.values_list("supplier__code", flat=True)) == {"AC"}


def test_a_name_of_several_suppliers_is_refused_with_their_codes(company, refusals):
    SupplierFactory(code="X1", name="Cloud")
    SupplierFactory(code="X2", name="cloud")
    ((_line, column, value, reason),) = refusals("expenses", EXPENSES + cost("E1"))
    assert (column, value) == ("supplier", "Cloud")
    assert reason == "is the name of several suppliers: write the code of one (X1, X2)"


def test_a_payment_under_two_numbers_is_refused_in_the_later_line(company, refusals):
    rows = cost("E1") + cost("E2", supplier="cloud", amount="100.00") + cost("E3", contract="C2")
    assert refusals("expenses", EXPENSES + rows) == [(3, "expense", "E2", "is the payment of E1 in line 2")]


def test_a_payment_that_is_stored_under_another_number_is_refused(company, bring, refusals):
    bring("expenses", EXPENSES + cost("E1"))
    found = refusals("expenses", EXPENSES + cost("E2"))
    assert found == [(2, "expense", "E2", "is the payment of E1, which is on record already")]


def test_payments_may_take_each_others_place_in_one_file(company, bring):
    bring("expenses", EXPENSES + cost("E1") + cost("E2", contract="C2"))
    done = bring("expenses", EXPENSES + cost("E1", contract="C2") + cost("E2"))
    assert done.stored.changed == 2


def test_a_refused_row_leaves_its_stored_payment_in_the_way_of_others(company, bring):
    bring("expenses", EXPENSES + cost("E1") + cost("E2", contract="C2") + cost("E3", contract="C3"))
    moved = cost("E1", contract="C3") + cost("E2", contract="C1") + cost("E4", contract="C2")
    done = bring("expenses", EXPENSES + moved, accept_valid=True)
    assert (done.refused_rows, done.stored.new, done.stored.changed) == (3, 0, 0)


def test_what_a_payment_does_not_name_tells_it_apart_from_none(company, refusals):
    named, unnamed, blank = cost("E1"), cost("E2", ""), cost("E3", "", "")
    both = [
        (3, "expense", "E2", "is the payment of E1 in line 2"),
        (4, "expense", "E3", "is the payment of E1 in line 2"),
    ]
    assert refusals("expenses", EXPENSES + named + unnamed + blank) == both
    first = [(line, column, value, reason.replace("E1", "E3")) for line, column, value, reason in both]
    first = [
        (line, column, value, reason) for (line, column, _value, reason), value in zip(first, ("E1", "E2"), strict=True)
    ]
    assert refusals("expenses", EXPENSES + blank + named + unnamed) == first


def test_a_payment_that_was_told_apart_from_two_is_the_same_as_none(company, bring):
    rows = cost("E1", "", "C1") + cost("E2", "", "C2") + cost("E3", "Cloud", "C3") + cost("E4", "Other", "C3")
    assert bring("expenses", EXPENSES + rows).stored.new == 4


def test_spellings_of_an_invoice_are_one_in_a_file_and_on_record(company, bring, refusals):
    bring("expenses", EXPENSES + cost("E1", ""))
    found = refusals("expenses", EXPENSES + cost("E2", "", "ｃ １"))
    assert found == [(2, "expense", "E2", "is the payment of E1, which is on record already")]


def test_a_void_payment_may_be_entered_again(company, bring):
    supplier = SupplierFactory(code="AC")
    ExpenseFactory(number="E1", company=company, supplier=supplier, contract="C1", amount=Decimal(100), voided=True)
    assert bring("expenses", EXPENSES + cost("E2", "AC")).stored.new == 1
