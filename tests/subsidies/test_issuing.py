"""What a month differs in from the one before, for whoever issues it: all that the days do not explain, and no more."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core.periods import period
from subsidies import issuing
from subsidies.gather.selection import LAST, id_range
from subsidies.models import RentStatement
from subsidies.services import statements
from tests.factories import CompanyFactory
from tests.subsidies.conftest import JUNE, MAY, let

LATER = dt.date(2026, 7, 5)
MAY_31, JUNE_1 = dt.date(2026, 5, 31), dt.date(2026, 6, 1)


def bill_all(month: dt.date) -> None:
    statements.bill(id_range(0, LAST), month=month)


@pytest.fixture
def months(policy, treasurer):
    """May is issued, and June waits: whoever is named after a kind differs by it."""
    stays = CompanyFactory(code="STAYS")
    let(stays, price_per_m2_day=Decimal("1.0333"), area_m2=Decimal("333.33"))
    let(stays, price_per_m2_day=Decimal("0.7777"), area_m2=Decimal("77.77"))
    let(CompanyFactory(code="GONE"), last=MAY_31)
    let(CompanyFactory(code="NEW"), first=JUNE_1)
    grows = CompanyFactory(code="RENT", registration=None)
    let(grows)
    let(grows, first=JUNE_1, area_m2=Decimal("0.02"))
    ends = CompanyFactory(code="ENDS")
    let(ends)
    corrected = CompanyFactory(code="CORRECTED")
    lease = let(corrected, area_m2=Decimal("400.00"))
    bill_all(MAY)
    statements.issue_statements(month=MAY, on=LATER, by=treasurer)
    lease.price_per_m2_day = Decimal("1.1000")
    lease.save()
    ends.registration = period(ends.registration.lower, MAY_31)
    ends.save()
    bill_all(JUNE)


def kinds() -> dict[str, tuple[str, ...]]:
    return {one.company.code: one.kinds for one in issuing.differences(JUNE)}


def test_each_company_is_told_with_what_differs_and_the_days_are_no_difference(months):
    found = kinds()
    assert "STAYS" not in found
    assert found["GONE"] == ("gone",)
    assert found["NEW"] == ("new",)
    assert found["RENT"] == ("rent",)
    assert found["ENDS"] == ("relief_ends",)
    assert found["CORRECTED"] == ("rent", "relief", "corrections")


def test_the_amounts_are_those_of_the_statements_and_the_largest_change_comes_first(months):
    found = {one.company.code: one for one in issuing.differences(JUNE)}
    gone = found["GONE"]
    assert (gone.rent_before, gone.rent, gone.payable) == (Decimal("3100.00"), Decimal("0.00"), Decimal("0.00"))
    assert found["ENDS"].change == Decimal("3000.00")
    changes = [abs(one.change) for one in issuing.differences(JUNE)]
    assert changes == sorted(changes, reverse=True)
    before, now = issuing.sums_of(MAY), issuing.sums_of(JUNE)
    of_days = payable("STAYS", JUNE) - payable("STAYS", MAY)
    assert now.payable - before.payable == sum(one.change for one in found.values()) + of_days


def test_every_amount_is_that_of_the_company_s_statements(months):
    for one in issuing.differences(JUNE):
        for month, suffix, names in ((JUNE, "", issuing.SUMS), (MAY, "_before", ("rent", "waived", "payable"))):
            held = RentStatement.objects.filter(company__code=one.company.code, month=month).first()
            told = {name: getattr(one, f"{name}{suffix}") for name in names}
            assert told == {name: getattr(held, name) if held else 0 for name in names}, one.company.code


def payable(code: str, month: dt.date) -> Decimal:
    return RentStatement.objects.get(company__code=code, month=month).payable


def test_the_treasurer_sees_it_before_issuing_and_takes_it_as_a_file(months, treasurer, auditor, signed_in):
    client, url = signed_in(treasurer), reverse("subsidies:issuing")
    page = client.get(url, {"per_page": 100}).content.decode()
    for said in ("2026-06 before they are issued", "relief ends", "no rent any more", "¥3,000.00", "issue-month"):
        assert said in page, said
    assert "issue-month" not in signed_in(auditor).get(url).content.decode()
    lines = client.get(url, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "company,what,rent_before,rent,waived_before,waived,adjustment,payable_before,payable"
    assert len(lines) == 1 + len(kinds())
    assert "GONE,gone,3100.00,0.00," in "\n".join(lines)


def test_without_a_month_that_waits_the_page_says_so(policy, signed_in, auditor):
    assert "No month waits" in signed_in(auditor).get(reverse("subsidies:issuing")).content.decode()
