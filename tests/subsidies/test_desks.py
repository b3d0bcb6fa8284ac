"""A desk settles a company as a lease does: it opens the window, and no rent is waived for it."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from core import outbox
from core.models import OutboxDelivery
from core.periods import period
from spaces import services as spaces
from spaces.models import DeskMembership
from subsidies import policy as law
from subsidies.gather.facts import gather
from subsidies.gather.origins import origins
from subsidies.gather.premises import premises
from subsidies.gather.selection import chosen
from subsidies.services import assessments, replays
from tests.factories import CompanyFactory, DeskMembershipFactory
from tests.subsidies.conftest import billed, decision, let

FIRST, LAST = dt.date(2026, 1, 5), dt.date(2026, 3, 31)
DAY = dt.timedelta(days=1)


@pytest.fixture
def team(policy):
    return CompanyFactory(code="T-001")


def facts(company, on=LAST):
    return gather(chosen([company.pk]), law.timeline(), on).row(0, named=True)


@pytest.mark.parametrize(("on", "settled"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)])
def test_a_company_is_settled_on_the_days_of_its_desks(team, on, settled):
    DeskMembershipFactory(company=team, term=period(FIRST, LAST))
    found = facts(team, on)
    assert found["settled"] is settled
    assert (found["leases_in_force"], found["leased_area"], found["relief_of_month"]) == (0, 0, 0)


def test_a_void_membership_and_a_resident_s_settle_nobody(team):
    DeskMembershipFactory(company=team, voided=True)
    DeskMembershipFactory(company=None, person="Li Na")
    assert (facts(team)["settled"], facts(team)["first_settled_on"]) == (False, None)


@pytest.mark.parametrize("leaves_first", [True, False])
def test_the_window_opens_with_the_desk_and_the_relief_is_of_the_lease_alone(team, leaves_first):
    DeskMembershipFactory(company=team, term=period(FIRST, LAST if leaves_first else None))
    let(team, first=dt.date(2026, 4, 10))
    found = facts(team, dt.date(2026, 4, 15))
    assert (found["first_settled_on"], found["moved_in_on"]) == (FIRST, FIRST)
    assert found["relief_of_month"] == 21 * 100_00


def test_the_window_that_a_desk_opened_ends_with_it(team):
    """36 months from 2026-01-05: 2029-01-04 is the last day of relief, whenever the lease began."""
    DeskMembershipFactory(company=team, term=period(FIRST, LAST))
    let(team, first=dt.date(2028, 6, 1))
    assert facts(team, dt.date(2029, 1, 15))["relief_of_month"] == 4 * 100_00


def test_a_day_without_premises_between_desk_and_lease_is_no_settled_day(team):
    DeskMembershipFactory(company=team, term=period(FIRST, LAST))
    let(team, first=LAST + 2 * DAY)
    assert [facts(team, LAST + days * DAY)["settled"] for days in (0, 1, 2)] == [True, False, True]


def test_the_origin_of_settled_is_the_membership(team):
    assert origins(team)["settled"].register == "company"
    membership = DeskMembershipFactory(company=team)
    assert {origins(team)[name].register for name in ("settled", "first_settled_on")} == {"desks"}
    DeskMembership.objects.filter(pk=membership.pk).update(price_per_desk_month=1)
    lease = let(team)
    assert origins(team)["settled"].register == "leases"
    assert lease.company == team


def test_sums_by_campus_count_whoever_has_a_desk_there(team):
    membership = DeskMembershipFactory(company=team)
    found = premises(chosen([team.pk])).leases
    assert found["campus"].to_list() == [membership.unit.building.campus.code]


def test_a_change_at_a_desk_leads_to_a_decision_and_old_ones_come_out_as_they_did(team, officer):
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        membership = DeskMembershipFactory(company=team, term=period(FIRST, LAST))
        assessments.assess_companies([team.pk], on=dt.date(2026, 6, 15))
        before = decision(team)
        OutboxDelivery.objects.all().delete()
        spaces.change_membership(
            membership=membership, unit=membership.unit, desk="", desks=1, price_per_desk_month=Decimal(1),
            first_day=FIRST, last_day=None, by=officer,
        )  # fmt: skip
        assert outbox.drain("reassess") == 1
    after = decision(team)
    assert (before.facts["settled"], after.facts["settled"]) == (False, True)
    replayed = list(replays.replay(replays.choose(company="T-001")))
    assert [difference for _count, differences in replayed for difference in differences] == []


def test_a_desk_corrected_backwards_opens_the_window_of_the_open_statement_anew(team):
    let(team, first=dt.date(2026, 5, 1))
    assert billed(team, dt.date(2026, 5, 1)).waived == Decimal("3100.00")
    DeskMembershipFactory(company=team, term=period(dt.date(2025, 9, 25), LAST))
    assert facts(team, dt.date(2026, 5, 1))["first_settled_on"] == dt.date(2025, 9, 25)
