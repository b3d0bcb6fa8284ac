"""The pages of the policy: who may open them, what they say, and that they do not ask more for more."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from companies.models import Company
from core import runs
from core.models import Run
from subsidies.choices import StatementState
from subsidies.gather.selection import chosen
from subsidies.models import PolicyVersion, RentStatement
from subsidies.services import assessments, statements
from tests.factories import CompanyFactory
from tests.subsidies.conftest import MAY, ON, billed, let


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def entitled(policy: PolicyVersion, company: Company) -> Company:
    """Alice's company, decided, with 400 m² let."""
    let(company, number="L-1", area_m2=Decimal("400.00"))
    assessments.assess(chosen([company.pk]), on=ON)
    return company


def text_of(response) -> str:
    """What a reader sees, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page(client: Client, route: str, *arguments: object) -> str:
    response = client.get(reverse(route, args=arguments))
    assert response.status_code == 200
    return text_of(response)


# --- Who may -----------------------------------------------------------------------------------------------------

OWN = {"alice": 200, "bob": 200, "carol": 200, "mallory": 404}
MONEY = {"officer": 200, "approver": 200, "treasurer": 200, "auditor": 200, "reviewer": 403, "policy_editor": 403}
ALL_STAFF = dict.fromkeys(MONEY, 200)
FOUNDERS_NOT = dict.fromkeys(OWN, 404)


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("subsidies:entitlements", OWN | ALL_STAFF),
        ("subsidies:entitlements_summary", OWN | ALL_STAFF),
        ("subsidies:company_decisions", FOUNDERS_NOT | ALL_STAFF),
        ("subsidies:company_statements", OWN | MONEY),
    ],
)
def test_who_opens_the_pages_of_a_company(entitled, request, signed_in, route, expected):
    url = reverse(route, args=[entitled.code])
    found = {name: signed_in(request.getfixturevalue(name)).get(url).status_code for name in expected}
    assert found == expected


def test_who_opens_a_statement(entitled, request, signed_in):
    statement = billed(entitled, MAY)
    url = reverse("subsidies:statement", args=[statement.public_id])
    expected = OWN | MONEY
    assert {name: signed_in(request.getfixturevalue(name)).get(url).status_code for name in expected} == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [("subsidies:statements", FOUNDERS_NOT | MONEY), ("subsidies:runs", FOUNDERS_NOT | ALL_STAFF)],
)
def test_who_opens_the_lists_of_the_staff(entitled, request, signed_in, route, expected):
    found = {name: signed_in(request.getfixturevalue(name)).get(reverse(route)).status_code for name in expected}
    assert found == expected


ACTS = {
    "subsidies:start_assessment": ({"on": "2026-06-15"}, {"officer", "policy_editor"}),
    "subsidies:start_billing": ({"month": "2026-05"}, {"officer", "treasurer"}),
    "subsidies:issue": ({"month": "2026-05"}, {"treasurer"}),
}


@pytest.mark.parametrize("route", ACTS)
def test_only_those_who_may_act_do_and_the_others_change_nothing(entitled, request, signed_in, route):
    billed(entitled, MAY)
    fields, allowed = ACTS[route]
    for name in [*FOUNDERS_NOT, *(set(MONEY) - allowed), *sorted(allowed)]:
        before = (Run.objects.count(), RentStatement.objects.filter(state=StatementState.ISSUED).count())
        status = signed_in(request.getfixturevalue(name)).post(reverse(route), fields).status_code
        after = (Run.objects.count(), RentStatement.objects.filter(state=StatementState.ISSUED).count())
        assert status == (302 if name in allowed else 404 if name in OWN else 403), name
        assert name in allowed or before == after, name
    assert Run.objects.exists() or RentStatement.objects.get().state == StatementState.ISSUED


@pytest.mark.parametrize("route", ACTS)
def test_an_act_is_no_link(entitled, treasurer, officer, signed_in, route):
    person = officer if route == "subsidies:start_assessment" else treasurer
    assert signed_in(person).get(reverse(route)).status_code == 405


def test_everybody_may_read_the_policy(policy: PolicyVersion, anonymous):
    assert anonymous.get(reverse("subsidies:policy")).status_code == 200


# --- What they say -----------------------------------------------------------------------------------------------


def test_a_founder_sees_what_why_and_how_much(entitled, alice, signed_in):
    text = page(signed_in(alice), "subsidies:entitlements", entitled.code)
    assert "1 of the eight points of the policy is yours now" in text
    assert "Rent waiver eligible ¥9,000.00 for the month" in text
    assert "Registered in the zone" in text
    assert "2028-09-24 · on or after 2026-06-15" in text
    assert "¥12,000.00 − ¥9,000.00 = ¥3,000.00" in text
    assert "400.00" in text
    assert "Decided for 2026-06-15 by version 2025.1" in text


def test_a_founder_sees_what_is_missing_and_who_can_tell(policy, company, alice, signed_in):
    Company.objects.filter(pk=company.pk).update(registration=None)
    let(company)
    assessments.assess(chosen([company.pk]), on=ON)
    text = page(signed_in(alice), "subsidies:entitlements", company.code)
    assert "The zone needs to know from you Registered in the zone on" in text
    assert "Registered in the zone on (the company)" in text
    assert "tell the zone what is missing" in text


def test_assumed_numbers_are_marked(entitled, alice, signed_in):
    text = page(signed_in(alice), "subsidies:entitlements", entitled.code)
    assert "Some numbers here are assumed" in text
    assert "36 months published" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "房租减免"), ("de", "Mieterlass"), ("en", "Rent waiver")],
)
def test_the_clauses_are_in_the_readers_language(entitled, alice, signed_in, language, words):
    alice.language = language
    alice.save(update_fields=["language"])
    client = signed_in(alice)
    client.cookies["django_language"] = language
    with translation.override(language):
        response = client.get(
            reverse("subsidies:entitlements", args=[entitled.code]), headers={"accept-language": language}
        )
    assert words in response.content.decode()


def test_the_parts_for_other_pages_come_without_a_frame(entitled, officer, alice, signed_in):
    headers = {"HX-Request": "true"}
    for person, route in ((alice, "subsidies:entitlements_summary"), (officer, "subsidies:company_decisions")):
        response = signed_in(person).get(reverse(route, args=[entitled.code]), headers=headers)
        assert b"<html" not in response.content
        assert b"Rent waiver" in response.content


def test_before_anything_was_decided_the_page_says_so(company, alice, signed_in):
    assert "Nothing was decided yet" in page(signed_in(alice), "subsidies:entitlements", company.code)
    assert "No policy is in force yet" in page(signed_in(alice), "subsidies:policy")


def test_a_statement_shows_its_arithmetic(entitled, alice, signed_in):
    statement = billed(entitled, MAY)
    text = page(signed_in(alice), "subsidies:statement", statement.public_id)
    assert "¥12,400.00 − ¥9,300.00 = ¥3,100.00" in text
    stretch = "2026-05-01 – 2026-05-31 31 400.00 1.0000 ¥12,400.00 300.00 ¥9,300.00 waived up to the largest area"
    assert stretch in text


def test_a_correction_shows_its_month_and_reason(entitled, treasurer, alice, signed_in):
    billed(entitled, MAY)
    statements.issue_statements(month=MAY, on=ON, by=treasurer)
    entitled.leases.update(area_m2=Decimal("200.00"))
    june = billed(entitled, dt.date(2026, 6, 1))
    text = page(signed_in(alice), "subsidies:statement", june.public_id)
    assert "the leased area was corrected" in text
    assert "¥3,100.00" in text


def test_the_list_sums_up_what_is_filtered(entitled, policy, treasurer, signed_in):
    other = CompanyFactory(name="Elsewhere", code="E-001")
    let(other)
    billed(entitled, MAY)
    billed(other, MAY)
    client = signed_in(treasurer)
    assert "¥15,500.00" in page(client, "subsidies:statements")
    found = text_of(client.get(reverse("subsidies:statements"), {"company": "Elsewhere", "month": "2026-05"}))
    assert "Elsewhere" in found
    assert "Lingxi" not in found
    assert "¥3,100.00" in found


def test_the_treasurer_is_offered_the_earliest_open_month(entitled, treasurer, officer, signed_in):
    billed(entitled, MAY)
    assert "Issue 2026-05" in page(signed_in(treasurer), "subsidies:statements")
    assert "Issue 2026-05" not in page(signed_in(officer), "subsidies:statements")
    response = signed_in(treasurer).post(reverse("subsidies:issue"), {"month": "2026-05"}, follow=True)
    assert "1 statement was issued." in text_of(response)
    response = signed_in(treasurer).post(reverse("subsidies:issue"), {"month": "2026-05"}, follow=True)
    assert "2026-05 has no open statements." in text_of(response)


def test_the_policy_page_names_every_number_with_its_source(policy, anonymous):
    text = page(anonymous, "subsidies:policy")
    assert "Version 2025.1, in force since 2025-09-25" in text
    assert "rent_waiver.area_m2 300 m² published" in text
    assert "34 numbers were published by nobody" in text
    for name in policy.parameters.values_list("name", flat=True):
        assert name in text


def test_an_officer_starts_a_run_and_follows_it(entitled, officer, signed_in):
    client = signed_in(officer)
    response = client.post(reverse("subsidies:start_assessment"), {"on": "2026-06-15"})
    url = response.url
    waiting = client.get(url)
    assert "It waits for a worker" in text_of(waiting)
    assert b'hx-trigger="every 2s"' in waiting.content
    runs.execute(Run.objects.get())
    ended = client.get(url)
    assert b'hx-trigger="every 2s"' not in ended.content
    assert "Decisions found 8" in text_of(ended)
    assert "Assessment" in page(client, "subsidies:runs")


def test_a_run_that_is_refused_says_what_to_do(officer, signed_in):
    response = signed_in(officer).post(reverse("subsidies:start_assessment"), {"on": "2026-06-15"}, follow=True)
    assert "No policy is in force" in text_of(response)
    response = signed_in(officer).post(reverse("subsidies:start_billing"), {"month": "2026-13"}, follow=True)
    assert "Month to bill" in text_of(response)
    assert not Run.objects.exists()


def test_a_failed_run_shows_its_cause(officer, signed_in):
    run = Run.objects.create(
        kind="assess", state="failed", error="BadFacts: no such fact", arguments={"on": "2026-06-15"}
    )
    assert "BadFacts: no such fact" in page(signed_in(officer), "subsidies:run", run.public_id)


@pytest.mark.parametrize(("language", "text"), [("en", "1,234,567"), ("zh-hans", "1,234,567"), ("de", "1.234.567")])
def test_the_counts_of_a_run_have_separators_and_its_attributes_none(officer, signed_in, language, text):
    done = Run.objects.create(
        kind="assess", state="done", result={"decided": 1_234_567}, arguments={"on": "2026-06-15"}
    )
    half = Run.objects.create(kind="assess", state="running", done=12_345, total=1_234_567)
    client = signed_in(officer)
    client.cookies["django_language"] = language
    assert text in page(client, "subsidies:run", done.public_id)
    running = client.get(reverse("subsidies:run", args=[half.public_id])).content.decode()
    assert text in running
    assert 'value="12345" max="1234567"' in running
    assert text in page(client, "subsidies:runs")


# --- What they cost ----------------------------------------------------------------------------------------------


def count(client: Client, url: str) -> int:
    client.get(url)  # whatever is cached is cached now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_asks_as_much_for_one_statement_as_for_fifty(entitled, treasurer, signed_in):
    client, url = signed_in(treasurer), reverse("subsidies:statements")
    billed(entitled, MAY)
    one = count(client, url)
    companies = [CompanyFactory() for _ in range(50)]
    for company in companies:
        let(company)
    statements.bill(chosen([company.pk for company in companies]), month=MAY)
    assert count(client, url) == one


def test_a_statement_asks_as_much_for_one_lease_as_for_many(entitled, alice, signed_in):
    client = signed_in(alice)
    one = count(client, reverse("subsidies:statement", args=[billed(entitled, MAY).public_id]))
    for _ in range(20):
        let(entitled)
    many = billed(entitled, MAY)
    assert many.lines.count() == 21
    assert count(client, reverse("subsidies:statement", args=[many.public_id])) == one


def test_the_runs_ask_as_much_for_one_as_for_twenty(officer, signed_in):
    client, url = signed_in(officer), reverse("subsidies:runs")
    Run.objects.create(kind="assess", requested_by=officer)
    one = count(client, url)
    for _ in range(20):
        Run.objects.create(kind="assess", requested_by=officer)
    assert count(client, url) == one
