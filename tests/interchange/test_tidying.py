"""Files as people keep them: what can mean one thing only is read, the rest is refused with what to do."""

import datetime as dt
from decimal import Decimal

import pytest

from companies.models import Company
from core.interchange.problems import FileRefused
from funding.models import Loan, Round
from tests.factories import CompanyFactory

ROUNDS = "company,closed_on,round,amount,currency,post_money_valuation\n"


def readings(done) -> list[tuple]:
    return done.readings.select("line", "column", "value", "read").rows()


def problems_of(bring, kind, content, **options) -> list[tuple]:
    return bring(kind, content, accept_valid=True, tidy=True, **options).problems.rows()


def test_without_being_asked_nothing_is_read_into_a_file(company, refusals):
    told = refusals("rounds", ROUNDS + "A-001,2024/3/1,A,5M,rmb,\n")
    assert [column for _line, column, _value, _reason in told] == ["closed_on", "amount", "currency"]


def test_a_row_of_other_spellings_is_read_and_told_cell_by_cell(company, bring):
    done = bring("rounds", ROUNDS + 'A-001,2024年3月1日,A,"3,000万",RMB,未披露\n', tidy=True)
    held = Round.objects.get()
    assert (held.closed_on, held.amount, held.currency) == (dt.date(2024, 3, 1), Decimal(30_000_000), "CNY")
    assert held.post_money_valuation is None
    assert sorted(readings(done), key=str) == sorted([
        (2, "closed_on", "2024年3月1日", "2024-03-01"),
        (2, "amount", "3,000万", "30000000"),
        (2, "currency", "RMB", "CNY"),
        (2, "post_money_valuation", "未披露", ""),
    ], key=str)  # fmt: skip


def test_what_the_format_takes_is_never_read_in_another_way(company, bring):
    done = bring("rounds", ROUNDS + "A-001,2024-03-01,2015,1000.50,CNY,2000\n", tidy=True)
    assert (done.readings.height, Round.objects.get().round) == (0, "2015")


@pytest.mark.parametrize(
    ("amount", "currency", "stored"),
    [
        ("US$ 5M", "", "USD"),
        ("US$ 5M", "USD", "USD"),
        ("US$ 5M", "$", "USD"),
        ("$5M", "US$", "USD"),
        ("$5M", "HKD", "HKD"),
        ("¥5M", "JPY", "JPY"),
        ("5M", "美元", "USD"),
    ],
)
def test_a_currency_stands_in_the_amount_or_beside_it(company, bring, amount, currency, stored):
    bring("rounds", ROUNDS + f"A-001,2024-03-01,A,{amount},{currency},\n", tidy=True)
    held = Round.objects.get()
    assert (held.amount, held.currency) == (Decimal(5_000_000), stored)


@pytest.mark.parametrize(
    ("amount", "currency", "column", "told"),
    [
        ("US$ 5M", "CNY", "amount", "is in USD, and CNY is asked for here"),
        ("¥5M", "USD", "amount", "is in CNY, JPY, and USD is asked for here"),
        ("€5M", "$", "amount", "is in EUR, and $ is asked for here"),
        ("$5M", "", "amount", "may be in any of AUD, CAD, HKD, SGD, TWD, USD"),
        ("¥5M", "", "amount", "may be in any of CNY, JPY"),
        ("数千万", "CNY", "amount", "is not a number"),
        ("5M", "$", "currency", "three-letter code"),
    ],
)
def test_a_currency_that_may_be_another_is_refused(company, bring, amount, currency, column, told):
    found = problems_of(bring, "rounds", ROUNDS + f"A-001,2024-03-01,A,{amount},{currency},\n")
    assert any(name == column and told in reason for _line, name, _value, reason in found)
    assert len([name for _line, name, _value, _reason in found if name == column]) == 1
    assert not Round.objects.exists()


def test_two_amounts_of_a_row_share_its_currency(company, bring):
    found = problems_of(bring, "rounds", ROUNDS + "A-001,2024-03-01,A,US$5M,,¥100M\nA-001,2024-03-02,B,US$5M,,1B\n")
    assert [(line, column) for line, column, _value, _reason in found] == [(2, "post_money_valuation")]
    assert Round.objects.get().post_money_valuation == Decimal(10**9)


def test_an_amount_that_names_its_currency_needs_the_column_for_it(company, bring):
    found = problems_of(bring, "rounds", "company,closed_on,round,amount\nA-001,2024-03-01,A,US$5M\n")
    assert "write that into a column currency" in found[0][3]


LOANS = "loan,company,bank,principal,annual_rate_percent,drawn_on,due_on\n"


def test_amounts_in_yuan_take_no_other_currency(company, bring):
    found = problems_of(
        bring, "loans", LOANS + "L1,A-001,Bank,US$ 1M,3.45,2026-01-05,\nL2,A-001,Bank,¥100万元,3.45,2026-01-05,-\n"
    )
    assert [(line, column) for line, column, _value, _reason in found] == [(2, "principal")]
    assert "is in USD, and CNY is asked for here" in found[0][3]
    held = Loan.objects.get()
    assert (held.principal, held.due_on) == (Decimal(1_000_000), None)


def test_an_end_of_which_nobody_knows_is_not_left_open(company, bring):
    found = problems_of(
        bring, "loans", LOANS + "L1,A-001,Bank,100,3.45,2026-01-05,未知\nL2,A-001,Bank,1,4,2026年1月,2027\n"
    )
    assert [(line, column) for line, column, _value, _reason in found] == [
        (2, "due_on"),
        (3, "drawn_on"),
        (3, "due_on"),
    ]
    assert {reason for line, _column, _value, reason in found if line == 3} == {"names no day: write it as YYYY-MM-DD"}


# --- The register

COMPANIES = "code,name,founded_on\n"


def test_of_a_year_alone_the_day_stays_unknown(bring, db):
    done = bring("companies", COMPANIES + "N-1,One,2015\nN-2,Two,2016年3月\n", tidy=True)
    assert readings(done) == [(2, "founded_on", "2015", ""), (3, "founded_on", "2016年3月", "")]
    assert list(Company.objects.values_list("founded_on", flat=True)) == [None, None]


def test_a_year_neither_clears_the_day_that_is_on_record_nor_contradicts_it(bring, db):
    CompanyFactory(code="N-1", founded_on=dt.date(2015, 1, 1))
    CompanyFactory(code="N-2", founded_on=dt.date(2015, 12, 31))
    CompanyFactory(code="N-3", founded_on=dt.date(2016, 1, 1))
    found = problems_of(bring, "companies", COMPANIES + "N-1,One,2015\nN-2,Two,2015\nN-3,Three,2015\n")
    assert found == [(4, "founded_on", "2015", "does not hold the day that is on record, 2016-01-01")]
    days = Company.objects.order_by("code").values_list("founded_on", flat=True)
    assert list(days) == [dt.date(2015, 1, 1), dt.date(2015, 12, 31), dt.date(2016, 1, 1)]


def test_names_of_columns_are_read_in_other_spellings_and_strange_ones_left_out(bring, db):
    done = bring("companies", "\ufeffCode, Name ,City,Founded-On,Country\nN-1,One,Hangzhou,2015/3/1,中国\n", tidy=True)
    held = Company.objects.get()
    assert (held.code, held.founded_on, held.country, done.left_out) == ("N-1", dt.date(2015, 3, 1), "CN", ("city",))


def test_a_typing_error_in_the_header_is_no_strange_column(bring, db):
    with pytest.raises(FileRefused) as refused:
        bring("companies", "code,name,fonded_on,city\nN-1,One,2015-03-01,x\n", tidy=True)
    assert refused.value.problems["reason"].to_list() == ["is no column of companies: is founded_on meant?"]


def test_two_columns_of_one_name_are_refused_however_they_are_spelled(bring, db):
    with pytest.raises(FileRefused) as refused:
        bring("companies", "code,name,Name\nN-1,One,Two\n", tidy=True)
    assert refused.value.problems["reason"].to_list() == ["is in the header twice"]


def test_the_refused_rows_come_back_as_they_came(bring, db, tmp_path):
    done = bring(
        "companies",
        "Code,Name,City,Founded On\nN-1,One,Hangzhou,3/4/2015\nN-2,Two,,2015/3/4\n",
        accept_valid=True,
        tidy=True,
    )
    assert done.refused_file.read_text(encoding="utf-8").splitlines() == [
        "code,name,city,founded_on,reason",
        "N-1,One,Hangzhou,3/4/2015,founded_on: may be 2015-04-03 or 2015-03-04: write the one that is meant",
    ]
    assert list(Company.objects.values_list("code", flat=True)) == ["N-2"]


def test_a_file_in_other_spellings_changes_nothing_the_second_time(company, bring):
    content = ROUNDS + "A-001,2024/3/1,A,US$ 5M,,$1B\n"
    bring("rounds", content, tidy=True)
    again = bring("rounds", content, tidy=True).stored
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_codes_are_narrow(company, bring):
    bring("rounds", ROUNDS + "Ａ－００１,2024-03-01,Ａ,1,CNY,\n", tidy=True)
    assert (Round.objects.get().company, Round.objects.get().round) == (company, "Ａ")
    bring("companies", "code,name,uscc\nN-1,One,９１３３０１１０ＭＡ５ＡＫＡＤ８ＸＵ\n", tidy=True)
    assert Company.objects.get(code="N-1").uscc == "91330110MA5AKAD8XU"


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (["3/4/2015", "13/4/2015"], ["2015-04-03", "2015-04-13"]),  # the day comes first in this column
        (["3/4/2015", "4/13/2015"], ["2015-03-04", "2015-04-13"]),  # the month does
        (["03.04.2015", "13-04-2015"], ["2015-04-03", "2015-04-13"]),
        (["4/4/2015", "2015-05-01"], ["2015-04-04", "2015-05-01"]),  # the same either way
    ],
)
def test_the_order_of_days_and_months_is_that_of_the_column(bring, db, days, read):
    rows = "".join(f"N-{number},Name {number},{day}\n" for number, day in enumerate(days))
    bring("companies", COMPANIES + rows, tidy=True)
    stored = Company.objects.order_by("code").values_list("founded_on", flat=True)
    assert [day.isoformat() for day in stored] == read


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        (["3/4/2015", "5/6/2015"], [2, 3]),  # nothing says which
        (["3/4/2015", "13/4/2015", "4/13/2015"], [2, 3, 4]),  # some say one, some the other
        (["13/13/2015", "3/4/2015"], [2, 3]),
        (["30/2/2015", "13/4/2015"], [2]),
    ],
)
def test_an_order_that_nothing_or_everything_speaks_for_is_refused(bring, db, days, refused):
    rows = "".join(f"N-{number},Name {number},{day}\n" for number, day in enumerate(days))
    found = problems_of(bring, "companies", COMPANIES + rows)
    assert [line for line, _column, _value, _reason in found] == refused
