"""The pages on which recoveries are found, confirmed and settled: those of grants and those of interest."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from companies.models import Company
from subsidies.models import PolicyVersion
from subsidies.services.recoveries import confirm_recovery
from subsidies.services.statements import issue_statements
from tests.factories import InterestStatementFactory
from tests.subsidies.conftest import JUNE, MAY, let
from tests.subsidies.grants import corrected, paid, spent
from tests.subsidies.overpaying import SEPTEMBER_1, billed, correct, issued, lend, overpaid
from tests.subsidies.test_grant_pages import statuses
from tests.subsidies.test_pages import FOUNDERS_NOT, MONEY, OWN, page, text_of

DAY = {"on": "2026-09-20"}


@pytest.fixture(autouse=True)
def _september():
    with time_machine.travel(dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def settled(policy: PolicyVersion, company: Company, officer: User, approver: User, treasurer: User) -> Company:
    """Alice's company, and those who ask back."""
    let(company)
    return company


def test_the_way_of_overpaid_interest_through_the_pages(settled, signed_in, approver, treasurer, alice):
    lend(settled)
    issued(settled, MAY, treasurer)
    correct(settled, principal=Decimal("36000.00"))
    june = billed(settled, JUNE)
    assert "once it is issued, that is to be paid back" in page(
        signed_in(alice), "subsidies:interest_statement", june.public_id
    )
    assert "1 of them is below 0: ¥373.50 are to be paid back" in page(signed_in(treasurer), "subsidies:statements")
    signed_in(treasurer).post(reverse("subsidies:issue"), {"month": "2026-06"})
    assert "Recoveries to confirm: 1" in page(signed_in(approver), "subsidies:grants")
    listed = page(signed_in(approver), "subsidies:recoveries")
    assert "Interest statement 2026-06 Lingxi Audio 灵犀音频 to be confirmed" in listed
    assert "¥373.50" in listed
    shown = page(signed_in(approver), "subsidies:interest_statement", june.public_id)
    assert "To be paid back ¥373.50 to be confirmed" in shown
    assert (
        "Interest support 2026-06 ¥45.00 2026-05, loan K-1: what is owed on the loan was corrected −¥418.50"
        " Sum −¥373.50"
    ) in shown
    statement = reverse("subsidies:interest_statement", args=[june.public_id])
    url = reverse("subsidies:recovery_confirm", args=[june.recovery.public_id])
    assert signed_in(approver).post(url).headers["Location"] == statement
    assert "Recoveries to settle: 1" in page(signed_in(treasurer), "subsidies:grants")
    for route in ("subsidies:company_grants", "subsidies:company_statements"):
        assert "To be paid back Interest statement 2026-06 : ¥373.50" in page(signed_in(alice), route, settled.code)
    signed_in(treasurer).post(reverse("subsidies:recovery_settle", args=[june.recovery.public_id]), DAY)
    shown = page(signed_in(alice), "subsidies:interest_statement", june.public_id)
    assert "Paid back ¥373.50 settled" in shown
    assert "Settled on 2026-09-20." in shown
    assert "To be paid back Interest" not in page(signed_in(alice), "subsidies:company_statements", settled.code)


def test_only_those_who_may_are_offered_an_act(settled, request, signed_in, approver, treasurer):
    recovery = overpaid(settled, treasurer)
    url = reverse("subsidies:interest_statement", args=[recovery.statement.public_id])

    def offered(act: str) -> list[str]:
        people = ["alice", "officer", "approver", "treasurer", "auditor"]
        address = reverse(f"subsidies:recovery_{act}", args=[recovery.public_id])
        pages = {name: signed_in(request.getfixturevalue(name)).get(url).content.decode() for name in people}
        return [name for name in people if address in pages[name]]

    assert (offered("confirm"), offered("drop"), offered("settle")) == (["approver"], [], [])
    confirm_recovery(recovery=recovery, by=approver)
    assert (offered("confirm"), offered("drop"), offered("settle")) == ([], [], ["treasurer"])


def test_a_recovery_of_interest_is_no_business_of_others(settled, request, signed_in, treasurer):
    recovery = overpaid(settled, treasurer)
    for act, role in (("confirm", "approver"), ("drop", "approver"), ("settle", "treasurer")):
        others = FOUNDERS_NOT | {name: 403 for name in MONEY if name != role}
        url = reverse(f"subsidies:recovery_{act}", args=[recovery.public_id])
        assert statuses(request, signed_in, others, url, **DAY) == others
    recovery.refresh_from_db()
    assert recovery.state == "open"


def test_who_opens_the_list_and_the_statement(settled, request, signed_in, treasurer):
    recovery = overpaid(settled, treasurer)
    expected = FOUNDERS_NOT | MONEY
    assert statuses(request, signed_in, expected, reverse("subsidies:recoveries")) == expected
    url = reverse("subsidies:interest_statement", args=[recovery.statement.public_id])
    assert statuses(request, signed_in, OWN | MONEY, url) == OWN | MONEY


def test_a_refused_act_is_told_on_the_page_of_the_statement(settled, signed_in, approver, treasurer):
    recovery = overpaid(settled, treasurer)
    url = reverse("subsidies:recovery_drop", args=[recovery.public_id])
    shown = text_of(signed_in(approver).post(url, follow=True))
    assert "What an issued statement asks back stands" in shown
    assert "Interest statement 2026-06" in shown


def test_the_list_holds_both_and_is_narrowed_down(settled, signed_in, auditor, treasurer):
    expense = spent(settled, "30000", number="E-1")
    grant = paid(settled)
    corrected(expense, amount=Decimal("20000.00"))
    overpaid(settled, treasurer)
    client, url = signed_in(auditor), reverse("subsidies:recoveries")
    found = {
        query: [name for name in (grant.number, "statement 2026-06") if name in text_of(client.get(f"{url}?{query}"))]
        for query in (
            "", "kind=grants", "kind=interest", "state=open", "state=settled", "company=Lingxi", "company=Elsewhere",
        )
    }  # fmt: skip
    both = [grant.number, "statement 2026-06"]
    assert found == {
        "": both, "kind=grants": both[:1], "kind=interest": both[1:], "state=open": both, "state=settled": [],
        "company=Lingxi": both, "company=Elsewhere": [],
    }  # fmt: skip


def test_a_company_reads_what_it_has_to_pay_back_and_no_other_one_does(
    settled, signed_in, treasurer, approver, mallory
):
    confirm_recovery(recovery=overpaid(settled, treasurer), by=approver)
    other = mallory.memberships.get().company
    let(other)
    for route in ("subsidies:company_grants", "subsidies:company_statements"):
        assert "To be paid back" not in page(signed_in(mallory), route, other.code)


def test_more_recoveries_ask_no_more_questions(settled, signed_in, auditor, treasurer):
    client, url = signed_in(auditor), reverse("subsidies:recoveries")
    counts = []
    for month, more in ((MAY, 1), (JUNE, 3)):
        for _number in range(more):
            InterestStatementFactory(month=month, supported=0, adjustment=-7, payable=-7)
        issue_statements(month=month, on=SEPTEMBER_1, by=treasurer)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert text_of(client.get(url)).count("Interest statement 2026-0") == len(counts) * 3 + 1
        counts.append(len(asked))
    assert counts[0] == counts[1]
