"""Two people at the same moment, on two real connections: one wins, the other is told."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import StaffRole
from companies.models import Company
from core.errors import Conflict
from core.periods import period
from subsidies.choices import Point
from subsidies.models import Budget, Grant, LedgerEntry
from subsidies.rules.pack import DEFAULT_PACK, load
from subsidies.services import policies
from subsidies.services.grants import approve_grant, pay_grant, propose_grants
from tests.factories import IN_FORCE_FROM, CompanyFactory, TalentFactory, UserFactory
from tests.spaces.test_races import at_once
from tests.subsidies.conftest import ON, let
from tests.subsidies.grants import approved, decided, person, proposed, spent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tight(db: None) -> None:
    """A policy with ¥20,000 for activities a year."""
    pack = load(DEFAULT_PACK)
    name = "activities.yearly_budget"
    changed = replace(pack.parameters[name], value=Decimal(20_000))
    policies.load_pack(pack=replace(pack, parameters={**pack.parameters, name: changed}), publish=True)


def settled(code: str) -> Company:
    company = CompanyFactory(code=code)
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


def test_two_companies_claim_one_talent(tight: None):
    """He is moved to the other company between the two looks, and both are written at once."""
    first, second = settled("A"), settled("B")
    talent = TalentFactory(company=first, code="T-9", employment=period(IN_FORCE_FROM, None))
    one = decided(first, Point.TALENT)
    officer = person(StaffRole.OFFICER)
    talent.company = second
    talent.save()
    other = decided(second, Point.TALENT)
    results = at_once(
        lambda: propose_grants(decision=type(one).objects.get(pk=one.pk), on=ON, by=officer),
        lambda: propose_grants(decision=type(other).objects.get(pk=other.pk), on=ON, by=officer),
    )
    assert "changed" in one_won(results).code
