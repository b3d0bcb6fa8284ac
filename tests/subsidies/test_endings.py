"""Who is told that a rent relief ends: each company once for each step, the officers in one notice."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Notice
from accounts.notices import shown
from companies.models import Company
from core.periods import period
from funding.models import Project
from subsidies.gather.selection import chosen
from subsidies.services import assessments
from subsidies.services.endings import tell_of_endings
from tests.factories import CompanyFactory
from tests.subsidies.conftest import let

DAY = dt.timedelta(days=1)
# The window of a lease that began with the policy is open up to 2028-09-24.
SIX, THREE, ONE = dt.date(2028, 3, 24), dt.date(2028, 6, 24), dt.date(2028, 8, 24)


@pytest.fixture
def tenant(policy, company: Company, alice, officer) -> Company:
    """Alice's company, with 400 m² at ¥1.00, of which 300 m² are waived."""
    let(company, number="L-1", area_m2=Decimal("400.00"))
    assessments.assess(chosen([company.pk]), on=SIX)
    return company


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(message__contains="end").values_list("user__name", "message"))


def text_for(user, message: str) -> str:
    return shown(Notice.objects.filter(user=user, message=message).latest("pk")).text


def test_its_people_and_the_officers_are_told_six_months_before(tenant, alice, officer):
    tell_of_endings(on=SIX)
    assert told() == [("Alice", "relief_ends"), ("Officer", "reliefs_end")]
    assert text_for(alice, "relief_ends") == ("That is in 6 months. From then on the rent is ¥12,400.00 a month.")
    assert shown(Notice.objects.get(user=officer)).title == "The rent relief of 1 company ends soon"
    assert text_for(officer, "reliefs_end") == "A-001 on 2028-09-24"


def test_each_step_is_told_once_however_often_it_runs(tenant, alice):
    for day in (SIX, SIX, THREE, ONE, ONE):
        tell_of_endings(on=day)
    own = Notice.objects.filter(user=alice, message="relief_ends").order_by("pk")
    assert [notice.context["months"] for notice in own] == [6, 3, 1]
    assert Notice.objects.filter(message="reliefs_end").count() == 3


@pytest.mark.parametrize(("late", "told_then"), [(-1, 0), (7, 1), (8, 0)])
def test_a_night_on_which_nobody_worked_is_made_up_for_within_a_week(tenant, alice, late, told_then):
    tell_of_endings(on=SIX + DAY * late)
    assert Notice.objects.filter(user=alice).count() == told_then


def test_a_company_without_relief_is_told_nothing(tenant, alice):
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 9, 25), dt.date(2028, 1, 1)))
    assessments.assess(chosen([tenant.pk]), on=SIX)
    tell_of_endings(on=SIX)
    assert told() == []


def test_without_a_lease_for_the_time_after_it_there_is_no_rent(tenant, alice):
    tenant.leases.update(term=period(dt.date(2025, 9, 25), dt.date(2028, 9, 30)))
    tell_of_endings(on=SIX)
    assert "No lease is agreed for the time after it." in text_for(alice, "relief_ends")


def test_what_else_the_company_is_entitled_to_is_named(tenant, alice):
    Project.objects.create(
        code="J-1", company=tenant, title="Model", kind="leading", score=Decimal("85.00"), scored_on=SIX
    )
    Project.objects.create(code="J-2", company=tenant, title="Agent", kind="angel")
    assessments.assess(chosen([tenant.pk]), on=SIX)
    tell_of_endings(on=SIX)
    text = text_for(alice, "relief_ends")
    assert "You are still entitled to: leading-project award." in text
    assert "Not decided yet, because something is missing: angel fund." in text


def test_companies_of_one_day_are_one_notice_to_an_officer_in_a_fixed_number_of_queries(
    tenant, officer, django_assert_max_num_queries
):
    for number in range(2, 25):
        other = CompanyFactory(code=f"B-{number:03}")
        let(other)
    assessments.assess(chosen(Company.objects.values_list("pk", flat=True)), on=SIX)
    with django_assert_max_num_queries(20):
        tell_of_endings(on=SIX)
    text = text_for(officer, "reliefs_end")
    assert text.count("2028-09-24") == 20
    assert text.endswith("and 4 more")


def test_before_any_policy_nobody_is_told(company, alice):
    let(company)
    assert tell_of_endings(on=SIX) == 0
