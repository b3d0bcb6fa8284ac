"""The files `companies` and `relations`, as the register takes them."""

import datetime as dt

import polars as pl
import pytest
from stdnum.cn import uscc

from companies.credit_codes import problem_of
from companies.interchange.register import credit_code_fits
from companies.models import Company, Relation
from core.interchange import kinds
from tests.factories import CompanyFactory


def credit_code(number: int) -> str:
    body = f"91330106MA2CF{number:04}"
    return body + uscc.calc_check_digit(body)


GOOD, OTHER = credit_code(1), credit_code(2)
HEADER = "code,name,uscc,registered_on,deregistered_on\n"


def test_every_column_of_a_company_comes_in(db, bring):
    bring(
        "companies",
        "code,name,name_zh,uscc,kind,industry,founded_on,registered_on,deregistered_on,operating_from,operating_until,"
        "stage,listed,bad_credit,country,website\n"
        f"A-1,Lingxi,灵犀音频,{GOOD},anchor,audio,2019-05-01,2021-01-01,2026-12-31,2021-02-01,,growing,no,yes,CN,"
        "https://lingxi.example\n",
    )
    company = Company.objects.get()
    assert (company.name, company.name_zh, company.uscc, company.kind, company.industry, company.stage) == (
        "Lingxi", "灵犀音频", GOOD, "anchor", "audio", "growing",
    )  # fmt: skip
    assert (company.founded_on, company.listed, company.bad_credit) == (dt.date(2019, 5, 1), False, True)
    assert (company.registration.lower, company.registration.upper) == (dt.date(2021, 1, 1), dt.date(2027, 1, 1))
    assert (company.operation.lower, company.operation.upper) == (dt.date(2021, 2, 1), None)
    assert (company.country, company.website) == ("CN", "https://lingxi.example")


def test_empty_cells_are_unknown(db, bring):
    bring("companies", "code,name,uscc,kind,founded_on,registered_on,listed,country\nA-1,Lingxi,,,,,,\n")
    company = Company.objects.get()
    assert (company.uscc, company.founded_on, company.registration, company.listed) == (None, None, None, None)
    assert company.kind == "company"


def test_importing_twice_changes_nothing_the_second_time(db, bring):
    content = HEADER + f"A-1,Lingxi,{GOOD},2021-01-01,\n"
    assert bring("companies", content).stored == kinds.Stored(new=1)
    revision = Company.objects.get().revision
    assert bring("companies", content).stored == kinds.Stored(unchanged=1)
    assert Company.objects.get().revision == revision


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("A 1,Lingxi,,,", "code", "is no code"),
        ("A-1,,,,", "name", "is missing"),
        (f"A-1,Lingxi,{GOOD[:-1] + ('0' if GOOD[-1] != '0' else '1')},,", "uscc", "typing error"),
        (f"A-1,Lingxi,{GOOD[:-1]},,", "uscc", "has 18 characters"),
        (f"A-1,Lingxi,{'I' + GOOD[1:]},,", "uscc", "no I, O, S, V and Z"),
        ("A-1,Lingxi,,2021-01-02,2021-01-01", "deregistered_on", "before the first day 2021-01-02"),
    ],
)
def test_a_bad_company_is_refused(db, refusals, row, column, told):
    (problem,) = refusals("companies", HEADER + row + "\n")
    assert (problem[0], problem[1]) == (2, column)
    assert told in problem[3]


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("kind", "gmbh", "is none of company, team, anchor"),
        ("stage", "egg", "is none of nestling, chick, growing, unicorn"),
        ("listed", "1", "neither yes nor no"),
        ("country", "China", "longer than 2"),
        ("country", "cn", "two-letter"),
        ("website", "javascript:alert(1)", "http"),
        ("website", "lingxi.example", "http"),
        ("founded_on", "2019", "YYYY-MM-DD"),
    ],
)
def test_a_bad_cell_of_a_company_is_refused(db, refusals, column, cell, told):
    (problem,) = refusals("companies", f"code,name,{column}\nA-1,Lingxi,{cell}\n")
    assert (problem[:3]) == (2, column, cell)
    assert told in problem[3]


def test_a_credit_code_belongs_to_one_company_of_the_file(db, refusals):
    found = refusals("companies", HEADER + f"A-1,One,{GOOD},,\nA-2,Two,{GOOD},,\n")
    assert found == [(2, "uscc", GOOD, "stands in the lines 2, 3"), (3, "uscc", GOOD, "stands in the lines 2, 3")]


def test_a_credit_code_of_another_company_is_refused(db, refusals):
    CompanyFactory(code="OLD", uscc=GOOD)
    found = refusals("companies", HEADER + f"A-1,One,{GOOD},,\n")
    assert found == [(2, "uscc", GOOD, "is held by the company OLD already")]


def test_companies_may_exchange_their_credit_codes_in_one_file(db, bring):
    bring("companies", HEADER + f"A-1,One,{GOOD},,\nA-2,Two,{OTHER},,\n")
    assert bring("companies", HEADER + f"A-1,One,{OTHER},,\nA-2,Two,{GOOD},,\n").stored == kinds.Stored(changed=2)


def test_a_half_of_a_period_is_checked_against_the_half_that_is_stored(db, bring, refusals):
    bring("companies", HEADER + "A-1,One,,2021-01-01,\n")
    (problem,) = refusals("companies", "code,name,deregistered_on\nA-1,One,2020-12-31\n")
    assert problem[1] == "deregistered_on"


def test_the_quick_check_of_credit_codes_agrees_with_the_one_that_explains():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXYIO-a"
    base = credit_code(7)
    codes = [base[:place] + letter + base[place + 1 :] for place in range(18) for letter in alphabet]
    codes += [base, base[:-1], base + "0", "", *(credit_code(number) for number in range(500))]
    fits = pl.DataFrame({"c": codes}).select(credit_code_fits(pl.col("c")).fill_null(value=False))["c"].to_list()
    assert fits == [problem_of(code) is None for code in codes]


RELATIONS = "company,other,kind,since,until\n"


@pytest.fixture
def pair(db):
    return CompanyFactory(code="A-1"), CompanyFactory(code="A-2")


def test_a_relation_comes_in_with_both_days_included(pair, bring, export):
    content = RELATIONS + "A-1,A-2,parent,2021-01-01,2022-12-31\n"
    assert bring("relations", content).stored == kinds.Stored(new=1)
    assert Relation.objects.get().valid.upper == dt.date(2023, 1, 1)
    assert bring("relations", content).stored == kinds.Stored(unchanged=1)
    assert export("relations") == content


def test_the_days_of_a_relation_stay_when_the_file_does_not_name_them(pair, bring, export):
    bring("relations", RELATIONS + "A-1,A-2,parent,2021-01-01,2022-12-31\n")
    assert bring("relations", "company,other,kind\nA-1,A-2,sibling\n").stored == kinds.Stored(changed=1)
    assert export("relations") == RELATIONS + "A-1,A-2,sibling,2021-01-01,2022-12-31\n"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("A-1,NONE,parent,,", "other", "no company of the register"),
        ("A-1,A-1,parent,,", "other", "the company itself"),
        ("A-1,A-2,cousin,,", "kind", "is none of parent, sibling, controller"),
        ("A-1,A-2,,,", "kind", "is missing"),
        ("A-1,A-2,parent,2021-01-02,2021-01-01", "until", "before the first day"),
    ],
)
def test_a_bad_relation_is_refused(pair, refusals, row, column, told):
    (problem,) = refusals("relations", RELATIONS + row + "\n")
    assert problem[1] == column
    assert told in problem[3]
