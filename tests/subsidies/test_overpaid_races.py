"""Two people who settle or confirm one recovery of interest at the same moment, on two real connections."""

import pytest

from accounts.models import StaffRole
from core.errors import Conflict
from subsidies.models import Recovery
from subsidies.services import policies
from subsidies.services.recoveries import confirm_recovery, settle_recovery
from tests.factories import CompanyFactory
from tests.packs import default_pack
from tests.spaces.test_races import at_once
from tests.subsidies.conftest import let
from tests.subsidies.overpaying import LATER, another, overpaid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recovery() -> Recovery:
    policies.load_pack(pack=default_pack(), publish=True)
    company = CompanyFactory()
    let(company)
    return overpaid(company, another(StaffRole.TREASURER))


def one_won(results: list[object]) -> str:
    """Exactly one act was done; what the other was told."""
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert sum(isinstance(result, Recovery) for result in results) == 1
    return str(refused)


def test_two_confirm_and_then_two_settle_the_same_recovery(recovery: Recovery):
    approvers = [another(StaffRole.APPROVER) for _ in range(2)]
    confirming = [lambda by=by: confirm_recovery(recovery=recovery, by=by) for by in approvers]
    assert "“confirmed” already" in one_won(at_once(*confirming))
    treasurers = [another(StaffRole.TREASURER) for _ in range(2)]
    settling = [lambda by=by: settle_recovery(recovery=recovery, on=LATER, by=by) for by in treasurers]
    assert "“settled” already" in one_won(at_once(*settling))
    recovery.refresh_from_db()
    assert recovery.settled_by in treasurers
