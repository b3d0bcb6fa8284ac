"""What a company's people are told of its stage, once each, in their language; and what machines read of it."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.models import Notice, StaffRole, User
from accounts.notices import shown
from accounts.services import create_key
from companies.choices import MemberRole
from companies.models import Company
from core import outbox
from core.models import OutboxEvent
from subsidies import stage_notices
from subsidies.gather.selection import LAST, chosen, id_range
from subsidies.models import StageAppeal, StageProposal
from subsidies.services import stages
from tests.factories import CompanyFactory, MembershipFactory, ReportFactory, RoundFactory, UserFactory
from tests.subsidies.conftest import ON

pytestmark = pytest.mark.usefixtures("policy")


@pytest.fixture
def officer(db) -> User:
    return UserFactory(roles=[StaffRole.OFFICER])


@pytest.fixture
def founder(db) -> User:
    return UserFactory(name="Wang Qing")


def chick_to_be(founder: User, **fields) -> Company:
    company = CompanyFactory(stage="nestling", founded_on=dt.date(2024, 1, 1), **fields)
    RoundFactory(company=company)
    MembershipFactory(company=company, user=founder, role=MemberRole.OWNER)
    return company


def told(person: User) -> list[str]:
    """What waits in the outbox is delivered; then the names of what the person was told, in their order."""
    outbox.drain("stage-notices")
    notices = Notice.objects.filter(user=person, message__startswith="stage_")
    return list(notices.order_by("pk").values_list("message", flat=True))


def proposed(company: Company) -> StageProposal:
    stages.propose(chosen([company.pk]), on=ON)
    return StageProposal.objects.open().get(company=company)


def test_a_move_is_told_when_it_is_proposed_and_when_it_is_decided(founder, officer):
    proposal = proposed(chick_to_be(founder, name="Lingxi", name_zh="灵犀"))
    assert told(founder) == ["stage_proposed_up"]
    stages.refuse_move(proposal=proposal, reason="The investor is a relative.", by=officer)
    assert told(founder) == ["stage_proposed_up", "stage_refused"]
    notice = Notice.objects.filter(user=founder).latest("pk")
    assert "refused: The investor is a relative." in shown(notice).text
    assert notice.url == f"/stage-proposals/{proposal.public_id}/"
    with translation.override("zh-hans"):
        assert "灵犀" in shown(notice).title


def test_an_event_that_is_delivered_twice_is_told_once(founder):
    proposed(chick_to_be(founder))
    events = list(OutboxEvent.objects.filter(topic="stage.proposed"))
    for _ in range(2):
        stage_notices.tell_of_stages(events)
    assert told(founder) == ["stage_proposed_up"]


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_is_answered_to_the_company(founder, officer, upheld):
    proposal = proposed(chick_to_be(founder))
    stages.refuse_move(proposal=proposal, reason="no", by=officer)
    assert told(founder) == ["stage_refused"]  # nobody reads any more that it was proposed
    stages.appeal(proposal=proposal, text="Look at the contract.", by=founder)
    appeal, other = StageAppeal.objects.get(proposal=proposal), UserFactory(roles=[StaffRole.OFFICER])
    stages.answer_appeal(appeal=appeal, upheld=upheld, answer="The contract says so.", on=ON, by=other)
    assert told(founder)[1] == ("stage_upheld" if upheld else "stage_not_upheld")


def test_a_move_down_says_what_can_still_be_done(founder):
    company = CompanyFactory(stage="chick", founded_on=dt.date(2020, 1, 1))
    for year in (2024, 2025):
        ReportFactory(company=company, period_end=dt.date(year, 12, 31), revenue=1, product_in_use=False, verified=True)
    MembershipFactory(company=company, user=founder, role=MemberRole.OWNER)
    proposed(company)
    assert told(founder) == ["stage_proposed_down"]


def test_what_other_evidence_superseded_before_it_was_told_is_not_told(founder):
    company = chick_to_be(founder)
    proposed(company)
    company.rounds.update(voided_at=timezone.now(), void_reason="never closed")
    stages.propose(chosen([company.pk]), on=ON)
    assert told(founder) == []


def test_a_run_tells_the_people_of_all_companies_in_several_deliveries(founder, monkeypatch):
    monkeypatch.setattr(outbox, "AT_ONCE", 2)
    monkeypatch.setattr(stage_notices, "MOST_PROPOSALS", 2)
    for _ in range(5):
        chick_to_be(founder)
    stages.propose(id_range(0, LAST), on=ON)
    assert OutboxEvent.objects.filter(topic="stage.proposed").count() == 1
    assert told(founder) == ["stage_proposed_up"] * 5


def test_machines_read_the_proposals(founder, officer, clean_cache):
    proposal = proposed(chick_to_be(founder))
    stages.refuse_move(proposal=proposal, reason="no", by=officer)
    stages.appeal(proposal=proposal, text="Look again.", by=founder)
    _key, token = create_key(
        name="Growth", scopes=["decisions:read"], days=1, now=timezone.now(), created_by=officer, by=None
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    (row,) = client.get("/api/v1/stage-proposals/", {"state": "refused", "appealed": "true"}).json()["results"]
    assert (row["company"], row["stage"], row["proposed"], row["reason"], row["appeal_upheld"]) == (
        proposal.company.code, "nestling", "chick", "no", None,
    )  # fmt: skip
    assert client.get(f"/api/v1/stage-proposals/{proposal.public_id}/").json() == row
    assert client.get("/api/v1/stage-proposals/", {"appealed": "false"}).json()["results"] == []


def test_of_several_acts_in_one_delivery_none_is_lost(founder, officer):
    proposal = proposed(chick_to_be(founder))
    stages.refuse_move(proposal=proposal, reason="no", by=officer)
    stages.appeal(proposal=proposal, text="Look again.", by=founder)
    assert told(founder) == ["stage_refused"]
