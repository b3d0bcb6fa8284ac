"""A fact is corrected after a grant was approved: what is released, what is recovered, and what stays as it is."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import StaffRole, User
from companies.models import Company
from core import runs
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from subsidies.choices import EntryKind, GrantState, Point, RecoveryState
from subsidies.gather.grants import touched
from subsidies.gather.selection import chosen
from subsidies.models import Budget, Decision, Expense, Grant, Recovery
from subsidies.services import assessments
from subsidies.services.grants import pay_grant, revoke_grant
from subsidies.services.reactions import react
from subsidies.services.recoveries import confirm_recovery, drop_recovery, review_companies, settle_recovery
from tests.factories import ProjectFactory, ReportFactory, TalentFactory, UserFactory
from tests.subsidies.grants import approved, corrected, decided, paid, person, spent, voucher

LATER = dt.date(2026, 7, 20)


@pytest.fixture
def approver(db: None) -> User:
    return person(StaffRole.APPROVER)


@pytest.fixture
def treasurer(db: None) -> User:
    return person(StaffRole.TREASURER)


def test_before_payment_the_difference_is_released(tenant: Company):
    expense = spent(tenant, "30000", number="E-1")
    grant = approved(tenant)
    assert corrected(expense, amount=Decimal("20000.00")) == 1
    grant.refresh_from_db()
    assert (grant.state, grant.amount, grant.committed) == (GrantState.APPROVED, Decimal(15_000), Decimal(10_000))
    release = grant.entries.get(kind=EntryKind.RELEASE)
    assert (release.amount, release.by) == (Decimal(5_000), None)
    assert release.reason == "Corrected: E-1. It would have been ¥10,000.00, not ¥15,000.00."
    assert Budget.objects.get(point="activities").committed == Decimal(10_000)
    assert pay_grant(grant=grant, on=LATER, by=person(StaffRole.TREASURER)).paid == Decimal(10_000)


def test_a_grant_that_nothing_is_left_of_ends(tenant: Company):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, voided_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), void_reason="twice")
    grant.refresh_from_db()
    assert (grant.state, grant.committed, grant.ended_by) == (GrantState.REVOKED, 0, None)


def test_to_look_again_changes_nothing(tenant: Company):
    expense = spent(tenant, "30000")
    grant = paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    assert review_companies([tenant.pk]) == 0
    assert Recovery.objects.count() == 1
    assert grant.entries.count() == 2


def test_after_payment_it_is_recovered_by_three_people(tenant: Company, approver: User, treasurer: User):
    expense = spent(tenant, "30000", number="E-1")
    grant = paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.amount, recovery.opened_by) == (RecoveryState.OPEN, Decimal(5_000), None)
    assert recovery.arithmetic == {
        "was": "15000.00", "now": "10000.00", "items": [{"code": "E-1", "was": "30000.00", "now": "20000.00"}],
    }  # fmt: skip
    settle_recovery(recovery=confirm_recovery(recovery=recovery, by=approver), on=LATER, by=treasurer)
    grant.refresh_from_db()
    assert (grant.state, grant.paid, grant.recovered) == (GrantState.PAID, Decimal(15_000), Decimal(5_000))
    assert review_companies([tenant.pk]) == 0


def test_an_open_recovery_follows_the_facts_and_ends_with_them(tenant: Company):
    expense = spent(tenant, "30000")
    paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    corrected(expense, amount=Decimal("10000.00"))
    assert Recovery.objects.get().amount == Decimal(10_000)
    corrected(expense, amount=Decimal("30000.00"))
    assert Recovery.objects.get().state == RecoveryState.DROPPED


def test_a_confirmed_recovery_stands_whatever_is_corrected_then(tenant: Company, approver: User):
    expense = spent(tenant, "30000")
    paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    confirm_recovery(recovery=Recovery.objects.get(), by=approver)
    assert corrected(expense, amount=Decimal("10000.00")) == 0
    assert Recovery.objects.get().amount == Decimal(5_000)


def test_upwards_nothing_is_given_by_itself(tenant: Company):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    assert corrected(expense, amount=Decimal("40000.00")) == 0
    grant.refresh_from_db()
    assert grant.committed == Decimal(15_000)


@pytest.mark.parametrize(
    ("point", "make", "change"),
    [
        (Point.TALENT, TalentFactory, {"employment": period(dt.date(2026, 1, 1), None)}),
        (Point.TALENT, TalentFactory, {"grade": "E"}),
        (Point.LEADING_PROJECT, ProjectFactory, {"score": Decimal("79.99")}),
    ],
)
def test_what_a_grant_rests_on_is_looked_at_as_of_its_day(tenant: Company, point: Point, make, change):  # type: ignore[no-untyped-def]
    more = {"scored": True} if make is ProjectFactory else {}
    row = make(company=tenant, **more)
    paid(tenant, point)
    assert corrected(row, **change) == 1


def test_what_changes_after_the_day_of_a_grant_does_not_touch_it(tenant: Company):
    talent = TalentFactory(company=tenant)
    paid(tenant, Point.TALENT)
    assert corrected(talent, employment=period(dt.date(2025, 9, 25), LATER)) == 0
    assert corrected(tenant, registration=period(dt.date(2025, 9, 25), LATER)) == 0


def test_a_registration_that_never_was_takes_all_back(tenant: Company):
    spent(tenant, "30000")
    paid(tenant)
    assert corrected(tenant, registration=period(dt.date(2026, 7, 1), None)) == 1
    assert Recovery.objects.get().amount == Decimal(15_000)
    assert Recovery.objects.get().reason == (
        "Not met on 2026-06-15: Registered in the zone. It would have been ¥0.00, not ¥15,000.00."
    )


def test_what_is_merely_unknown_takes_nothing_back_but_holds_up_the_payment(tenant: Company, treasurer: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    assert corrected(tenant, registration=None) == 0
    with pytest.raises(Conflict, match="not known any more"):
        pay_grant(grant=grant, on=LATER, by=treasurer)


def test_later_grants_and_costs_do_not_touch_an_earlier_grant(tenant: Company):
    spent(tenant, "300000")
    paid(tenant)
    spent(tenant, "90000")
    paid(tenant, on=LATER)
    spent(tenant, "10000")
    assert review_companies([tenant.pk]) == 0


def test_a_report_that_was_verified_later_lowers_the_share_of_vouchers(tenant: Company):
    report = ReportFactory(company=tenant, verified=True)
    voucher(tenant, "10000")
    assert paid(tenant, Point.AI_VOUCHERS).amount == Decimal(5_000)
    assert corrected(report, employees=100, revenue=Decimal(10_000_000)) == 1
    assert Recovery.objects.get().amount == Decimal(2_000)


def test_a_change_on_record_reaches_the_grants_by_the_outbox(tenant: Company):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    expense.amount = Decimal("20000.00")
    expense.save()
    event = OutboxEvent.objects.create(topic="expense.changed", key=expense.number, payload={"company": tenant.code})
    react([event], on=LATER)
    grant.refresh_from_db()
    assert grant.committed == Decimal(10_000)
    assert decided(tenant).facts["activities_granted_this_year"] == 10_000_00


def test_a_run_over_all_companies_reviews_what_was_touched_and_nothing_else(tenant: Company):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    Grant.objects.update(reviewed_at=tomorrow)
    assert touched(chosen([tenant.pk])) == []
    Expense.objects.filter(pk=expense.pk).update(amount=Decimal("20000.00"), updated_at=tomorrow)
    assert touched(chosen([tenant.pk])) == [grant.pk]
    runs.execute(assessments.request_assessment(on=LATER))
    grant.refresh_from_db()
    assert grant.committed == Decimal(10_000)
    decision = Decision.objects.in_force().get(company=tenant, point=Point.ACTIVITIES)
    assert decision.facts["activities_granted_this_year"] == 10_000_00


def test_a_payment_waits_for_a_correction(tenant: Company, treasurer: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    expense.amount = Decimal("20000.00")
    expense.save()
    with pytest.raises(Conflict, match="worked out again"):
        pay_grant(grant=grant, on=LATER, by=treasurer)


# Revoked by a person.


def test_what_was_paid_and_is_revoked_ends_when_it_is_paid_back(tenant: Company, approver: User, treasurer: User):
    spent(tenant, "30000")
    grant = paid(tenant)
    revoke_grant(grant=grant, reason="obtained by deceit", by=approver)
    recovery = Recovery.objects.get()
    with pytest.raises(NotAllowed, match="another approver"):
        confirm_recovery(recovery=recovery, by=approver)
    confirm_recovery(recovery=recovery, by=UserFactory(roles=[StaffRole.APPROVER]))
    assert Grant.objects.get().items.get().held
    settle_recovery(recovery=recovery, on=LATER, by=treasurer)
    grant.refresh_from_db()
    assert (grant.state, grant.reason, grant.recovered) == (GrantState.REVOKED, "obtained by deceit", Decimal(15_000))


def test_only_what_a_person_asked_for_is_dropped_by_one(tenant: Company, approver: User):
    expense = spent(tenant, "30000")
    grant = paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    with pytest.raises(Conflict, match="The facts ask"):
        drop_recovery(recovery=Recovery.objects.get(), by=approver)
    with pytest.raises(Conflict, match="under way already"):
        revoke_grant(grant=grant, reason="deceit", by=approver)


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.APPROVER])
def test_only_approvers_confirm_and_only_the_treasurer_settles(tenant: Company, role: StaffRole, approver: User):
    spent(tenant, "30000")
    revoke_grant(grant=paid(tenant), reason="deceit", by=approver)
    recovery = Recovery.objects.get()
    with pytest.raises(NotAllowed):
        confirm_recovery(recovery=recovery, by=person(role))
    confirm_recovery(recovery=recovery, by=UserFactory(roles=[StaffRole.APPROVER]))
    if role != StaffRole.TREASURER:
        with pytest.raises(NotAllowed):
            settle_recovery(recovery=recovery, on=LATER, by=person(role))
