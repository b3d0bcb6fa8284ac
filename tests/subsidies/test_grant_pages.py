"""The pages of grants and budgets: who may open them, what they say, and what their buttons do."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import notices
from accounts.models import Notice, User
from companies.models import Company
from core import outbox
from subsidies.choices import GrantState
from subsidies.models import Decision, Grant, PolicyVersion, Recovery
from subsidies.services.assessments import assess_companies
from subsidies.services.recoveries import review_companies
from tests.factories import UserFactory
from tests.subsidies.conftest import let
from tests.subsidies.grants import approved, corrected, decided, paid, proposed, spent
from tests.subsidies.test_pages import FOUNDERS_NOT, MONEY, OWN, page, text_of


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def settled(policy: PolicyVersion, company: Company, officer: User, approver: User, treasurer: User) -> Company:
    """Alice's company, which spent ¥30,000 on activities, and those who grant."""
    let(company)
    spent(company, "30000", number="E-1")
    return company


def statuses(request, signed_in, expected: dict[str, int], url: str, **form: str) -> dict[str, int]:
    """What each person gets who opens the address, or sends the form."""
    clients = {name: signed_in(request.getfixturevalue(name)) for name in expected}
    return {name: (client.post(url, form) if form else client.get(url)).status_code for name, client in clients.items()}


def test_who_opens_a_grant_and_the_list_of_a_company(settled, request, signed_in):
    grant, expected = proposed(settled), OWN | MONEY
    assert statuses(request, signed_in, expected, reverse("subsidies:grant", args=[grant.public_id])) == expected
    assert statuses(request, signed_in, expected, reverse("subsidies:company_grants", args=[settled.code])) == expected


@pytest.mark.parametrize("route", ["subsidies:grants", "subsidies:budgets"])
def test_who_opens_the_lists_of_the_staff(settled, request, signed_in, route):
    expected = FOUNDERS_NOT | MONEY
    assert statuses(request, signed_in, expected, reverse(route)) == expected


REASON = {"reason": "because"}
DAY = {"on": "2026-06-15"}


@pytest.mark.parametrize(
    ("act", "form", "role"),
    [
        ("approve", {"go": "1"}, "approver"),
        ("refuse", REASON, "approver"),
        ("revoke", REASON, "approver"),
        ("withdraw", REASON, "officer"),
        ("pay", DAY, "treasurer"),
    ],
)
def test_an_act_is_for_its_role_alone(settled, request, signed_in, act, form, role):
    grant = approved(settled) if act in ("pay", "revoke") else proposed(settled)
    url = reverse(f"subsidies:grant_{act}", args=[grant.public_id])
    others = FOUNDERS_NOT | {name: 403 for name in MONEY if name != role}
    assert statuses(request, signed_in, others, url, **form) == others
    before = grant.state
    grant.refresh_from_db()
    assert grant.state == before
    assert signed_in(request.getfixturevalue(role)).post(url, form).status_code == 302
    grant.refresh_from_db()
    assert grant.state != before


def test_the_way_of_a_grant_through_the_pages(settled, signed_in, officer, approver, treasurer):
    made = decided(settled)
    assert "Lingxi Audio" in page(signed_in(officer), "subsidies:proposable")
    shown = page(signed_in(officer), "subsidies:proposal", made.public_id)
    assert "E-1 ¥30,000.00" in shown
    assert "To be granted ¥15,000.00" in shown
    signed_in(officer).post(reverse("subsidies:propose", args=[made.public_id]))
    grant = Grant.objects.get()
    assert "To decide: 1" in page(signed_in(approver), "subsidies:grants")
    signed_in(approver).post(reverse("subsidies:grant_approve", args=[grant.public_id]))
    assert "To pay: 1" in page(signed_in(treasurer), "subsidies:grants")
    signed_in(treasurer).post(reverse("subsidies:grant_pay", args=[grant.public_id]), {**DAY, "reference": "B-77"})
    shown = page(signed_in(treasurer), "subsidies:grant", grant.public_id)
    assert "commitment Approver ¥15,000.00" in shown
    assert "payment B-77 Treasurer ¥15,000.00" in shown


def test_a_refused_act_is_told_on_the_page(settled, signed_in, approver, officer):
    grant = proposed(settled)
    spent(settled, "100")
    url = reverse("subsidies:grant_approve", args=[grant.public_id])
    assert "The facts changed since" in text_of(signed_in(approver).post(url, follow=True))
    url = reverse("subsidies:grant_withdraw", args=[grant.public_id])
    assert "Reason: This field is required" in text_of(signed_in(officer).post(url, {"reason": ""}, follow=True))


def test_only_those_who_may_are_offered_an_act(settled, signed_in, approver, officer, treasurer, alice):
    grant = proposed(settled)
    words = {"Approve": approver, "Withdraw": officer}
    for word, person in words.items():
        shown = page(signed_in(person), "subsidies:grant", grant.public_id)
        assert [other for other in words if other in shown] == [word]
    shown = page(signed_in(alice), "subsidies:grant", grant.public_id)
    assert not any(word in shown for word in [*words, "Take back", "Record the payment"])


def test_the_company_is_told_at_each_step_and_by_mail(settled, alice, signed_in, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        grant = paid(settled)
        outbox.drain("grant-notices")
    told = list(Notice.objects.filter(user=alice, message__startswith="grant_").order_by("pk"))
    assert [notice.message for notice in told] == ["grant_proposed", "grant_approved", "grant_paid"]
    assert {notice.url for notice in told} == {reverse("subsidies:grant", args=[grant.public_id])}
    assert all(notices.mail(notice.pk) for notice in told)
    assert "Lingxi Audio: Activities was paid" in [sent.subject for sent in mail.outbox]
    outbox.drain("grant-notices")
    assert Notice.objects.filter(user=alice, message__startswith="grant_").count() == 3


def test_a_recovery_is_confirmed_and_settled_on_the_page(settled, signed_in, approver, treasurer, alice):
    grant = paid(settled)
    item = grant.items.get().expense
    item.amount = Decimal("20000.00")
    item.save()
    review_companies([settled.pk])
    recovery = Recovery.objects.get()
    shown = page(signed_in(approver), "subsidies:grant", grant.public_id)
    assert "Corrected: E-1." in shown
    assert "E-1 ¥30,000.00 ¥20,000.00" in shown
    signed_in(approver).post(reverse("subsidies:recovery_confirm", args=[recovery.public_id]))
    assert "¥5,000.00" in page(signed_in(alice), "subsidies:company_grants", settled.code)
    signed_in(treasurer).post(reverse("subsidies:recovery_settle", args=[recovery.public_id]), DAY)
    recovery.refresh_from_db()
    assert recovery.state == "settled"


def test_a_recovery_is_no_business_of_others(settled, request, signed_in):
    grant = paid(settled)
    recovery = Recovery.objects.create(grant=grant, amount=1, reason="r", opened_by=UserFactory())
    for act, role in (("confirm", "approver"), ("drop", "approver"), ("settle", "treasurer")):
        others = FOUNDERS_NOT | {name: 403 for name in MONEY if name != role}
        url = reverse(f"subsidies:recovery_{act}", args=[recovery.public_id])
        assert statuses(request, signed_in, others, url, **DAY) == others


def test_the_budgets_show_what_is_left(settled, signed_in, treasurer):
    paid(settled)
    shown = page(signed_in(treasurer), "subsidies:budgets")
    assert "Budget ¥10,000,000.00 Committed ¥15,000.00 Paid ¥15,000.00 Left ¥9,985,000.00" in shown
    assert "Budgets 2026" in shown
    assert "Budgets 2026" in text_of(signed_in(treasurer).get(reverse("subsidies:budgets"), {"year": "1999"}))


def test_the_list_is_narrowed_down(settled, signed_in, auditor):
    grant = proposed(settled)
    client, url = signed_in(auditor), reverse("subsidies:grants")
    assert grant.number in text_of(client.get(url, {"point": "activities", "state": "proposed", "year": "2026"}))
    assert grant.number not in text_of(client.get(url, {"state": "paid"}))
    assert grant.number not in text_of(client.get(url, {"company": "Elsewhere"}))


def test_what_is_proposed_already_is_not_offered_again(settled, signed_in, officer):
    proposed(settled)
    assert "Nothing waits to be proposed" in page(signed_in(officer), "subsidies:proposable")
    old = Decision.objects.in_force().get(company=settled, point="activities")
    assert signed_in(officer).get(reverse("subsidies:proposal", args=[old.public_id])).status_code == 404


def test_more_grants_ask_no_more_questions(settled, signed_in, auditor):
    client = signed_in(auditor)
    counts = []
    for _round in range(2):
        approved(settled)
        spent(settled, "100")
        client.get(reverse("subsidies:grants"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("subsidies:grants"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Grant.objects.filter(state=GrantState.APPROVED).count() == 2


def test_the_way_of_a_supplement_through_the_pages(settled, signed_in, alice, officer, approver):
    expense = settled.expenses.get()
    grant = paid(settled)
    assert "supplement" not in page(signed_in(officer), "subsidies:grant", grant.public_id).lower()
    corrected(expense, amount=Decimal("40000.00"))
    assess_companies([settled.pk], on=dt.date(2026, 6, 15))
    assert "Supplements to propose: 1" in page(signed_in(officer), "subsidies:grants")
    assert "Grants to supplement" in page(signed_in(officer), "subsidies:proposable")
    shown = page(signed_in(alice), "subsidies:entitlements", settled.code)
    assert f"{grant.number} gave less than is due by what is known now: ¥5,000.00 more can be granted" in shown
    shown = page(signed_in(officer), "subsidies:grant", grant.public_id)
    assert "¥5,000.00 more are due for what it rests on" in shown
    assert "Propose the supplement" in shown
    signed_in(officer).post(reverse("subsidies:grant_supplement", args=[grant.public_id]))
    made = Grant.objects.get(supplement_to=grant)
    assert "Supplements to propose" not in page(signed_in(officer), "subsidies:grants")
    signed_in(approver).post(reverse("subsidies:grant_approve", args=[made.public_id]))
    why = "Corrected: E-1. As of 2026-06-15, ¥20,000.00 are due for it in all, and ¥15,000.00 were granted."
    shown = page(signed_in(alice), "subsidies:grant", made.public_id)
    assert f"A supplement to {grant.number} {why}" in shown
    assert "Due in all ¥20,000.00" in shown
    assert f"E-1 2026-05-04 · {expense.contract} ¥40,000.00" in shown
    assert f"{made.number} approved {why} ¥5,000.00" in page(signed_in(alice), "subsidies:grant", grant.public_id)
    shown = page(signed_in(alice), "subsidies:entitlements", settled.code)
    assert f"{made.number} supplements {grant.number} by ¥5,000.00 (approved). {why}" in shown


def test_who_proposes_a_supplement(settled, request, signed_in):
    grant = approved(settled)
    corrected(settled.expenses.get(), amount=Decimal("40000.00"))
    url = reverse("subsidies:grant_supplement", args=[grant.public_id])
    others = FOUNDERS_NOT | {name: 403 for name in MONEY if name != "officer"}
    assert statuses(request, signed_in, others, url, go="1") == others
    assert not Grant.objects.filter(supplement_to=grant).exists()
