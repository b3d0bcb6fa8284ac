"""What a company's people are told of interest that was paid too much."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts import notices
from accounts.models import Notice, User
from accounts.notices import shown
from companies.models import Company
from core import outbox
from core.models import OutboxEvent
from subsidies import recovery_notices
from subsidies.models import PolicyVersion, Recovery
from subsidies.services.recoveries import confirm_recovery, settle_recovery
from subsidies.services.statements import issue_statements
from tests.factories import CompanyFactory, InterestStatementFactory, MembershipFactory
from tests.subsidies.conftest import MAY, let
from tests.subsidies.overpaying import LATER, SEPTEMBER_1, overpaid

OPENED = {
    "en": (
        "Lingxi Audio: too much interest support was paid",
        (
            "Interest statement 2026-06 is below 0: ¥373.50 were too much (2026-05: what is owed on the loan was"
            " corrected). They are to be paid back once another person at the zone confirms it."
        ),
    ),
    "zh-hans": (
        "灵犀音频：贷款贴息多付",
        "2026-06 贴息账单为负：多付了 ¥373.50（2026-05：贷款欠款余额已更正），经园区另一人确认后须退回。",
    ),
    "de": (
        "Lingxi Audio: Es wurde zu viel Zinszuschuss gezahlt",
        (
            "Die Zinsabrechnung 2026-06 liegt unter 0: 373,50\u202f¥ waren zu viel (2026-05: die offene Schuld des"
            " Kredits wurde berichtigt). Sie sind zurückzuzahlen, sobald eine andere Person der Zone es bestätigt."
        ),
    ),
}


@pytest.fixture
def settled(policy: PolicyVersion, company: Company) -> Company:
    let(company)
    return company


def told() -> list[tuple[str, str]]:
    found = Notice.objects.filter(message__startswith="interest_recovery_").order_by("pk")
    return [(notice.user.name, notice.message) for notice in found]


def tell() -> None:
    outbox.drain("recovery-notices")


def test_the_company_is_told_at_each_step_and_nobody_else(
    settled, alice: User, mallory: User, treasurer: User, approver: User
):
    recovery = overpaid(settled, treasurer)
    tell()
    confirm_recovery(recovery=recovery, by=approver)
    tell()
    settle_recovery(recovery=recovery, on=LATER, by=treasurer)
    tell()
    assert told() == [("Alice", f"interest_recovery_{state}") for state in ("open", "confirmed", "settled")]
    url = reverse("subsidies:interest_statement", args=[recovery.statement.public_id])
    assert set(alice.notices.values_list("url", flat=True)) == {url}
    _opened, confirmed, paid_back = (shown(one) for one in alice.notices.order_by("pk"))
    assert confirmed.text == (
        "By interest statement 2026-06, ¥373.50 are to be paid back. The page of the statement says why."
    )
    assert paid_back.title == "Lingxi Audio: interest support was paid back"


@pytest.mark.parametrize("language", list(OPENED))
def test_why_is_said_in_the_readers_language(settled, alice: User, treasurer: User, language: str):
    overpaid(settled, treasurer)
    tell()
    with translation.override(language):
        said = shown(alice.notices.get())
    assert (said.title, said.text) == OPENED[language]


def test_the_same_event_twice_tells_nobody_twice_and_a_mail_goes_out(settled, alice: User, treasurer: User, mailoutbox):
    overpaid(settled, treasurer)
    tell()
    event = OutboxEvent.objects.get(topic="recovery.opened")
    recovery_notices.tell_of_recoveries([event, event])
    assert notices.mail(alice.notices.get().pk)
    assert [sent.subject for sent in mailoutbox] == [OPENED["en"][0]]


def test_a_month_that_asks_much_back_is_told_in_parts(policy, treasurer: User, monkeypatch):
    monkeypatch.setattr(recovery_notices, "MOST_RECOVERIES", 2)
    for number in range(5):
        company = CompanyFactory(code=f"C-{number}")
        MembershipFactory(company=company, user__name=f"Founder {number}")
        InterestStatementFactory(company=company, month=MAY, supported=0, adjustment=-number - 1, payable=-number - 1)
    issue_statements(month=MAY, on=SEPTEMBER_1, by=treasurer)
    tell()
    assert told() == [(f"Founder {number}", "interest_recovery_open") for number in range(5)]
    assert Recovery.objects.count() == 5
