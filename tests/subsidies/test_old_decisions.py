"""Decisions that were made when a point looked at other facts are kept, and their pages still open."""

from decimal import Decimal

import pytest

from companies.models import Company
from subsidies.models import PolicyVersion
from subsidies.rules.points import POINTS
from tests.factories import DecisionFactory, MembershipFactory

ONCE_SEEN = {"registered": True, "settled": True, "setup_costs_paid_on": "2026-01-01", "supplier_admitted": True}


@pytest.mark.parametrize(("outcome", "amount"), [("eligible", Decimal("12.34")), ("not_eligible", None)])
def test_a_decision_on_facts_of_another_name_is_explained(
    policy: PolicyVersion, tenant: Company, client, outcome, amount
):
    for point in POINTS:
        DecisionFactory(
            company=tenant, version=policy, point=point, outcome=outcome, amount=amount, facts=ONCE_SEEN,
            criteria="1111", unmet="" if amount else "a_criterion_of_old",
        )  # fmt: skip
    client.force_login(MembershipFactory(company=tenant).user)
    page = client.get(f"/workspace/{tenant.code}/entitlements/")
    assert page.status_code == 200
    assert page.content.decode().count("12.34") >= (len(POINTS) if amount else 0)
