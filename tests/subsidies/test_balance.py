"""The balance of the rent relief: area, months, the last day and the rent after it, to the day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from companies.models import Company
from core.periods import period
from subsidies.balance import balance_of
from subsidies.models import PolicyVersion
from tests.factories import CompanyFactory
from tests.subsidies.conftest import MAY, billed, let
from tests.subsidies.test_pages import page

MAY_31 = dt.date(2026, 5, 31)
LAST = dt.date(2028, 9, 24)  # of 36 months from 2025-09-25


def test_area_months_end_and_rent_after(tenant: Company):
    found = balance_of(tenant, on=MAY_31)
    assert found is not None
    assert found.window is not None
    assert (found.cap, found.used, found.left) == (Decimal(300), Decimal(300), Decimal(0))
    assert (found.window.months, found.window.used, found.window.left, found.window.last) == (36, 8, 28, LAST)
    assert found.last_day == LAST
    assert (found.after.month, found.rent_after) == (dt.date(2028, 10, 1), Decimal("12400.00"))
    assert found.sentences == [
        "On 2026-05-31, 300.00 of 300.00 m² are relieved, 0.00 m² are left.",
        "8 of 36 months of the relief are used, 28 are left: the last day is 2028-09-24.",
        "The company then pays ¥12,400.00 of rent a month instead of ¥3,100.00 (reckoned for 2028-10).",
    ]


def test_what_is_left_of_the_area(policy: PolicyVersion):
    company = CompanyFactory()
    let(company, area_m2=Decimal("120.50"))
    found = balance_of(company, on=MAY_31)
    assert (found.used, found.left) == (Decimal("120.50"), Decimal("179.50"))


@pytest.mark.parametrize(
    ("on", "used", "is_over"),
    [
        (LAST - dt.timedelta(days=1), 35, False),
        (LAST, 36, True),
        (dt.date(2028, 8, 23), 34, False),
        (dt.date(2028, 8, 24), 35, False),
    ],
)
def test_months_are_counted_at_the_end_of_the_day(tenant: Company, on: dt.date, used: int, is_over: bool):
    found = balance_of(tenant, on=on)
    assert (found.window.used, found.is_over) == (used, is_over)


def test_after_the_cliff_it_says_what_is_paid_now(tenant: Company):
    found = balance_of(tenant, on=dt.date(2028, 10, 31))
    assert (found.used, found.left, found.rent_after) == (0, Decimal(0), Decimal("12000.00"))
    assert found.sentences[1] == "All 36 months of the relief are over: the last day was 2028-09-24."


def test_a_relief_that_ends_before_its_months(tenant: Company):
    tenant.leases.update(term=period(dt.date(2025, 9, 25), dt.date(2026, 7, 10)))
    found = balance_of(tenant, on=MAY_31)
    assert found.last_day == dt.date(2026, 7, 10)
    assert "By what is on record, the relief ends on 2026-07-10 already." in found.sentences
    assert found.sentences[-1] == "No lease is agreed for 2026-08."


def test_before_the_first_lease_no_month_has_begun(policy: PolicyVersion):
    found = balance_of(CompanyFactory(), on=MAY_31)
    assert (found.window, found.used, found.after) == (None, 0, None)
    assert len(found.sentences) == 2


@pytest.mark.django_db
def test_without_a_policy_there_is_no_balance():
    assert balance_of(CompanyFactory(), on=MAY_31) is None


def test_the_company_and_the_zone_read_it_on_the_statement(policy, company: Company, alice, officer, signed_in):
    let(company, area_m2=Decimal("400.00"))
    statement = billed(company, MAY)
    for person in (alice, officer):
        text = page(signed_in(person), "subsidies:statement", statement.public_id)
        assert "Relieved 300.00 of 300.00 m²" in text
        assert "Months left 28 of 36" in text
        assert "The company then pays ¥12,400.00 of rent a month instead of ¥3,100.00" in text
        assert "Balance of the relief" in page(signed_in(person), "subsidies:company_statements", company.code)


def test_every_language_has_its_words(tenant: Company):
    told = []
    for language in ("en", "zh-hans", "de"):
        with translation.override(language):
            told.append(tuple(balance_of(tenant, on=MAY_31).sentences))
    assert len(set(told)) == 3
