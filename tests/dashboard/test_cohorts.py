"""Cohorts side by side, and who stays by cohort and by the support of the first months."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from companies.models import StageChange
from core.periods import DAY, period
from tests.factories import (
    CohortFactory,
    CohortMemberFactory,
    CompanyFactory,
    DeliveryFactory,
    LeaseFactory,
    ReportFactory,
    SupportPackageFactory,
)
from zone_portal.dashboard.cohorts.figures import figures_of
from zone_portal.dashboard.survival.comparison import compare

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 3, 15)
VERIFIED = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


def came(first, last=None, **fields):
    return LeaseFactory(company=CompanyFactory(**fields), term=period(first, last)).company


def report(company, until, months, **figures):
    return ReportFactory(company=company, period_end=until, months=months, verified_at=VERIFIED, **figures)


@pytest.fixture
def first():
    """Two that stayed and one that left, of 2024; one that came later is in no cohort."""
    CohortFactory(code="first", arrived_from=dt.date(2024, 1, 1), arrived_until=dt.date(2024, 12, 31))
    companies = [
        came(dt.date(2024, 1, 1), stage="chick"),
        came(dt.date(2024, 6, 1), stage="nestling"),
        came(dt.date(2024, 3, 1), dt.date(2025, 2, 28)),
    ]
    came(dt.date(2025, 1, 1))
    return companies


def test_a_cohort_is_told_by_members_stages_and_who_stayed(first):
    (found,) = figures_of(ON)
    assert (found.group.key, found.group.started, found.in_zone, found.group.left) == ("first", 3, 2, 1)
    assert found.stages == {"nestling": 1, "chick": 1, "": 1}
    assert [at.share for at in found.group.months] == [Decimal("0.667"), Decimal("0.667"), None]


def test_the_stage_is_that_of_the_day(first):
    StageChange.objects.create(company=first[1], stage="nestling", since=dt.date(2024, 6, 1))
    StageChange.objects.create(company=first[1], stage="growing", since=ON)
    stages = [figures_of(day)[0].stages for day in (ON - DAY, ON)]
    assert stages == [{"nestling": 1, "chick": 1, "": 1}, {"chick": 1, "growing": 1, "": 1}]


def test_jobs_and_revenue_are_of_the_newest_verified_reports(first):
    one, other, _gone = first
    report(one, dt.date(2025, 12, 31), 12, revenue=Decimal("1000000.05"), employees=12)
    report(one, dt.date(2024, 12, 31), 12, revenue=Decimal(5), employees=90)
    for month, employees in ((3, None), (6, 4), (9, 5), (12, None)):
        until = dt.date(2025, month, 31 if month in (3, 12) else 30)
        report(other, until, 3, revenue=Decimal(100), employees=employees)
    ReportFactory(company=other, period_end=dt.date(2026, 1, 31), months=3, revenue=Decimal(9), employees=99)
    (found,) = figures_of(ON)
    assert (found.jobs, found.jobs_told, found.revenue, found.revenue_told) == (17, 2, Decimal("1000400.05"), 2)


def test_nobody_told_is_not_nothing(first):
    report(first[0], dt.date(2025, 12, 31), 12, revenue=None, employees=0)
    (found,) = figures_of(ON)
    assert (found.jobs, found.jobs_told, found.revenue, found.revenue_told) == (0, 1, None, 0)


def test_a_company_counts_in_each_of_its_cohorts_and_once_among_all(first):
    CohortMemberFactory(cohort=CohortFactory(code="chosen"), company=first[0])
    CohortFactory(code="empty")
    assert [(one.group.key, one.group.started) for one in figures_of(ON)] == [("chosen", 1), ("first", 3)]
    found = compare(ON, "named")
    assert [(group.key, group.started) for group in found.groups] == [("chosen", 1), ("first", 3), ("", 1)]
    assert [group.started for group in found.together.groups] == [4]
    assert (found.rows().height, found.rows("first").height, found.rows("").height) == (4, 3, 1)


def test_who_came_later_is_not_there_yet(first):
    assert figures_of(dt.date(2023, 12, 31)) == []
    (found,) = figures_of(dt.date(2024, 1, 1))
    assert found.group.started == 1


def test_support_is_that_of_the_first_three_months_alone(first):
    package = SupportPackageFactory(
        valid=period(dt.date(2023, 1, 1), None),
        items=[{}, {"code": "bank", "kind": "introduction", "unit": "times", "name": "To a bank"}],
    )
    mentoring, bank = package.items.order_by("position", "pk")
    one, other, gone = first
    DeliveryFactory(company=one, item=mentoring, given_on=dt.date(2024, 3, 31))
    DeliveryFactory(company=one, item=bank, given_on=dt.date(2024, 1, 1))
    DeliveryFactory(company=other, item=mentoring, given_on=dt.date(2024, 9, 1))  # three months later
    DeliveryFactory(company=gone, item=mentoring, given_on=dt.date(2024, 5, 31))
    DeliveryFactory(company=gone, item=bank, given_on=dt.date(2024, 5, 31), voided=True)
    found = compare(ON, "support")
    assert [(group.key, group.name, group.started) for group in found.groups] == [
        ("", "None of it", 2),
        ("mentoring", "Mentoring hours", 1),
        ("introduction+mentoring", "Introduction, mentoring hours", 1),
    ]


@pytest.fixture
def staff(officer, signed_in):
    with time_machine.travel(dt.datetime.combine(ON, dt.time(4), dt.UTC), tick=True):
        yield signed_in(officer)


def test_every_number_leads_to_its_companies_and_no_cause_is_claimed(first, staff):
    page = staff.get(reverse("cohort_comparison")).content.decode()
    assert "says nothing about its cause" in page
    pk = CohortFactory._meta.model.objects.get(code="first").pk
    own = reverse("cohort_companies", args=[pk])
    for address in (own, f"{own}?stage=chick", reverse("community:cohort", args=[pk])):
        assert f'href="{address}"' in page
    chicks = staff.get(f"{own}?stage=chick").content.decode()
    assert (first[0].code in chicks, first[1].code in chicks) == (True, False)
    assert staff.get(f"{own}?stage=egg").status_code == 404
    past = staff.get(reverse("cohort_comparison"), {"on": "2024-02-01"}).content.decode()
    assert f'href="{own}?on=2024-02-01"' in past
    support = staff.get(reverse("who_stays"), {"by": "support"}).content.decode()
    assert "not what brings it about" in support


def test_the_figures_come_as_a_file(first, staff):
    answer = staff.get(reverse("cohort_comparison"), {"format": "csv"})
    header, row = answer.content.decode().lstrip("\ufeff").splitlines()
    assert header.startswith("cohort,name,companies,in_zone,nestling,chick")
    assert row.startswith("first,")
    assert ",3,2,1,1,0,0," in row
