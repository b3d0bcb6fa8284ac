"""A published policy, and companies whose rent is easy to reckon by head."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import StaffRole, User
from companies.models import Company
from core.models import RunState
from core.periods import period
from spaces.models import Lease
from subsidies.gather.selection import chosen
from subsidies.models import Decision, PolicyVersion, RentStatement, Simulation
from subsidies.services import approvals, drafts, policies, simulations
from subsidies.services.statements import bill
from tests.factories import IN_FORCE_FROM, CompanyFactory, LeaseFactory, UnitFactory, UserFactory
from tests.policies import published_policy

ON = dt.date(2026, 6, 15)
APRIL, MAY, JUNE, JULY = dt.date(2026, 4, 1), dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    """The default pack, in force since 2025-09-25."""
    return published_policy()


def confirmed(draft: PolicyVersion, by: User) -> PolicyVersion:
    """All assumed values of a draft confirmed."""
    revisions = dict(draft.edits.values_list("part", "revision"))
    names = draft.parameters.filter(provenance="assumed").values_list("name", flat=True)
    drafts.confirm_parameters(version=draft, revisions={name: revisions.get(name, 0) for name in names}, by=by)
    draft.refresh_from_db()
    return draft


def simulated(draft: PolicyVersion, by: User, on: dt.date | None = None) -> Simulation:
    """A simulation of what a draft says now, done: of its first day, or of ON where that is later."""
    day = on or max(draft.effective_from, ON)
    simulation = simulations.begin_simulation(version=draft, on=day, by=by)
    simulation.state = RunState.DONE
    simulation.save(update_fields=["state"])
    draft.refresh_from_db()
    return simulation


def approved(draft: PolicyVersion, *, editor: User, approver: User) -> PolicyVersion:
    """A draft with nothing in its way but the act itself."""
    confirmed(draft, editor)
    simulated(draft, editor)
    approvals.approve_version(version=draft, content=draft.content_hash, by=approver)
    return draft


def put_in_force(draft: PolicyVersion, *, on: dt.date = ON) -> PolicyVersion:
    """A draft published as the zone does it: confirmed, simulated, approved by another person."""
    editor, approver = UserFactory(roles=[StaffRole.POLICY_EDITOR]), UserFactory(roles=[StaffRole.APPROVER])
    approved(draft, editor=editor, approver=approver)
    return policies.publish_version(version=draft, on=on, by=editor)


def let(company: Company, **more: Any) -> Lease:
    """A lease of 100 m² at ¥1.00 since the policy is in force, unless told otherwise: ¥100 a day."""
    area = more.pop("area_m2", Decimal("100.00"))
    first, last = more.pop("first", IN_FORCE_FROM), more.pop("last", None)
    fields = {"price_per_m2_day": Decimal("1.0000"), "term": period(first, last)} | more
    return LeaseFactory(company=company, unit=UnitFactory(area_m2=area), area_m2=area, **fields)


@pytest.fixture
def tenant(policy: PolicyVersion) -> Company:
    """Registered, operating, with a lease of 400 m² at ¥1.00: of ¥400 a day ¥300 are waived."""
    company = CompanyFactory(code="T-001", name="Tenant")
    let(company, number="L-1", area_m2=Decimal("400.00"))
    return company


def decision(company: Company, point: str = "rent_waiver") -> Decision:
    return Decision.objects.in_force().get(company=company, point=point)


Statement = Callable[..., RentStatement]


def billed(company: Company, month: dt.date) -> RentStatement:
    """Bill a month for one company, and its statement."""
    bill(chosen([company.pk]), month=month)
    return RentStatement.objects.get(company=company, month=month)
