"""The pages of proposed stages: who sees them, what they tell, and what is done there."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import MemberRole
from subsidies.choices import ProposalState
from subsidies.gather.selection import chosen
from subsidies.models import StageProposal
from subsidies.services import stages
from tests.conftest import SECRET, staff_member
from tests.factories import CompanyFactory, MembershipFactory, ReportFactory, RoundFactory, UserFactory
from tests.subsidies.conftest import ON

pytestmark = pytest.mark.usefixtures("policy")


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-15T09:00:00Z", tick=True):
        yield


@pytest.fixture
def people(db):
    other = UserFactory(roles=[StaffRole.OFFICER])
    TOTP.activate(other, SECRET)
    return {
        "officer": staff_member(StaffRole.OFFICER),
        "other": other,
        "auditor": staff_member(StaffRole.AUDITOR),
        "founder": UserFactory(),
        "stranger": UserFactory(),
    }


@pytest.fixture
def company(people):
    found = CompanyFactory(stage="nestling", founded_on=dt.date(2022, 1, 1))
    RoundFactory(company=found)
    ReportFactory(company=found, revenue=300_000, product_in_use=False, verified=True)
    MembershipFactory(company=found, user=people["founder"], role=MemberRole.OWNER)
    return found


@pytest.fixture
def proposal(company) -> StageProposal:
    stages.propose(chosen([company.pk]), on=ON)
    return StageProposal.objects.get()


@pytest.fixture
def at(people, signed_in):
    """A page for one of the people."""

    def get(person: str, route: str, *args, **data):
        client = signed_in(people[person])
        address = reverse(f"subsidies:{route}", args=args)
        return client.post(address, data) if data else client.get(address)

    return get


def test_the_list_shows_what_waits(at, proposal, company):
    page = at("auditor", "stage_proposals")
    assert company.name in page.content.decode()
    assert page.context["table"].rows[0].get_cell("direction").count("up")
    StageProposal.objects.update(state="superseded", superseded_at=dt.datetime(2026, 6, 15, tzinfo=dt.UTC))
    assert len(at("auditor", "stage_proposals").context["table"].rows) == 0
    assert at("founder", "stage_proposals").status_code == 404


def test_a_proposal_tells_what_was_seen_and_how_far_off_the_rest_is(at, proposal):
    page = at("officer", "stage_proposal", proposal.public_id)
    steps = {step.code: step for step in [*page.context["steps"], *page.context["other_steps"]]}
    assert [step.code for step in page.context["steps"]] == ["chick"]
    lines = {line.key: line for line in steps["chick"].criteria if line.key}
    assert (lines["revenue_reached"].seen, lines["revenue_reached"].lacks) == ("¥300,000.00", "¥200,000.00 short")
    assert (lines["investment_reached"].tone, lines["investment_reached"].lacks) == ("good", "")
    capital = next(line for line in steps["growing"].criteria if line.key == "venture_capital_reached")
    assert capital.lacks == "¥3,000,000.00 short"
    private = next(line for line in steps["unicorn"].criteria if line.key == "privately_invested")
    assert private.lacks == ""
    assert steps["unicorn"].missing == (
        "Listed on a stock exchange",
        "Valuation in US dollars",
        "On the list of serious breaches of trust",
    )
    assert "¥200,000.00 short" in page.content.decode()


@pytest.mark.parametrize(
    ("person", "may_decide"), [("officer", True), ("auditor", False), ("founder", False), ("stranger", None)]
)
def test_who_sees_a_proposal_and_who_decides(at, proposal, person, may_decide):
    page = at(person, "stage_proposal", proposal.public_id)
    assert page.status_code == (404 if may_decide is None else 200)
    if may_decide is not None:
        assert page.context["may_decide"] is may_decide
    for act in ("stage_confirm", "stage_refuse"):
        answer = at(person, act, proposal.public_id, note="x" if may_decide else "", reason="")
        assert answer.status_code == (302 if may_decide else 403 if person == "auditor" else 404)
    proposal.refresh_from_db()
    assert proposal.state == (ProposalState.CONFIRMED if may_decide else ProposalState.OPEN)


def test_a_refusal_an_appeal_and_its_answer(at, proposal, company):
    at("officer", "stage_refuse", proposal.public_id, reason="The investor is a founder.")
    page = at("founder", "stage_proposal", proposal.public_id)
    assert "The investor is a founder." in page.content.decode()
    assert page.context["may_appeal"]
    at("founder", "stage_appeal", proposal.public_id, text="It came from a fund.")
    assert not at("officer", "stage_proposal", proposal.public_id).context["may_answer"]
    assert at("other", "stage_proposal", proposal.public_id).context["may_answer"]
    answer = at("other", "stage_answer", proposal.public_id, upheld="yes", answer="The fund confirmed it.")
    assert answer.status_code == 302
    company.refresh_from_db()
    assert company.stage == "chick"
    page = at("founder", "stage_proposal", proposal.public_id).content.decode()
    assert "The fund confirmed it." in page
    assert "upheld" in page


def test_nothing_is_refused_without_a_reason(at, proposal):
    at("officer", "stage_refuse", proposal.public_id, reason=" ")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


def test_a_company_sees_its_path_and_what_is_missing(at, proposal, company):
    page = at("founder", "company_path", company.code)
    text = page.content.decode()
    steps = {step.code: step for step in page.context["steps"]}
    assert [code for code, step in steps.items() if step.is_current] == ["nestling"]
    assert [code for code, step in steps.items() if step.is_next] == ["chick"]
    assert (steps["chick"].tone, steps["growing"].tone) == ("good", "quiet")
    assert reverse("subsidies:stage_proposal", args=[proposal.public_id]) in text
    assert at("stranger", "company_path", company.code).status_code == 404


def test_a_path_before_any_policy_is_empty(at, company):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subsidies.paths.policy.timeline", lambda: Nothing())
        assert at("founder", "company_path", company.code).context["steps"] == []


class Nothing:
    starts_on = None
