"""The arithmetic of rent in the API: it is complete, and whoever follows it comes to the same sums."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest

from companies.models import Company
from core.periods import period
from spaces.models import Lease
from subsidies.gather.selection import chosen
from subsidies.services import statements
from subsidies.services.statements import bill
from tests.factories import CompanyFactory, LeaseFactory, LoanFactory
from tests.policies import published_policy
from zone_portal.api import document

MAY = dt.date(2026, 5, 1)
FEN = Decimal("0.01")


@pytest.fixture
def tenant(db) -> Company:
    """With 400 m² at ¥1.2345, of which 300 m² are waived while it is registered: from the eleventh of May on."""
    published_policy()
    company = CompanyFactory(code="T-001", registration=period(dt.date(2026, 5, 11), None))
    LeaseFactory(
        company=company, number="L-1", area_m2=Decimal("400.00"), price_per_m2_day=Decimal("1.2345"),
        term=period(dt.date(2026, 5, 4), None),
    )  # fmt: skip
    return company


def only_line(machine) -> dict:
    (statement,) = machine().get("/api/v1/rent-statements/").json()["results"]
    (line,) = statement["lines"]
    return line


def test_each_stretch_names_its_days_area_price_share_and_reason(machine, tenant):
    bill(chosen([tenant.pk]), month=MAY)
    same = {"area_m2": "400.00", "price_per_m2_day": "1.2345", "share": "1.0000"}
    assert only_line(machine)["segments"] == [
        {"first_day": "2026-05-04", "last_day": "2026-05-10", "days": 7, "waived_area_m2": "0.00",
         "reason": "not_registered", **same},
        {"first_day": "2026-05-11", "last_day": "2026-05-31", "days": 21, "waived_area_m2": "300.00",
         "reason": "limit_reached", **same},
    ]  # fmt: skip


def test_the_stretches_come_to_the_sums_of_the_line(machine, tenant):
    bill(chosen([tenant.pk]), month=MAY)
    line = only_line(machine)
    rent = relief = Decimal(0)
    for one in line["segments"]:
        per_m2 = Decimal(one["price_per_m2_day"]) * one["days"]
        rent += Decimal(one["area_m2"]) * per_m2
        relief += Decimal(one["waived_area_m2"]) * per_m2 * Decimal(one["share"])
    assert (line["rent"], line["waived"]) == tuple(str(sum_.quantize(FEN, ROUND_HALF_UP)) for sum_ in (rent, relief))
    assert line["days"] == sum(one["days"] for one in line["segments"]) == 28


def test_before_any_policy_the_share_is_null(machine, tenant):
    Lease.objects.update(term=period(dt.date(2025, 9, 1), None))
    bill(chosen([tenant.pk]), month=dt.date(2025, 9, 1))
    before = only_line(machine)["segments"][0]
    assert (before["last_day"], before["share"], before["reason"]) == ("2025-09-24", None, "no_policy")


def test_a_correction_has_the_arithmetic_of_the_month_that_it_corrects(machine, tenant, treasurer):
    bill(chosen([tenant.pk]), month=MAY)
    statements.issue_statements(month=MAY, on=dt.date(2026, 6, 15), by=treasurer)
    Company.objects.update(registration=period(dt.date(2026, 5, 25), None))
    bill(chosen([tenant.pk]), month=dt.date(2026, 6, 1))
    newest = machine().get("/api/v1/rent-statements/?month=2026-06").json()["results"][0]
    (correction,) = newest["adjustments"]
    assert (correction["month"], correction["reasons"]) == ("2026-05", ["registration"])
    assert [(one["last_day"], one["reason"]) for one in correction["segments"]] == [
        ("2026-05-24", "not_registered"), ("2026-05-31", "limit_reached"),
    ]  # fmt: skip


def test_the_document_describes_a_stretch(db):
    schemas = document()["components"]["schemas"]
    line = schemas["RentLine"]["properties"]["segments"]
    assert "half up" in line["description"]
    segment = schemas["Segment"]["properties"]
    assert set(segment) == {
        "first_day", "last_day", "days", "area_m2", "waived_area_m2", "price_per_m2_day", "share", "reason",
    }  # fmt: skip
    assert segment["share"]["nullable"] is True
    assert segment["price_per_m2_day"]["pattern"] == r"^\d+\.\d{4}$"


def test_the_stretches_of_a_loan_come_to_its_support(machine, tenant):
    loan = LoanFactory(company=tenant, number="K-1", principal=Decimal("360000.00"), due_on=None)
    bill(chosen([tenant.pk]), month=MAY)
    (statement,) = machine().get("/api/v1/interest-statements/", {"loan": loan.number}).json()["results"]
    (line,) = statement["lines"]
    assert [(one["first_day"], one["last_day"], one["reason"]) for one in line["segments"]] == [
        ("2026-05-01", "2026-05-10", "not_registered"),
        ("2026-05-11", "2026-05-31", "supported"),
    ]
    support = Decimal(0)
    for one in line["segments"]:
        rate = min(Decimal(one["rate_percent"]), Decimal(one["reference_percent"])) / 100
        support += Decimal(one["counted"]) * rate * one["days"] / 360 * Decimal(one["share"])
    assert line["supported"] == statement["payable"] == str(support.quantize(FEN, ROUND_HALF_UP)) == "315.00"
