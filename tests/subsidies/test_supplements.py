"""A correction shows that more is due than was granted: the supplement that gives the difference, its bounds, its ways
back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import StaffRole, User
from companies.models import Company
from core.errors import Conflict, NotAllowed
from subsidies.choices import EntryKind, GrantState, Point, RecoveryState
from subsidies.models import Budget, Grant, GrantItem, LedgerEntry, Recovery
from subsidies.services.grants import (
    approve_grant,
    pay_grant,
    propose_supplement,
    refuse_grant,
    revoke_grant,
    withdraw_grant,
)
from subsidies.services.recoveries import confirm_recovery, review_companies, settle_recovery
from tests.factories import ProjectFactory, ReportFactory, TalentFactory, UserFactory
from tests.subsidies.conftest import ON
from tests.subsidies.grants import approved, corrected, decided, paid, person, spent, voucher
from tests.subsidies.test_grant_reforms import published
from tests.subsidies.test_ledger import post, refused, sql

LATER, NEXT_YEAR = dt.date(2026, 7, 20), dt.date(2027, 2, 1)
CAP = Decimal(200_000)


def supplemented(grant: Grant, on: dt.date = LATER) -> Grant:
    """The supplement to a grant, approved."""
    made = propose_supplement(grant=grant, on=on, by=person(StaffRole.OFFICER))
    return approve_grant(grant=made, on=on, by=person(StaffRole.APPROVER))


def raised(grant: Grant, amount: str = "40000.00", on: dt.date = LATER) -> Grant:
    """The one cost of a grant was higher than thought: the supplement, approved."""
    corrected(grant.items.get().expense, amount=Decimal(amount))
    return supplemented(grant, on)


def pay(grant: Grant, on: dt.date = LATER) -> Grant:
    return pay_grant(grant=grant, on=on, by=person(StaffRole.TREASURER))


def settled(recovery: Recovery) -> None:
    confirm_recovery(recovery=recovery, by=person(StaffRole.APPROVER))
    settle_recovery(recovery=recovery, on=LATER, by=person(StaffRole.TREASURER))


def test_a_talent_of_a_higher_class_gets_the_difference(tenant: Company):
    talent = TalentFactory(company=tenant, grade="E")
    grant = paid(tenant, Point.TALENT)
    assert corrected(talent, grade="A") == 0
    grant.refresh_from_db()
    assert (grant.amount, grant.paid, grant.more_due) == (Decimal(50_000), Decimal(50_000), Decimal(950_000))
    found = pay(supplemented(grant))
    assert (found.amount, found.due_in_all, found.granted_on) == (Decimal(950_000), Decimal(1_000_000), ON)
    assert found.correction == (
        f"Corrected: {talent.code}. As of 2026-06-15, ¥1,000,000.00 are due for it in all, and ¥50,000.00 were granted."
    )
    assert [(item.talent, item.worth) for item in found.items.all()] == [(talent, Decimal(1_000_000))]
    grant.refresh_from_db()
    assert (grant.paid, grant.more_due) == (Decimal(50_000), 0)
    assert decided(tenant, Point.TALENT, LATER).facts["talent_granted_this_year"] == 1_000_000_00


@pytest.mark.parametrize(
    ("point", "make", "change", "more"),
    [
        (Point.ACTIVITIES, lambda company: spent(company, "30000"), {"amount": Decimal("30000.02")}, "0.01"),
        (Point.AI_VOUCHERS, lambda company: voucher(company, "10000"), {"amount": Decimal(20_000)}, "5000"),
        (
            Point.SETTLEMENT,
            lambda company: spent(company, "1000", point=Point.SETTLEMENT, paid_on=dt.date(2025, 12, 1)),
            {"amount": Decimal(300_000)},
            "99500",
        ),
        (
            Point.LEADING_PROJECT,
            lambda company: ProjectFactory(company=company, scored=True, score=Decimal("89.99")),
            {"score": Decimal(90)},
            "2000000",
        ),
    ],
)
def test_every_point_is_supplemented_within_its_own_maximum(tenant: Company, point, make, change, more):  # type: ignore[no-untyped-def]
    ReportFactory(company=tenant, verified=True)
    row = make(tenant)
    grant = paid(tenant, point)
    corrected(row, **change)
    assert supplemented(grant).amount == Decimal(more)
    assert review_companies([tenant.pk]) == 0


def test_what_was_released_and_is_due_after_all_comes_back(tenant: Company):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    corrected(expense, amount=Decimal("30000.00"))
    found = supplemented(grant)
    assert found.amount == Decimal(5_000)
    assert found.correction.startswith("What was taken off for a correction is due after all. As of 2026-06-15, ")


def test_a_version_that_gives_more_for_a_past_day_is_named(tenant: Company):
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON, UserFactory(roles=[StaffRole.POLICY_EDITOR]), share=60)
    review_companies([tenant.pk])
    grant.refresh_from_db()
    assert grant.more_due == Decimal(3_000)
    assert supplemented(grant).correction == (
        "Version 2026.1 of the policy, published after the approval, governs 2026-06-15. As of 2026-06-15, ¥18,000.00"
        " are due for it in all, and ¥15,000.00 were granted."
    )


def test_there_is_no_supplement_without_a_correction(tenant: Company, officer: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    spent(tenant, "10000")  # for a grant of its own
    with pytest.raises(Conflict, match="No more is due"):
        propose_supplement(grant=grant, on=LATER, by=officer)


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.OFFICER])
def test_only_officers_propose_it(tenant: Company, role: StaffRole):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("40000.00"))
    with pytest.raises(NotAllowed):
        propose_supplement(grant=grant, on=LATER, by=person(role))


def test_it_waits_for_another_person_and_for_its_own_facts(tenant: Company, officer: User, approver: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("40000.00"))
    both = UserFactory(roles=[StaffRole.OFFICER, StaffRole.APPROVER])
    made = propose_supplement(grant=grant, on=LATER, by=both)
    with pytest.raises(NotAllowed, match="You proposed"):
        approve_grant(grant=made, on=LATER, by=both)
    with pytest.raises(Conflict, match="proposed already"):
        propose_supplement(grant=grant, on=LATER, by=officer)
    corrected(expense, amount=Decimal("50000.00"))
    with pytest.raises(Conflict, match=r"it would be ¥10,000\.00 now"):
        approve_grant(grant=made, on=LATER, by=approver)
    refuse_grant(grant=made, reason="changed", by=approver)
    assert supplemented(grant).amount == Decimal(10_000)


# The maximum of the year and the budget.


def test_the_maximum_of_the_year_holds_beside_what_was_granted_later(tenant: Company, officer: User):
    first = spent(tenant, "200000")
    grant = paid(tenant)
    spent(tenant, "199999.98")
    approved(tenant, on=LATER)
    corrected(first, amount=Decimal("900000.00"))
    grant.refresh_from_db()
    assert grant.more_due == supplemented(grant).amount == Decimal("0.01")
    with pytest.raises(Conflict, match="No more is due"):
        propose_supplement(grant=grant, on=LATER, by=officer)
    assert review_companies([tenant.pk]) == 0


def test_a_year_that_is_over_keeps_its_maximum_and_the_new_one_pays(tenant: Company):
    expense = spent(tenant, "300000")
    grant = paid(tenant)
    corrected(expense, amount=Decimal("900000.00"))
    found = supplemented(grant, NEXT_YEAR)
    assert (found.amount, found.year, found.granted_on) == (Decimal(50_000), 2027, ON)
    budgets = dict(Budget.objects.filter(point="activities").values_list("year", "committed"))
    assert budgets == {2026: Decimal(150_000), 2027: Decimal(50_000)}
    assert decided(tenant, on=NEXT_YEAR).facts["activities_granted_this_year"] == 0


def test_a_supplement_beyond_the_budget_is_refused(tenant: Company, approver: User, officer: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("40000.00"))
    made = propose_supplement(grant=grant, on=LATER, by=officer)
    published(LATER, UserFactory(roles=[StaffRole.POLICY_EDITOR]), yearly_budget=19_999)
    with pytest.raises(Conflict, match=r"¥4,999\.00 of the budget are left, and ¥5,000\.00"):
        approve_grant(grant=made, on=LATER, by=approver)


# Corrections after it.


def test_it_is_paid_after_its_grant(tenant: Company):
    spent(tenant, "30000")
    grant = approved(tenant)
    supplement = raised(grant)
    with pytest.raises(Conflict, match="pay that one first"):
        pay(supplement)
    refused(lambda: Grant.objects.filter(pk=supplement.pk).update(state="paid"), "subsidies_grant_supplement_after")
    pay(grant)
    assert pay(supplement).paid == Decimal(5_000)


def test_what_is_too_much_is_taken_from_the_supplement_first(tenant: Company):
    expense = spent(tenant, "30000", number="E-1")
    grant = paid(tenant)
    supplement = raised(grant)
    assert corrected(expense, amount=Decimal("36000.00")) == 1
    supplement.refresh_from_db()
    assert (supplement.state, supplement.committed) == (GrantState.APPROVED, Decimal(3_000))
    assert supplement.entries.get(kind=EntryKind.RELEASE).reason == (
        "Corrected: E-1. It would have been ¥18,000.00, not ¥20,000.00."
    )
    pay(supplement)
    assert corrected(expense, amount=Decimal("10000.00")) == 1
    assert {one.grant: one.amount for one in Recovery.objects.all()} == {
        supplement: Decimal(3_000), grant: Decimal(10_000),
    }  # fmt: skip
    assert review_companies([tenant.pk]) == 0


def test_of_what_was_paid_for_nothing_both_end_in_whatever_order_they_are_paid_back(tenant: Company):
    expense = spent(tenant, "30000")
    grant = paid(tenant)
    supplement = pay(raised(grant))
    corrected(expense, voided_at=dt.datetime(2026, 7, 21, tzinfo=dt.UTC), void_reason="twice")
    settled(Recovery.objects.get(grant=grant))
    grant.refresh_from_db()
    assert (grant.state, grant.gives) == (GrantState.PAID, 0)
    settled(Recovery.objects.get(grant=supplement))
    assert set(Grant.objects.values_list("state", flat=True)) == {GrantState.REVOKED}
    assert not GrantItem.objects.filter(held=True).exists()


def test_what_was_not_paid_yet_ends_with_its_supplements(tenant: Company, officer: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    raised(grant)
    corrected(expense, amount=Decimal("50000.00"))
    propose_supplement(grant=grant, on=LATER, by=officer)
    corrected(expense, voided_at=dt.datetime(2026, 7, 21, tzinfo=dt.UTC), void_reason="twice")
    found = list(Grant.objects.order_by("pk").values_list("state", flat=True))
    assert found == [GrantState.REVOKED, GrantState.REVOKED, GrantState.WITHDRAWN]
    assert Budget.objects.get(point="activities").committed == 0


def test_while_something_is_asked_back_nothing_is_supplemented(tenant: Company, officer: User):
    expense = spent(tenant, "30000")
    grant = paid(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    confirm_recovery(recovery=Recovery.objects.get(), by=person(StaffRole.APPROVER))
    corrected(expense, amount=Decimal("40000.00"))
    with pytest.raises(Conflict, match="under way already"):
        propose_supplement(grant=grant, on=LATER, by=officer)
    settle_recovery(recovery=Recovery.objects.get(), on=LATER, by=person(StaffRole.TREASURER))
    assert supplemented(grant).amount == Decimal(10_000)


def test_a_grant_is_revoked_with_its_supplements(tenant: Company, approver: User):
    spent(tenant, "30000")
    grant = paid(tenant)
    raised(grant)
    revoke_grant(grant=grant, reason="deceit", by=approver)
    recovery = Recovery.objects.get()
    assert (recovery.grant, recovery.amount) == (grant, Decimal(15_000))
    confirm_recovery(recovery=recovery, by=UserFactory(roles=[StaffRole.APPROVER]))
    settle_recovery(recovery=recovery, on=LATER, by=person(StaffRole.TREASURER))
    assert set(Grant.objects.values_list("state", flat=True)) == {GrantState.REVOKED}


def test_a_supplement_is_withdrawn_or_revoked_alone(tenant: Company, officer: User, approver: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("40000.00"))
    made = propose_supplement(grant=grant, on=LATER, by=officer)
    withdraw_grant(grant=made, reason="too early", by=officer)
    revoke_grant(grant=supplemented(grant), reason="an error", by=approver)
    grant.refresh_from_db()
    assert (grant.state, grant.committed) == (GrantState.APPROVED, Decimal(15_000))
    assert GrantItem.objects.get(held=True).grant == grant


# What the database keeps.


def test_the_database_bounds_a_grant_and_its_supplements_together(tenant: Company, officer: User):
    expense = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(expense, amount=Decimal("20000.00"))
    corrected(expense, amount=Decimal("30000.00"))
    made = propose_supplement(grant=grant, on=LATER, by=officer)
    post(grant, EntryKind.COMMITMENT, "0.01")
    refused(lambda: post(made, EntryKind.COMMITMENT, "5000"), "subsidies_grant_supplemented_within")
    post(made, EntryKind.COMMITMENT, "4999.99")
    refused(lambda: post(grant, EntryKind.COMMITMENT, "0.01"), "subsidies_grant_supplemented_within")


def test_the_database_keeps_a_supplement_to_its_grant(tenant: Company):
    spent(tenant, "30000")
    grant = approved(tenant)
    supplement = raised(grant)
    other = spent(tenant, "100")
    same = {"company": tenant, "point": "activities", "decision": grant.decision, "amount": 1, "year": ON.year,
            "proposed_by": grant.proposed_by, "proposed_on": ON, "due_in_all": 2, "correction": "x"}  # fmt: skip
    refused(Grant(number="G-X", supplement_to=supplement, **same).save, "subsidies_grant_supplement_of_granted")
    refused(Grant(number="G-X", supplement_to=grant, **same | {"point": "talent"}).save, "supplement_of_granted")
    refused(Grant(number="G-X", supplement_to=grant, **same | {"correction": ""}).save, "subsidies_grant_supplement")
    refused(Grant(number="G-X", supplement_to=grant, **same | {"due_in_all": 0}).save, "subsidies_grant_supplement")
    waiting = Grant.objects.create(number="G-X", supplement_to=grant, **same)
    refused(lambda: GrantItem.objects.create(grant=waiting, expense=other, worth=1), "subsidies_grantitem_of_first")
    refused(
        lambda: sql("UPDATE subsidies_grant SET due_in_all = 9 WHERE id = %s", waiting.pk), "never_rewritten|Cannot"
    )
    refused(
        lambda: Grant.objects.filter(pk=grant.pk).update(state="revoked", reason="x"), "subsidies_grant_supplements_end"
    )


# Over any sequence.

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("correct"), st.integers(0, 1), st.integers(1, 60).map(lambda tens: Decimal(tens * 10_000))),
        st.tuples(st.sampled_from(["supplement", "pay", "settle"]), st.integers(0, 1), st.none()),
    ),
    min_size=3,
    max_size=6,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_over_any_corrections_no_more_than_is_due_is_granted_in_all(
    tenant: Company, steps: list[tuple[str, int, Decimal | None]]
):
    with transaction.atomic():
        expenses, grants = [], []
        for _ in range(2):
            expenses.append(spent(tenant, "100000"))
            grants.append(approved(tenant))
        for act, which, amount in steps:
            step(act, grants[which], expenses[which], amount)
            for grant, expense in zip(grants, expenses, strict=True):
                check(grant, expense.amount / 2)
            assert sum(one.gives for one in Grant.objects.granted()) <= CAP
        transaction.set_rollback(True)


def step(act: str, grant: Grant, expense, amount: Decimal | None) -> None:  # type: ignore[no-untyped-def]
    family = Grant.objects.family_of(grant)
    try:
        if act == "correct":
            corrected(expense, amount=amount)
        elif act == "supplement":
            supplemented(grant)
        elif act == "pay":
            for one in family.order_by("pk").filter(state=GrantState.APPROVED):
                pay(one)
        else:
            for recovery in Recovery.objects.filter(grant__in=family, state=RecoveryState.OPEN):
                settled(recovery)
    except Conflict:
        return


def check(grant: Grant, due: Decimal) -> None:
    """What a grant and its supplements give, less what is being asked back, is never more than what is due."""
    family = Grant.objects.family_of(grant).granted()
    asked = sum(one.amount for one in Recovery.objects.filter(grant__in=family, state=RecoveryState.OPEN))
    given = sum(one.gives for one in family)
    assert given - asked <= min(due, CAP)
    entries = LedgerEntry.objects.filter(grant__in=family)
    moved = {kind: sum(one.amount for one in entries if one.kind == kind) for kind in EntryKind}
    assert given == moved["commitment"] - moved["release"] - moved["recovery"]
