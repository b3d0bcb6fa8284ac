"""Proposed stages: what is gathered, what is written and left alone, and what people make of a proposal."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from companies.models import Company, StageChange
from core import runs
from core.errors import Conflict, Incomplete, NotAllowed
from core.interchange.kinds import export_kind
from core.models import OutboxEvent
from core.periods import period
from subsidies.choices import ProposalState
from subsidies.gather.selection import LAST, chosen, id_range
from subsidies.gather.stages import evidence
from subsidies.models import PolicyVersion, StageAppeal, StageProposal
from subsidies.models.stages import EVIDENCE
from subsidies.rules.stages import STAGES
from subsidies.services import assessments, reactions, stages
from tests.factories import CompanyFactory, MembershipFactory, ReportFactory, RoundFactory, UserFactory
from tests.subsidies.conftest import ON

pytestmark = pytest.mark.usefixtures("policy")


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(roles=[StaffRole.OFFICER])


@pytest.fixture
def founder(db: None) -> User:
    return UserFactory()


@pytest.fixture
def nestling(founder: User) -> Company:
    """A nestling with ¥2,000,000 of outside investment, which makes a chick of it."""
    company = CompanyFactory(stage="nestling", founded_on=dt.date(2024, 1, 1))
    RoundFactory(company=company)
    MembershipFactory(company=company, user=founder, role=MemberRole.OWNER)
    return company


@pytest.fixture
def fallen(founder: User) -> Company:
    """A chick that falls short by its last two reports."""
    company = CompanyFactory(stage="chick", founded_on=dt.date(2020, 1, 1))
    for year in (2024, 2025):
        ReportFactory(company=company, period_end=dt.date(year, 12, 31), revenue=1, product_in_use=False, verified=True)
    MembershipFactory(company=company, user=founder, role=MemberRole.OWNER)
    return company


def propose(*companies: Company, on: dt.date = ON) -> dict[str, int]:
    return stages.propose(chosen([company.pk for company in companies]), on=on).counts


def proposal(company: Company, **fields: Any) -> StageProposal:
    return StageProposal.objects.get(company=company, **({"state": ProposalState.OPEN} | fields))


WROTE, LEFT = {"stages_proposed": 1, "stages_superseded": 0}, {"stages_proposed": 0, "stages_superseded": 0}


# --- What is gathered


def test_valid_rounds_and_verified_reports_count():
    company = CompanyFactory(stage="chick", registration=period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))
    ReportFactory(company=company, verified=True, product_in_use=True)
    ReportFactory(company=company, period_end=dt.date(2026, 3, 31), months=3)
    ReportFactory(company=company, period_end=dt.date(2025, 9, 30), months=3, verified=True, voided=True)
    RoundFactory(company=company)
    RoundFactory(company=company, round="B", voided=True)
    found = evidence(chosen([company.pk]))
    assert found.companies.select("stage", "registered_until").row(0) == ("chick", dt.date(2026, 4, 1))
    assert found.reports.drop("company").rows() == [(dt.date(2025, 12, 31), 12, 600_000_00, True)]
    assert found.rounds.select("closed_on", "amount").rows() == [(dt.date(2026, 3, 1), 2_000_000_00)]


@pytest.mark.parametrize(
    ("fields", "amount", "valuation"),
    [
        ({"currency": "CNY", "amount": 100, "post_money_valuation": None}, 100_00, None),
        (
            {"currency": "USD", "amount": 100, "cny_rate": Decimal("7.12345678"), "post_money_valuation": 5},
            712_35,
            5_00,
        ),
        ({"currency": "USD", "amount": 100, "cny_rate": None, "post_money_valuation": 5}, None, 5_00),
        ({"currency": "EUR", "amount": 100, "cny_rate": 8, "post_money_valuation": 7}, 800_00, 8_00),
        ({"currency": "CNY", "amount": 100, "post_money_valuation": 7}, 100_00, 1_00),
        ({"currency": "EUR", "amount": 100, "cny_rate": None, "post_money_valuation": 7}, None, None),
        ({"currency": "", "amount": None, "post_money_valuation": None}, None, None),
    ],
)
def test_amounts_are_in_yuan_and_valuations_in_dollars(fields, amount, valuation):
    RoundFactory(currency="USD", cny_rate=Decimal(7), closed_on=dt.date(2026, 2, 1))  # of another company
    RoundFactory(currency="USD", cny_rate=Decimal(6), closed_on=dt.date(2026, 3, 2))  # later
    RoundFactory(currency="USD", cny_rate=Decimal(5), closed_on=dt.date(2026, 2, 15), voided=True)
    company = RoundFactory(**fields).company
    assert evidence(chosen([company.pk])).rounds.select("amount", "valuation").rows() == [(amount, valuation)]


@pytest.mark.parametrize(("day", "valuation"), [(dt.date(2025, 3, 2), 1_00), (dt.date(2025, 3, 1), None)])
def test_a_dollar_is_worth_what_it_was_within_the_year_before(day, valuation):
    RoundFactory(currency="USD", cny_rate=Decimal(20_000_000) / 2000, closed_on=day)
    company = RoundFactory(post_money_valuation=Decimal(10_000)).company
    assert evidence(chosen([company.pk])).rounds["valuation"].to_list() == [valuation]


# --- What is written


def test_a_proposal_keeps_the_evidence_as_it_was_seen(nestling: Company, policy: PolicyVersion):
    assert propose(nestling) == WROTE
    found = proposal(nestling)
    assert (found.stage, found.proposed, found.is_up, found.reports) == ("nestling", "chick", True, "")
    assert (found.version, found.proposed_for) == (policy, ON)
    assert found.results["chick"] == "1??1"
    assert found.facts["outside_investment"] == 2_000_000_00
    assert "product_in_use" not in found.facts
    assert {len(found.results[code]) for code in STAGES} == {len(stage.leaves) for stage in STAGES.values()}
    # Of the stage after it.
    assert (found.unmet, found.missing) == ("years_of_growth;venture_capital_reached", "")


def test_nothing_is_written_where_nothing_changed(nestling: Company):
    propose(nestling)
    first = proposal(nestling)
    assert propose(nestling) == LEFT
    assert propose(nestling, on=ON + dt.timedelta(days=1)) == LEFT
    assert proposal(nestling).pk == first.pk


def test_other_evidence_takes_the_place_of_a_proposal(nestling: Company):
    propose(nestling)
    first = proposal(nestling)
    RoundFactory(company=nestling, round="B", amount=Decimal("3000000.00"))
    assert propose(nestling) == {"stages_proposed": 1, "stages_superseded": 1}
    assert proposal(nestling).proposed == "growing"
    first.refresh_from_db()
    assert first.state == ProposalState.SUPERSEDED
    nestling.rounds.update(voided_at=timezone.now(), void_reason="in error")
    assert propose(nestling) == {"stages_proposed": 0, "stages_superseded": 1}


def test_a_move_down_names_its_reports(fallen: Company):
    assert propose(fallen) == WROTE
    found = proposal(fallen)
    assert (found.proposed, found.is_up, found.reports) == ("nestling", False, "2025-12-31;2024-12-31")
    assert found.unmet == "product_in_use;revenue_reached;investment_reached"


def test_a_run_proposes_for_everybody(nestling: Company, fallen: Company):
    run = assessments.request_assessment(on=ON)
    found = assessments.work(run, 0, LAST)
    assert (found["stages_proposed"], found["decided"]) == (2, 16)
    assert stages.propose(id_range(0, LAST), on=ON).counts == LEFT


@pytest.mark.parametrize("topic", ["round.changed", "report.changed", "company.changed"])
def test_a_change_is_followed_by_a_proposal(nestling: Company, topic):
    with transaction.atomic():
        event = OutboxEvent.objects.create(topic=topic, key=nestling.code, payload={"company": nestling.code})
    reactions.react([event], on=ON)
    assert proposal(nestling).proposed == "chick"


def test_the_database_keeps_one_open_proposal_and_its_evidence(nestling: Company):
    propose(nestling)
    found = proposal(nestling)
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        StageProposal.objects.create(
            company=nestling, stage="nestling", proposed="growing", criteria="1", version=found.version,
            proposed_for=ON, fingerprint=1,
        )  # fmt: skip
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        StageProposal.objects.filter(pk=found.pk).update(facts={})
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        found.delete()


def test_all_of_the_evidence_is_fixed():
    columns = {field.column for field in StageProposal._meta.concrete_fields}
    assert columns - set(EVIDENCE) == {"state", "superseded_at", "decided_by_id", "decided_at", "reason"}


# --- What people make of it


def test_an_officer_confirms(nestling: Company, officer: User):
    propose(nestling)
    found = stages.confirm_move(proposal=proposal(nestling), on=ON, by=officer)
    nestling.refresh_from_db()
    assert (nestling.stage, found.state, found.decided_by) == ("chick", ProposalState.CONFIRMED, officer)
    step = nestling.stage_changes.get()
    assert (step.stage, step.since, step.by) == ("chick", ON, officer)
    assert "2026-06-15" in step.reason
    assert propose(nestling) == LEFT


def test_nothing_is_confirmed_that_the_evidence_no_longer_says(nestling: Company, officer: User):
    propose(nestling)
    nestling.rounds.update(amount=1)
    with pytest.raises(Conflict) as refused:
        stages.confirm_move(proposal=proposal(nestling), on=ON, by=officer)
    assert refused.value.code == "evidence_changed"
    nestling.refresh_from_db()
    assert (nestling.stage, proposal(nestling).proposed) == ("nestling", "chick")


def test_what_was_refused_is_proposed_again_when_something_changed(nestling: Company, officer: User):
    propose(nestling)
    with pytest.raises(Incomplete):
        stages.refuse_move(proposal=proposal(nestling), reason=" ", by=officer)
    found = stages.refuse_move(proposal=proposal(nestling), reason="The investor is a founder.", by=officer)
    assert (found.state, found.reason) == (ProposalState.REFUSED, "The investor is a founder.")
    assert propose(nestling) == LEFT
    RoundFactory(company=nestling, round="B", amount=1)
    assert propose(nestling) == WROTE


def test_a_decided_proposal_is_not_decided_again(nestling: Company, officer: User):
    propose(nestling)
    found = proposal(nestling)
    stages.refuse_move(proposal=found, reason="No.", by=officer)
    for act in (
        lambda: stages.confirm_move(proposal=found, on=ON, by=officer),
        lambda: stages.refuse_move(proposal=found, reason="No.", by=officer),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "state"


@pytest.mark.parametrize("role", [StaffRole.TREASURER, StaffRole.AUDITOR, StaffRole.APPROVER])
def test_only_officers_decide_and_nobody_for_his_own_company(nestling: Company, founder: User, officer: User, role):
    propose(nestling)
    MembershipFactory(company=nestling, user=officer, role=MemberRole.VIEWER)
    for person in (UserFactory(roles=[role]), founder, officer):
        with pytest.raises(NotAllowed):
            stages.confirm_move(proposal=proposal(nestling), on=ON, by=person)
        with pytest.raises(NotAllowed):
            stages.refuse_move(proposal=proposal(nestling), reason="No.", by=person)


# --- Appeals


def refused_move(company: Company, officer: User) -> StageProposal:
    propose(company)
    return stages.refuse_move(proposal=proposal(company), reason="No.", by=officer)


def test_a_refusal_is_appealed_and_another_officer_makes_the_move(nestling: Company, founder: User, officer: User):
    made = stages.appeal(proposal=refused_move(nestling, officer), text="It came from a fund.", by=founder)
    with pytest.raises(NotAllowed) as refused:
        stages.answer_appeal(appeal=made, upheld=True, answer="Yes.", on=ON, by=officer)
    assert refused.value.code == "four_eyes"
    other = UserFactory(roles=[StaffRole.OFFICER])
    stages.answer_appeal(appeal=made, upheld=True, answer="The fund confirmed it.", on=ON, by=other)
    nestling.refresh_from_db()
    assert nestling.stage == "chick"
    assert nestling.stage_changes.get().reason == "The fund confirmed it."
    assert StageProposal.objects.get().state == ProposalState.CONFIRMED
    with pytest.raises(Conflict) as again:
        stages.answer_appeal(appeal=made, upheld=False, answer="No.", on=ON, by=other)
    assert again.value.code == "answered_already"


def test_an_appeal_that_is_not_upheld_changes_nothing(nestling: Company, founder: User, officer: User):
    made = stages.appeal(proposal=refused_move(nestling, officer), text="It came from a fund.", by=founder)
    other = UserFactory(roles=[StaffRole.OFFICER])
    with pytest.raises(Incomplete):
        stages.answer_appeal(appeal=made, upheld=False, answer="", on=ON, by=other)
    stages.answer_appeal(appeal=made, upheld=False, answer="It did not.", on=ON, by=other)
    nestling.refresh_from_db()
    assert (nestling.stage, StageProposal.objects.get().state) == ("nestling", ProposalState.REFUSED)


def test_a_move_down_is_taken_back_and_not_proposed_again(fallen: Company, founder: User, officer: User):
    propose(fallen)
    moved = stages.confirm_move(proposal=proposal(fallen), on=ON, by=officer)
    made = stages.appeal(proposal=moved, text="The product is in use.", by=founder)
    stages.answer_appeal(appeal=made, upheld=True, answer="It is.", on=ON, by=UserFactory(roles=[StaffRole.OFFICER]))
    fallen.refresh_from_db()
    assert fallen.stage == "chick"
    assert [step.stage for step in fallen.stage_changes.order_by("pk")] == ["nestling", "chick"]
    assert propose(fallen) == LEFT


def test_only_what_went_against_the_company_is_open_to_an_appeal_and_once(
    nestling: Company, fallen: Company, founder: User, officer: User
):
    propose(nestling, fallen)
    up, down = proposal(nestling), proposal(fallen)
    for waiting in (up, down):
        with pytest.raises(Conflict):
            stages.appeal(proposal=waiting, text="Why?", by=founder)
    stages.confirm_move(proposal=up, on=ON, by=officer)
    stages.refuse_move(proposal=down, reason="It has a product.", by=officer)
    for decided in (up, down):
        with pytest.raises(Conflict):
            stages.appeal(proposal=decided, text="Why?", by=founder)
    other = CompanyFactory(stage="nestling")
    RoundFactory(company=other)
    refused = refused_move(other, officer)
    owner = MembershipFactory(company=other, role=MemberRole.EDITOR).user
    viewer = MembershipFactory(company=other, role=MemberRole.VIEWER).user
    for stranger in (founder, officer, viewer):
        with pytest.raises(NotAllowed):
            stages.appeal(proposal=refused, text="Why?", by=stranger)
    with pytest.raises(Incomplete):
        stages.appeal(proposal=refused, text=" ", by=owner)
    stages.appeal(proposal=refused, text="Why?", by=owner)
    with pytest.raises(Conflict):
        stages.appeal(proposal=refused, text="Why not?", by=owner)


def test_an_appeal_is_not_answered_for_a_company_that_has_moved(nestling: Company, founder: User, officer: User):
    made = stages.appeal(proposal=refused_move(nestling, officer), text="Why?", by=founder)
    Company.objects.filter(pk=nestling.pk).update(stage="growing")
    other = UserFactory(roles=[StaffRole.OFFICER])
    with pytest.raises(Conflict) as refused:
        stages.answer_appeal(appeal=made, upheld=True, answer="Yes.", on=ON, by=other)
    assert refused.value.code == "moved_meanwhile"


def test_the_database_lets_nobody_answer_about_his_own_decision(nestling: Company, founder: User, officer: User):
    made = stages.appeal(proposal=refused_move(nestling, officer), text="Why?", by=founder)
    with pytest.raises(IntegrityError, match="another officer"), transaction.atomic():
        StageAppeal.objects.filter(pk=made.pk).update(
            upheld=False, answer="No.", answered_by=officer, answered_at=timezone.now()
        )


# --- The file


def exported(on: dt.date | None = None) -> list[tuple[Any, ...]]:
    return pl.concat(list(export_kind("stages").frame(on, None))).rows()


def test_the_file_tells_where_each_company_is_and_what_is_in_its_way(nestling: Company, fallen: Company):
    StageChange.objects.create(company=nestling, stage="nestling", since=dt.date(2026, 1, 5))
    run = assessments.request_assessment(on=ON)
    runs.execute(run)
    short = "product_in_use;revenue_reached;investment_reached"
    rows = sorted(
        [
            (nestling.code, "nestling", "chick", dt.date(2026, 1, 5), "years_of_growth;venture_capital_reached", None),
            (fallen.code, "chick", "nestling", None, short, None),
        ]
    )
    assert exported() == rows
    assert exported(ON) == rows


def test_the_file_tells_what_waits_and_on_another_day_what_the_evidence_says(nestling: Company, officer: User):
    propose(nestling)
    stages.refuse_move(proposal=proposal(nestling), reason="No.", by=officer)
    assert exported()[0][:3] == (nestling.code, "nestling", None)
    assert exported(ON)[0][:3] == (nestling.code, "nestling", "chick")
    assert exported(dt.date(2026, 2, 28))[0][:3] == (nestling.code, "nestling", None)


def test_there_is_no_file_before_the_first_assessment(nestling: Company):
    with pytest.raises(Conflict) as refused:
        exported()
    assert refused.value.code == "not_assessed"


def test_the_command_proposes_stages_too(nestling: Company, capsys):
    call_command("assess", on=ON.isoformat())
    assert "1 moves to another stage are proposed" in capsys.readouterr().out
    assert proposal(nestling).proposed == "chick"
