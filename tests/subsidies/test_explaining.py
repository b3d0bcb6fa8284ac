"""The page explains itself: what would change an outcome and bring, what ends it, and where each fact comes from."""

import datetime as dt
import re
from decimal import Decimal

import pghistory
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from companies.models import Company
from core.periods import period
from funding.models import Loan, Project
from subsidies.explaining import Account, full_accounts
from subsidies.gather.selection import chosen
from subsidies.models import Decision, Expense
from subsidies.services import assessments
from tests.subsidies.conftest import ON, let


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def tenant(policy, company: Company) -> Company:
    let(company, number="L-1", area_m2=Decimal("300.00"))
    return company


def accounts_of(company: Company, user) -> dict[str, Account]:
    """Decided anew, and as `user` reads it."""
    assessments.assess(chosen([company.pk]), on=ON)
    decisions = Decision.objects.in_force().filter(company=company).select_related("version")
    found = full_accounts(company, decisions.prefetch_related("version__parameters"), user=user, on=ON)
    return {account.point: account for account in found}


def page(client, company: Company) -> str:
    response = client.get(reverse("subsidies:entitlements", args=[company.code]))
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_yes_says_when_and_why_it_ends(tenant, alice):
    waiver = accounts_of(tenant, alice)["rent_waiver"]
    assert waiver.ends == ("From 2028-09-25 on (in 27 months) not met any more: The months of the waiver are not over.")
    assert waiver.brings == ""


def test_an_end_says_what_comes_after_it(tenant, alice):
    let(tenant, number="L-2", area_m2=Decimal("0.01"))
    Project.objects.create(code="J-1", company=tenant, title="Agent", kind="angel")
    assert accounts_of(tenant, alice)["rent_waiver"].follows == (
        "The company then pays ¥9,300.31 of rent a month instead of ¥0.31 (reckoned for 2028-10).",
        "Not decided yet, because something is missing: angel fund.",
    )


def test_without_a_lease_by_then_nothing_replaces_it(tenant, alice):
    tenant.leases.update(term=period(dt.date(2025, 9, 25), dt.date(2028, 9, 10)))
    waiver = accounts_of(tenant, alice)["rent_waiver"]
    assert waiver.ends.startswith("From 2028-09-11 on (in 26 months) not met any more: Settled in the zone")
    assert waiver.follows == ("No lease is agreed for 2028-10.", "No other point of the policy takes its place.")


@pytest.mark.parametrize(("reader", "route"), [("alice", "entitlements"), ("officer", "company_decisions")])
def test_founder_and_officer_read_the_same_about_the_end(tenant, signed_in, request, reader, route):
    assessments.assess(chosen([tenant.pk]), on=ON)
    response = signed_in(request.getfixturevalue(reader)).get(reverse(f"subsidies:{route}", args=[tenant.code]))
    text = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    assert "The company then pays ¥9,300.00 of rent a month instead of ¥0.00 (reckoned for 2028-10)." in text
    assert "No other point of the policy takes its place." in text


def test_a_no_says_what_the_nearest_change_would_bring(tenant, alice):
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2026, 5, 31)))
    waiver = accounts_of(tenant, alice)["rent_waiver"]
    assert waiver.advice == ("Registered in the zone: the company can bring it about",)
    assert waiver.brings == "It would bring ¥9,300.00 for the month."
    assert waiver.ends == ""


def test_without_a_lease_the_relief_is_told_in_words(policy, company, alice):
    assert accounts_of(company, alice)["rent_waiver"].brings == (
        "It would bring relief from 100% of the rent for up to 300 m²."
    )


def test_a_panel_that_has_not_scored_leaves_a_range(tenant, alice):
    Project.objects.create(code="J-1", company=tenant, title="Model", kind="leading")
    leading = accounts_of(tenant, alice)["leading_project"]
    assert leading.advice == (
        (
            "Recognised as leading by the panel: the panel of experts has to say"
            " (Score of the project proposed as leading)"
        ),
    )
    assert leading.brings == "It would bring between ¥1,000,000.00 and ¥3,000,000.00 once."


def test_before_the_policy_time_alone_brings_it(policy, company, alice):
    let(company, number="L-1", first=dt.date(2025, 1, 1))
    assessments.assess(chosen([company.pk]), on=dt.date(2025, 6, 15))
    decisions = Decision.objects.in_force().filter(company=company).select_related("version")
    (waiver,) = [
        account
        for account in full_accounts(company, decisions, user=alice, on=dt.date(2025, 6, 15))
        if account.point == "rent_waiver"
    ]
    assert "The policy is in force: by itself on 2025-09-25, in 3 months" in waiver.advice


def test_an_unknown_amount_is_between_two(tenant, alice):
    Expense.objects.create(
        number="E-1", company=tenant, point="ai_vouchers", kind="model", amount=Decimal("1000.00"),
        paid_on=dt.date(2026, 3, 1),
    )  # fmt: skip
    vouchers = accounts_of(tenant, alice)["ai_vouchers"]
    assert vouchers.bounds == "up to ¥400,000.00"


def sources(account: Account, label: str) -> tuple[str, ...]:
    (line,) = [criterion for criterion in account.criteria if criterion.label == label]
    return line.sources


@pytest.mark.parametrize(("reader", "who"), [("alice", "the zone"), ("officer", "Officer"), ("auditor", "Officer")])
def test_a_criterion_says_who_entered_what_it_rests_on(tenant, officer, request, reader, who):
    with pghistory.context(user=officer.pk):
        Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 1), None))
    found = accounts_of(tenant, request.getfixturevalue(reader))["rent_waiver"]
    (told,) = sources(found, "Registered in the zone")
    assert told.startswith(f"Register, entered by {who} on ")


def test_the_page_of_a_founder_names_no_one_of_the_staff(tenant, alice, officer, signed_in):
    with pghistory.context(user=officer.pk):
        Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 10, 1), None))
    assessments.assess(chosen([tenant.pk]), on=ON)
    text = page(signed_in(alice), tenant)
    assert "Register, entered by the zone on" in text
    assert "Officer" not in text


def test_the_page_shows_ends_and_gains(tenant, alice, signed_in):
    assessments.assess(chosen([tenant.pk]), on=ON)
    text = page(signed_in(alice), tenant)
    assert "What ends it From 2028-09-25 on" in text
    assert "It would bring up to ¥100,000.00 once." in text


@pytest.mark.parametrize("language", ["zh-hans", "de"])
def test_the_sentences_are_in_the_language_of_the_reader(tenant, alice, language):
    with translation.override(language):
        found = accounts_of(tenant, alice)
    told = [
        found["rent_waiver"].ends,
        *found["rent_waiver"].follows,
        found["settlement"].brings,
        *found["settlement"].advice,
    ]
    assert all(told)
    assert not any(
        "would" in sentence or "From" in sentence or "bring it" in sentence or "then" in sentence for sentence in told
    )


def test_more_records_and_a_longer_history_cost_no_more_queries(tenant, alice):
    def asked() -> int:
        decisions = Decision.objects.in_force().filter(company=tenant).select_related("version")
        with CaptureQueriesContext(connection) as queries:
            full_accounts(tenant, decisions.prefetch_related("version__parameters"), user=alice, on=ON)
        return len(queries)

    assessments.assess(chosen([tenant.pk]), on=ON)
    assert not alice.is_staff_member
    before = asked()
    for number in range(3):
        let(tenant, number=f"L-{number + 2}", last=dt.date(2027, 1, 1 + number))
        Loan.objects.create(
            number=f"K-{number}", company=tenant, bank="ICBC", principal=Decimal("1000.00"),
            annual_rate_percent=Decimal("3.0000"), drawn_on=dt.date(2026, 1, 5),
        )  # fmt: skip
        Company.objects.filter(pk=tenant.pk).update(website=f"https://{number}.example.org")
    assessments.assess(chosen([tenant.pk]), on=ON)
    assert asked() == before <= 30
