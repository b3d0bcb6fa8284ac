"""Two people at the same moment, on two real connections: one wins, the other is told."""

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import StaffRole
from community.models import Talent
from companies.models import Company
from core.errors import Conflict
from core.periods import period
from subsidies.choices import Point
from subsidies.gather.selection import BLOCK
from subsidies.models import Budget, Decision, Grant, LedgerEntry
from subsidies.services import policies
from subsidies.services.grants import approve_grant, conflicts, pay_grant, propose_grants
from tests.factories import IN_FORCE_FROM, CompanyFactory, TalentFactory, UserFactory
from tests.packs import default_pack
from tests.spaces.test_races import at_once
from tests.subsidies.conftest import ON, let
from tests.subsidies.grants import approved, decided, person, proposed, spent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tight(db: None) -> None:
    """A policy with ¥20,000 for activities a year."""
    pack = default_pack()
    name = "activities.yearly_budget"
    changed = replace(pack.parameters[name], value=Decimal(20_000))
    policies.load_pack(pack=replace(pack, parameters={**pack.parameters, name: changed}), publish=True)


def settled(code: str, **more: int) -> Company:
    company = CompanyFactory(code=code, **more)
    let(company)
    return company


def one_won(results: list[object]) -> Conflict:
    """Exactly one act was done; what the other was told."""
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert sum(isinstance(result, Grant | list) for result in results) == 1
    return refused


def test_two_approve_the_same_grant(tight: None):
    company = settled("A")
    spent(company, "30000")
    grant, others = proposed(company), [UserFactory(roles=[StaffRole.APPROVER]) for _ in range(2)]
    acts = [lambda by=by: approve_grant(grant=Grant.objects.get(pk=grant.pk), on=ON, by=by) for by in others]
    assert "“approved” already" in str(one_won(at_once(*acts)))
    assert LedgerEntry.objects.count() == 1


def test_two_pay_the_same_grant(tight: None):
    company = settled("A")
    spent(company, "30000")
    grant, treasurer = approved(company), person(StaffRole.TREASURER)
    acts = [lambda: pay_grant(grant=Grant.objects.get(pk=grant.pk), on=ON, by=treasurer)] * 2
    assert "“paid” already" in str(one_won(at_once(*acts)))
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


def test_two_grants_that_together_exceed_the_budget(tight: None):
    grants = []
    for code in ("A", "B"):
        company = settled(code)
        spent(company, "30000")
        grants.append(proposed(company))
    others = [UserFactory(roles=[StaffRole.APPROVER]) for _ in range(2)]

    def approve(index: int) -> Callable[[], Grant]:
        return lambda: approve_grant(grant=Grant.objects.get(pk=grants[index].pk), on=ON, by=others[index])

    refused = one_won(at_once(approve(0), approve(1)))
    assert (refused.code, "¥5,000.00 of the budget are left" in str(refused)) == ("budget_exceeded", True)
    assert Budget.objects.get(point="activities").committed == Decimal(15_000)


def test_two_propose_the_same_decision(tight: None):
    company = settled("A")
    spent(company, "30000")
    made, others = decided(company), [UserFactory(roles=[StaffRole.OFFICER]) for _ in range(2)]
    acts = [lambda by=by: propose_grants(decision=type(made).objects.get(pk=made.pk), on=ON, by=by) for by in others]
    assert "is proposed already" in str(one_won(at_once(*acts)))
    assert Grant.objects.count() == 1


def test_two_companies_claim_one_talent(tight: None, monkeypatch):
    """He is counted for the one, and before that is written he is moved to the other and proposed there."""
    first = settled("A")
    second = settled("B", pk=first.pk + 2 * BLOCK)  # far apart: neither waits for the other's lock
    talent = TalentFactory(company=first, code="T-9", employment=period(IN_FORCE_FROM, None))
    made, officer = decided(first, Point.TALENT), person(StaffRole.OFFICER)
    looked, proposed_there = threading.Event(), threading.Event()
    look = conflicts.refuse

    def look_and_wait(company: Company, *what: object) -> None:
        look(company, *what)
        if company == first:
            looked.set()
            proposed_there.wait(timeout=10)

    def claim_there() -> list[Grant]:
        looked.wait(timeout=10)
        Talent.objects.filter(pk=talent.pk).update(company=second)
        found = propose_grants(decision=decided(second, Point.TALENT), on=ON, by=officer)
        proposed_there.set()
        return found

    monkeypatch.setattr(conflicts, "refuse", look_and_wait)
    results = at_once(lambda: propose_grants(decision=Decision.objects.get(pk=made.pk), on=ON, by=officer), claim_there)
    assert str(one_won(results)) == "T-9 was awarded elsewhere already."
    assert Grant.objects.get().company == second
