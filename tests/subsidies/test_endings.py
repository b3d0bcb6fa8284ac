"""Who is told that a monthly relief ends and what replaces it: each company once for each step, the officers in one
notice a point."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Notice
from accounts.notices import shown
from companies.models import Company
from core.periods import period
from funding.models import Project
from subsidies.explaining import full_accounts
from subsidies.gather.selection import chosen
from subsidies.models import Decision
from subsidies.prospects import endings_of
from subsidies.rules.errors import BadLeases
from subsidies.services import assessments, endings
from subsidies.services.endings import tell_of_endings
from tests.factories import CompanyFactory, LoanFactory, MembershipFactory
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
    assert shown(Notice.objects.get(user=alice)).title == "Lingxi Audio: the rent relief ends on 2028-09-24"
    assert text_for(alice, "relief_ends").splitlines() == [
        "From 2028-09-25 on (in 6 months) not met any more: The months of the waiver are not over.",
        "The company then pays ¥12,400.00 of rent a month instead of ¥3,100.00 (reckoned for 2028-10).",
        "No other point of the policy takes its place.",
    ]
    assert shown(Notice.objects.get(user=officer)).title == "The rent relief of 1 company ends soon"
    assert text_for(officer, "reliefs_end") == (
        "A-001 on 2028-09-24: The company then pays ¥12,400.00 of rent a month instead of ¥3,100.00 (reckoned for"
        " 2028-10). No other point of the policy takes its place."
    )


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
    assert "No lease is agreed for 2028-10." in text_for(alice, "relief_ends")


def test_what_else_the_company_is_entitled_to_is_named(tenant, alice):
    Project.objects.create(
        code="J-1", company=tenant, title="Model", kind="leading", score=Decimal("85.00"), scored_on=SIX
    )
    Project.objects.create(code="J-2", company=tenant, title="Agent", kind="angel")
    assessments.assess(chosen([tenant.pk]), on=SIX)
    tell_of_endings(on=SIX)
    text = text_for(alice, "relief_ends")
    assert "The company is then entitled to: leading-project award." in text
    assert "Not decided yet, because something is missing: angel fund." in text


def test_the_notice_says_what_the_page_says(tenant, alice, officer):
    Project.objects.create(code="J-2", company=tenant, title="Agent", kind="angel")
    assessments.assess(chosen([tenant.pk]), on=SIX)
    tell_of_endings(on=SIX)
    decisions = Decision.objects.in_force().filter(company=tenant).prefetch_related("version__parameters")
    for language in ("en", "zh-hans", "de"):
        with translation.override(language):
            for reader in (alice, officer):
                accounts = full_accounts(tenant, decisions, user=reader, on=SIX)
                (waiver,) = [account for account in accounts if account.point == "rent_waiver"]
                assert text_for(alice, "relief_ends").splitlines() == [waiver.ends, *waiver.follows]
                assert text_for(officer, "reliefs_end").endswith(" ".join(waiver.follows))


def test_a_lease_that_ends_before_the_window_ends_the_relief_and_nothing_replaces_it(tenant, alice, officer):
    tenant.leases.update(term=period(dt.date(2025, 9, 25), dt.date(2028, 9, 10)))
    tell_of_endings(on=SIX)
    notice = shown(Notice.objects.get(user=alice))
    assert notice.title == "Lingxi Audio: the rent relief ends on 2028-09-10"
    assert notice.text.splitlines() == [
        (
            "From 2028-09-11 on (in 5 months) not met any more: Settled in the zone and operating, Leases premises in"
            " the zone."
        ),
        "No lease is agreed for 2028-10.",
        "No other point of the policy takes its place.",
    ]
    assert text_for(officer, "reliefs_end").startswith("A-001 on 2028-09-10: No lease is agreed for 2028-10.")


def test_a_company_of_which_nobody_is_told_costs_no_evaluation(policy, company, monkeypatch):
    let(company)
    assessments.assess(chosen([company.pk]), on=SIX)
    monkeypatch.setattr(endings, "endings_of", None)
    assert tell_of_endings(on=SIX) == 0


def test_what_was_told_is_not_reckoned_again(tenant, monkeypatch):
    assert tell_of_endings(on=SIX) == 2
    monkeypatch.setattr(endings, "endings_of", None)
    assert tell_of_endings(on=SIX + DAY) == 0


def test_records_that_the_rules_refuse_keep_nobody_else_from_being_told(tenant, other_company, mallory, monkeypatch):
    let(other_company, number="L-2")
    assessments.assess(chosen([other_company.pk]), on=SIX)

    def refusing(known, points, *, on):
        if known.records.companies["company"][0] == tenant.pk:
            raise BadLeases("lease L-1 cannot be")
        return endings_of(known, points, on=on)

    monkeypatch.setattr(endings, "endings_of", refusing)
    tell_of_endings(on=SIX)
    assert told() == [("Mallory", "relief_ends"), ("Officer", "reliefs_end")]


# --- The window of interest support ------------------------------------------------------------------------------

# A loan that was drawn on 2025-10-10 opens a window up to 2028-10-09.
LOAN_SIX, LOAN_THREE, LOAN_ONE = dt.date(2028, 4, 9), dt.date(2028, 7, 9), dt.date(2028, 9, 9)


@pytest.fixture
def borrower(tenant) -> Company:
    """Alice's company, with ¥2,001,000.00 at 3 % as well, of which ¥2,000,000.00 count."""
    LoanFactory(
        company=tenant, principal=Decimal("2001000.00"), annual_rate_percent=Decimal("3.0000"),
        drawn_on=dt.date(2025, 10, 10), due_on=None,
    )  # fmt: skip
    assessments.assess(chosen([tenant.pk]), on=SIX)
    return tenant


def test_the_end_of_interest_support_is_told_too(borrower, alice, officer):
    tell_of_endings(on=LOAN_SIX)
    assert told() == [("Alice", "interest_ends"), ("Officer", "interests_end")]
    assert shown(Notice.objects.get(user=alice)).title == "Lingxi Audio: the interest support ends on 2028-10-09"
    assert text_for(alice, "interest_ends").splitlines() == [
        "From 2028-10-10 on (in 6 months) not met any more: The months of interest support are not over.",
        ("The company then bears ¥5,002.50 of interest a month itself instead of ¥2,502.50 (reckoned for 2028-11)."),
        "No other point of the policy takes its place.",
    ]
    assert shown(Notice.objects.get(user=officer)).title == "The interest support of 1 company ends soon"
    assert text_for(officer, "interests_end").startswith(
        "A-001 on 2028-10-09: The company then bears ¥5,002.50 of interest a month itself"
    )


@pytest.mark.parametrize("day", [LOAN_SIX, LOAN_THREE, LOAN_ONE])
@pytest.mark.parametrize(("late", "told_then"), [(-1, 0), (0, 1), (7, 1), (8, 0)])
def test_the_steps_of_interest_support_have_their_days(borrower, alice, day, late, told_then):
    tell_of_endings(on=day + DAY * late)
    assert Notice.objects.filter(user=alice, message="interest_ends").count() == told_then


def test_both_are_told_where_both_end(borrower, alice):
    borrower.loans.update(drawn_on=dt.date(2025, 9, 1))
    tell_of_endings(on=SIX)
    assert {"relief_ends", "interest_ends"} == set(alice.notices.values_list("message", flat=True))
    assert "No other point" in text_for(alice, "relief_ends")  # the other one ends on the same day


def test_a_loan_that_is_due_before_leaves_no_interest(borrower, alice):
    borrower.loans.update(due_on=dt.date(2028, 10, 5))
    tell_of_endings(on=LOAN_SIX)
    notice = shown(Notice.objects.get(user=alice))
    assert notice.title == "Lingxi Audio: the interest support ends on 2028-10-04"
    assert "No loan runs in 2028-11." in notice.text


def test_a_loan_that_was_paid_back_has_no_support_that_ends(borrower, alice):
    borrower.loans.update(due_on=dt.date(2028, 1, 1))
    assessments.assess(chosen([borrower.pk]), on=SIX)
    tell_of_endings(on=LOAN_SIX)
    assert told() == []


def test_a_notice_of_former_days_can_still_be_read(company, alice, officer):
    """It kept the rent and the other points in another shape."""
    context = {
        "name": "Lingxi Audio", "name_zh": "", "months": 3, "ends_on": "2028-09-24", "rent": "12400.00",
        "instead": {"eligible": ["talent"], "unknown": []},
    }  # fmt: skip
    Notice.objects.create(user=alice, message="relief_ends", context=context, dedupe_key="1")
    several = {"number": 2, "companies": [{"code": "A-001", "ends_on": "2028-09-24"}]}
    Notice.objects.create(user=officer, message="reliefs_end", context=several, dedupe_key="2")
    assert text_for(alice, "relief_ends").splitlines() == [
        "From 2028-09-25 on (in 3 months) not met any more: The months of the waiver are not over.",
        "The company then pays ¥12,400.00 of rent a month (reckoned for 2028-10).",
        "The company is then entitled to: talent award.",
    ]
    assert text_for(officer, "reliefs_end").splitlines() == ["A-001 on 2028-09-24", "and 1 more"]
    Notice.objects.filter(user=alice).update(context=context | {"rent": ""})
    assert "No lease is agreed for 2028-10." in text_for(alice, "relief_ends")


def test_companies_of_one_day_are_one_notice_to_an_officer_in_a_fixed_number_of_queries(
    tenant, officer, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as of_one:
        tell_of_endings(on=THREE)
    for number in range(2, 25):
        other = CompanyFactory(code=f"B-{number:03}")
        let(other)
    MembershipFactory(company=other)
    assessments.assess(chosen(Company.objects.values_list("pk", flat=True)), on=SIX)
    with django_assert_max_num_queries(min(len(of_one), 25)):
        tell_of_endings(on=SIX)
    text = text_for(officer, "reliefs_end")
    assert text.count("2028-09-24") == 20
    assert text.endswith("and 4 more")


def test_before_any_policy_nobody_is_told(company, alice):
    let(company)
    assert tell_of_endings(on=SIX) == 0
