"""What was billed, granted and paid when companies are merged: it stays where it is, and counts for the survivor."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.choices import MemberRole, MergeState
from companies.models import Company, Merge
from companies.services import merges
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from spaces.services.deposits import agree_deposit
from subsidies.choices import GrantState, Outcome, Point
from subsidies.gather import statements as gathered
from subsidies.gather.claims import claims
from subsidies.gather.selection import chosen, id_range
from subsidies.models import Grant, RentAdjustment, RentStatement
from subsidies.permissions import can_keep_payments
from subsidies.services import replays
from subsidies.services.entitled import entitled
from subsidies.services.grants import propose_supplement
from subsidies.services.reactions import concerned
from subsidies.services.recoveries import review_companies
from subsidies.services.statements import bill_companies
from subsidies.statement_kinds import RENT
from tests.factories import CompanyFactory, MembershipFactory, RentPaymentFactory
from tests.subsidies.conftest import JUNE, MAY, ON, billed, decision, let
from tests.subsidies.grants import approved, corrected, decided, paid, proposed, spent
from tests.subsidies.paying import issued, received

WHY = "One company under two codes."


@pytest.fixture
def double(policy) -> Company:
    return CompanyFactory(code="T-002", name="Tenant Ltd")


def merge(company: Company, into: Company, officer, approver) -> Merge:
    made = merges.merge_companies(merged=company, survivor=into, reason=WHY, by=officer)
    return merges.approve_merge(merge=made, by=approver) if made.state == MergeState.PROPOSED else made


def settle(company: Company) -> RentStatement:
    statement = issued(company)
    if statement.payable:
        received(str(statement.payable), statement.number)
    return statement


def told(company: Company, into: Company) -> str:
    return " ".join(merges.preview(company, into).conflicts)


def test_issued_statements_stay_and_nothing_is_billed_twice(tenant, double, officer, approver):
    let(double, number="L-2", area_m2=Decimal("50.00"))
    statement = settle(double)
    before = {name: getattr(statement, name) for name in ("company_id", "rent", "waived", "payable", "fingerprint")}
    merge(double, tenant, officer, approver)
    billed(tenant, JUNE)
    bill_companies([tenant.pk, double.pk])
    statement.refresh_from_db()
    assert {name: getattr(statement, name) for name in before} == before
    assert not RentStatement.objects.filter(company=double, month=JUNE).exists()
    june = RentStatement.objects.get(company=tenant, month=JUNE)
    # 450 m² at ¥1.00 over 30 days, of which the first 300 m² are waived
    assert (june.rent, june.waived) == (Decimal("13500.00"), Decimal("9000.00"))
    # In May 50 m² were waived beside the 300 m² that the tenant had, who was not billed yet: one company has 300 m².
    assert RentAdjustment.objects.filter(statement__company=double).count() == 0


def test_what_a_closed_month_differs_by_as_one_company_is_posted_with_the_survivor(tenant, double, officer, approver):
    let(double, number="L-2", area_m2=Decimal("50.00"))
    billed(double, MAY)
    settle(tenant)
    merge(double, tenant, officer, approver)
    june = billed(tenant, JUNE)
    # Each had up to 300 m² waived in May; together they have 300: what was waived of L-2 is taken back.
    (correction,) = june.adjustments.all()
    assert (correction.lease.number, correction.month, correction.rent, correction.waived) == (
        "L-2", MAY, Decimal("0.00"), Decimal("-1550.00"),
    )  # fmt: skip
    assert june.adjustment == Decimal("1550.00")


def test_what_was_posted_is_read_alike_by_ids_and_by_ranges(tenant, double, officer, approver):
    let(double, number="L-2", area_m2=Decimal("50.00"))
    settle(double)
    merge(double, tenant, officer, approver)
    assert gathered.posted(RENT, chosen([double.pk])).is_empty()
    by_ids = gathered.posted(RENT, chosen([tenant.pk]))
    assert by_ids["company"].unique().to_list() == [tenant.pk]
    assert by_ids.sort("item_id").equals(gathered.posted(RENT, id_range(0, 2**62)).sort("item_id"))
    assert gathered.posted(RENT, id_range(double.pk, double.pk + 1)).is_empty()


def test_a_paid_grant_stays_and_counts_for_the_surviving_company(tenant, double, officer, approver):
    let(double, number="L-2")
    spent(double, "100000.00", number="E-2")
    grant = paid(double)
    spent(tenant, "600000.00", number="E-1")
    merge(double, tenant, officer, approver)
    grant.refresh_from_db()
    assert (grant.company, grant.state, grant.amount) == (double, GrantState.PAID, Decimal("50000.00"))
    # Half of 600,000, at most ¥200,000 in the year, of which ¥50,000 were granted under the other code.
    assert entitled(tenant, Point.ACTIVITIES, on=ON).gives("") == Decimal("150000.00")
    assert [claim.grant for claim in claims(tenant)["activities"]] == [grant]


def test_a_grant_of_the_merged_company_is_reviewed_by_the_facts_that_moved(tenant, double, officer, approver):
    let(double, number="L-2")
    cost = spent(double, "100000.00", number="E-2")
    grant = paid(double)
    merge(double, tenant, officer, approver)
    assert review_companies([tenant.pk, double.pk]) == 0
    cost.refresh_from_db()
    assert cost.company == tenant
    assert corrected(cost, amount=Decimal("60000.00")) == 1
    assert grant.recoveries.get().amount == Decimal("20000.00")


def test_no_supplement_is_proposed_to_a_merged_company(tenant, double, officer, approver):
    let(double, number="L-2")
    cost = spent(double, "100000.00", number="E-2")
    grant = paid(double)
    merge(double, tenant, officer, approver)
    cost.refresh_from_db()
    corrected(cost, amount=Decimal("140000.00"))
    grant.refresh_from_db()
    with pytest.raises(Conflict, match="nothing new is granted"):
        propose_supplement(grant=grant, on=ON, by=officer)


def test_decisions_stay_sealed_and_the_merged_company_is_entitled_to_nothing_more(tenant, double, officer, approver):
    let(double, number="L-2")
    sealed = decided(double, Point.RENT_WAIVER)
    merge(double, tenant, officer, approver)
    decided(double, Point.RENT_WAIVER)
    sealed.refresh_from_db()
    assert (sealed.company, sealed.company_code, sealed.outcome) == (double, "T-002", Outcome.ELIGIBLE)
    assert decision(double).outcome == Outcome.NOT_ELIGIBLE
    assert not [one for _count, several in replays.replay(replays.choose()) for one in several]


def test_both_companies_are_decided_and_billed_anew(tenant, double, officer, approver):
    merge(double, tenant, officer, approver)
    event = OutboxEvent.objects.get(topic="company.merged")
    assert concerned([event]) == sorted([tenant.pk, double.pk])


# --- two people, and closed books --------------------------------------------------------------------------------


def test_where_money_is_touched_another_person_decides(tenant, double, officer, approver):
    RentPaymentFactory(company=double)
    made = merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    assert (made.state, made.touches_money, double.rent_payments.count()) == (MergeState.PROPOSED, True, 1)
    with pytest.raises(NotAllowed):
        merges.approve_merge(merge=made, by=officer)
    done = merges.approve_merge(merge=made, by=approver)
    assert (done.state, done.decided_by, tenant.rent_payments.count()) == (MergeState.DONE, approver, 1)
    with pytest.raises(Conflict, match="decided already"):
        merges.refuse_merge(merge=made, answer="no", by=approver)


def test_a_deposit_is_money_that_another_person_decides_about(tenant, double, officer, treasurer):
    lease = let(double, number="L-2")
    agree_deposit(lease=lease, amount=Decimal("500.00"), day=ON, by=officer)
    assert [line.rule.name for line in merges.preview(double, tenant).lines if line.is_money] == [
        "spaces.Lease.company"
    ]
    made = merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    assert (made.state, made.touches_money) == (MergeState.PROPOSED, True)


def test_a_refused_merge_can_be_proposed_again(tenant, double, officer, approver):
    RentPaymentFactory(company=double)
    made = merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    with pytest.raises(Conflict, match="proposed already"):
        merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    merges.refuse_merge(merge=made, answer="They only share a door.", by=approver)
    again = merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    assert merges.withdraw_merge(merge=again, by=officer).state == MergeState.WITHDRAWN


def test_what_came_in_the_way_after_the_proposal_is_seen_at_the_approval(tenant, double, officer, approver):
    let(double, number="L-2", area_m2=Decimal("400.00"))
    billed(double, MAY)
    made = merges.merge_companies(merged=double, survivor=tenant, reason=WHY, by=officer)
    statement = issued(double)
    with pytest.raises(Conflict, match=statement.number):
        merges.approve_merge(merge=made, by=approver)


def test_rent_that_is_owed_is_in_the_way_until_it_is_paid(tenant, double):
    let(double, number="L-2", area_m2=Decimal("400.00"))
    statement = issued(double)
    assert f"not settled: {statement.number}" in told(double, tenant)
    assert told(tenant, double) == ""
    payment = received(str(statement.payable), statement.number)
    assert told(double, tenant) == ""
    assert payment.company_id == double.pk


@pytest.mark.parametrize("act", [proposed, approved])
def test_a_grant_that_is_under_way_is_in_the_way(tenant, double, act):
    let(double, number="L-2")
    spent(double, "100000.00")
    grant: Grant = act(double)
    assert f"not paid yet: {grant.number}" in told(double, tenant)
    assert told(tenant, double) == ""


def test_a_recovery_that_is_under_way_is_in_the_way(tenant, double):
    let(double, number="L-2")
    cost = spent(double, "100000.00")
    paid(double)
    corrected(cost, voided_at=timezone.now(), void_reason="never paid")
    assert "something to pay back that is not settled (1)" in told(double, tenant)


def test_one_payment_that_both_put_forward_is_named(tenant, double):
    for company, number in ((tenant, "E-1"), (double, "E-2")):
        spent(company, "500.00", number=number, contract="")
    assert "same payment forward: E-2 = E-1" in told(double, tenant)


# --- the founders keep what stayed under the other code ----------------------------------------------------------


@pytest.fixture
def history(tenant, double, officer, approver) -> tuple[RentStatement, Grant]:
    """What stayed with the merged company, of which nobody is a member any more."""
    let(double, number="L-2")
    statement = settle(double)
    spent(double, "100000.00", number="E-2")
    grant = paid(double)
    merge(double, tenant, officer, approver)
    return statement, grant


def test_the_people_of_the_surviving_company_see_what_stayed(tenant, double, history, signed_in):
    statement, grant = history
    owner = MembershipFactory(company=tenant, role=MemberRole.OWNER).user
    client = signed_in(owner)
    pages = {
        "subsidies:company_statements": str(statement.public_id),
        "subsidies:company_grants": grant.number,
    }
    for name, told in pages.items():
        page = client.get(reverse(name, args=[tenant.code]))
        assert page.status_code == 200
        assert told in page.content.decode()
        assert double.name in page.content.decode()
    assert client.get(reverse("subsidies:statement", args=[statement.public_id])).status_code == 200
    assert client.get(reverse("subsidies:grant", args=[grant.public_id])).status_code == 200


def test_strangers_see_none_of_it(history, signed_in):
    statement, grant = history
    stranger = signed_in(MembershipFactory().user)
    assert stranger.get(reverse("subsidies:statement", args=[statement.public_id])).status_code == 404
    assert stranger.get(reverse("subsidies:grant", args=[grant.public_id])).status_code == 404


def test_a_treasurer_of_the_surviving_company_touches_no_money_of_the_other_code(tenant, double, history, treasurer):
    double.refresh_from_db()
    assert can_keep_payments(treasurer, double)
    MembershipFactory(company=tenant, user=treasurer)
    assert not can_keep_payments(treasurer, double)
