"""Costs paid late in December are proposed in the year after, as of the last day of the old year."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import MemberRole
from companies.models import Company
from core.errors import Conflict, NotAllowed
from subsidies.choices import Point
from subsidies.models import Budget, Grant
from subsidies.services.grants import approve_grant, propose_late, refuse_grant
from tests.factories import MembershipFactory, ReportFactory
from tests.subsidies.grants import approved, decided, person, spent, voucher

OLD_YEARS_EVE, NEW_YEAR = dt.date(2026, 12, 31), dt.date(2027, 1, 1)


def late(company: Company, on: dt.date = NEW_YEAR, point: Point = Point.ACTIVITIES) -> list[Grant]:
    return propose_late(company=company, point=point, on=on, by=person(StaffRole.OFFICER))


def test_a_cost_of_the_last_day_is_proposed_on_the_first_day_of_the_year(tenant: Company):
    spent(tenant, "30000", number="E-1", paid_on=OLD_YEARS_EVE)
    spent(tenant, "500", number="E-2", paid_on=NEW_YEAR)
    today = decided(tenant, on=NEW_YEAR)
    assert today.amount == Decimal("250.00")
    (grant,) = late(tenant)
    assert (grant.number, grant.year, grant.proposed_on) == ("G-2026-00001", 2026, NEW_YEAR)
    assert (grant.amount, grant.items.get().expense.number) == (Decimal("15000.00"), "E-1")
    assert (grant.decision.decided_for, grant.decision.amount) == (OLD_YEARS_EVE, Decimal("15000.00"))


def test_todays_decision_is_in_force_again_and_what_was_decided_is_on_record(tenant: Company):
    spent(tenant, "30000", paid_on=OLD_YEARS_EVE)
    before = decided(tenant, on=NEW_YEAR)
    (grant,) = late(tenant)
    now = type(before).objects.in_force().get(company=tenant, point=Point.ACTIVITIES)
    assert (now.decided_for, now.outcome, now.fingerprint) == (NEW_YEAR, "not_eligible", before.fingerprint)
    assert type(before).objects.get(pk=grant.decision_id).superseded_at is not None


def test_it_is_approved_within_the_maximum_and_the_budget_of_its_year(tenant: Company):
    spent(tenant, "300000", paid_on=dt.date(2026, 5, 4))
    approved(tenant, on=dt.date(2026, 6, 15))
    spent(tenant, "300000", paid_on=OLD_YEARS_EVE)
    (grant,) = late(tenant)
    assert grant.amount == Decimal("50000.00")  # of ¥200,000 a year
    given = approve_grant(grant=grant, on=dt.date(2027, 2, 1), by=person(StaffRole.APPROVER))
    assert given.granted_on == OLD_YEARS_EVE
    assert Budget.objects.get(point=Point.ACTIVITIES, year=2026).committed == Decimal("200000.00")
    assert decided(tenant, on=dt.date(2027, 2, 2)).facts["activities_granted_this_year"] == 0
    spent(tenant, "1000", paid_on=dt.date(2026, 12, 30))
    with pytest.raises(Conflict, match="the maximum of the year is used up"):
        late(tenant)


@pytest.mark.parametrize(("on", "paid_on", "is_given"), [
    (dt.date(2027, 12, 31), OLD_YEARS_EVE, True),
    (dt.date(2028, 1, 1), OLD_YEARS_EVE, False),
    (NEW_YEAR, dt.date(2026, 1, 1), True),
    (NEW_YEAR, dt.date(2025, 12, 31), False),
    (OLD_YEARS_EVE, dt.date(2026, 12, 30), False),
])  # fmt: skip
def test_it_is_the_year_before_and_no_other(tenant: Company, on, paid_on, is_given):
    spent(tenant, "30000", paid_on=paid_on)
    if is_given:
        assert late(tenant, on)[0].year == paid_on.year
    else:
        with pytest.raises(Conflict) as refused:
            late(tenant, on)
        assert refused.value.code == "not_eligible"
        assert not Grant.objects.exists()


def test_vouchers_of_december_are_proposed_too_and_other_points_are_not(tenant: Company):
    voucher(tenant, "10000", paid_on=OLD_YEARS_EVE)
    ReportFactory(company=tenant, verified=True)
    (grant,) = late(tenant, point=Point.AI_VOUCHERS)
    assert (grant.part, grant.year) == ("model", 2026)
    with pytest.raises(Conflict, match="only what counts the costs of a year"):
        late(tenant, point=Point.SETTLEMENT)


def test_what_was_refused_is_proposed_again_and_what_is_held_is_not(tenant: Company):
    spent(tenant, "30000", paid_on=OLD_YEARS_EVE)
    (first,) = late(tenant)
    with pytest.raises(Conflict, match=f"{first.number} is proposed already"):
        late(tenant)
    refuse_grant(grant=first, reason="illegible", by=person(StaffRole.APPROVER))
    assert late(tenant)[0].number == "G-2026-00002"


def test_only_officers_propose_late_and_nobody_for_his_own_company(tenant: Company):
    spent(tenant, "30000", paid_on=OLD_YEARS_EVE)
    for by in (person(StaffRole.APPROVER), MembershipFactory(company=tenant).user):
        with pytest.raises(NotAllowed):
            propose_late(company=tenant, point=Point.ACTIVITIES, on=NEW_YEAR, by=by)
    MembershipFactory(company=tenant, user=person(StaffRole.OFFICER), role=MemberRole.VIEWER)
    with pytest.raises(NotAllowed, match="own company"):
        late(tenant)


def test_the_pages_list_it_show_it_and_propose_it(tenant: Company, signed_in, officer):
    spent(tenant, "30000", number="E-1", paid_on=OLD_YEARS_EVE)
    route = ("T-001", "activities")
    with time_machine.travel(dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC), tick=True):
        client = signed_in(officer)
        listed = client.get(reverse("subsidies:late")).content.decode()
        proposal = f'href="{reverse("subsidies:late_proposal", args=route)}"'
        assert [text in listed for text in ("Costs of 2026", "Tenant", proposal, "¥30,000.00")] == [True] * 4
        shown = client.get(reverse("subsidies:late_proposal", args=route)).content.decode()
        assert ("decided as of 2026-12-31" in shown, "¥15,000.00" in shown) == (True, True)
        assert client.get(reverse("subsidies:late_proposal", args=("T-001", "talent"))).status_code == 404
        client.post(reverse("subsidies:propose_late", args=route))
        grant = Grant.objects.get()
        assert (grant.year, grant.proposed_by) == (2026, officer)
        assert proposal not in client.get(reverse("subsidies:late")).content.decode()
        shown = client.get(reverse("subsidies:late_proposal", args=route)).content.decode()
        assert f"Grant {grant.number} is proposed already" in shown


def test_the_page_says_what_stands_in_the_way(tenant: Company, signed_in, officer):
    with time_machine.travel(dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC), tick=True):
        shown = signed_in(officer).get(reverse("subsidies:late_proposal", args=("T-001", "activities")))
    assert "Not met: Costs of activities are documented" in shown.content.decode()
