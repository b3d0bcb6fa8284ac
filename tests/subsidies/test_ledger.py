"""What the database keeps of grants, ledger and budgets, whoever writes and whatever he writes by."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import StaffRole
from companies.models import Company
from core.errors import Conflict
from core.records import constraint_of
from subsidies.choices import EntryKind, GrantPart, GrantState, Point
from subsidies.models import Budget, Grant, GrantedContract, GrantItem, LedgerEntry, PolicyVersion, Recovery
from subsidies.services import ledger, policies
from subsidies.services.grants import approve_grant, propose_grants
from tests.factories import ExpenseFactory, SupplierFactory, TalentFactory
from tests.packs import pack_with
from tests.subsidies.conftest import ON, put_in_force
from tests.subsidies.grants import approved, decided, paid, person, proposed, spent

REFUSED = (IntegrityError, InternalError)


def refused(act, name: str) -> None:  # type: ignore[no-untyped-def]
    """The database refuses the act and names what it keeps: a constraint, or in the words of a trigger."""
    with pytest.raises(REFUSED) as told, transaction.atomic():
        act()
    assert re.search(name, f"{constraint_of(told.value)} {told.value}")


def post(grant: Grant, kind: str, amount: str, **more: object) -> LedgerEntry:
    own = {"point": grant.point, "year": grant.year, "company": grant.company, "grant": grant}
    return LedgerEntry.objects.create(kind=kind, amount=Decimal(amount), **(own | more))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def grant(tenant: Company) -> Grant:
    """¥15,000 for activities, approved."""
    spent(tenant, "30000", supplier=SupplierFactory(), contract="K")
    return approved(tenant)


def test_the_ledger_is_never_edited_or_deleted(grant: Grant):
    refused(lambda: sql("UPDATE subsidies_ledgerentry SET amount = 1"), "append_only|Cannot update")
    refused(lambda: sql("DELETE FROM subsidies_ledgerentry"), "Cannot")


@pytest.mark.parametrize("model", [Grant, GrantItem, GrantedContract, Budget])
def test_nothing_with_money_is_deleted(grant: Grant, model: type):
    refused(lambda: sql(f"DELETE FROM {model._meta.db_table}"), "Cannot delete")


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_line_of_the_ledger_is_above_nothing(grant: Grant, amount: str):
    refused(lambda: post(grant, "payment", amount), "subsidies_ledgerentry_above_nothing|subsidies_grant_recovered")


@pytest.mark.parametrize(
    ("kind", "amount", "what"),
    [
        ("commitment", "0.01", "subsidies_grant_committed_within"),
        ("payment", "15000.01", "subsidies_grant_paid_within"),
        ("recovery", "0.01", "subsidies_grant_recovered_within"),
        ("release", "15000.01", "subsidies_"),
    ],
)
def test_no_more_moves_than_a_grant_holds(grant: Grant, kind: str, amount: str, what: str):
    refused(lambda: post(grant, kind, amount), what)


def test_no_more_is_recovered_than_was_paid(tenant: Company):
    spent(tenant, "30000")
    grant = paid(tenant)
    refused(lambda: post(grant, "recovery", "15000.01"), "subsidies_grant_recovered_within")
    post(grant, "recovery", "15000.00")


def test_what_was_paid_is_not_released(tenant: Company):
    spent(tenant, "30000")
    grant = paid(tenant)
    refused(lambda: post(grant, "release", "0.01"), "subsidies_grant_paid_within")


@pytest.mark.parametrize("wrong", [{"point": "talent"}, {"year": 2025}])
def test_a_line_is_of_its_grant(grant: Grant, wrong: dict[str, object]):
    refused(lambda: post(grant, "release", "1", **wrong), "subsidies_ledgerentry_of_grant")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subsidies_grant SET committed = 0",
        "UPDATE subsidies_grant SET paid = 1",
        "UPDATE subsidies_budget SET committed = 0",
    ],
)
def test_sums_change_by_the_ledger_alone(grant: Grant, statement: str):
    refused(lambda: sql(statement), "Cannot update")


def test_a_budget_begins_with_nothing_committed(db: None):
    refused(lambda: Budget.objects.create(point="talent", year=2026, amount=10, committed=1), "Cannot insert")


@pytest.mark.parametrize("change", ["amount = 1", "year = 2025", "point = 'talent'", "company_id = company_id + 1"])
def test_a_grant_is_never_rewritten(grant: Grant, change: str):
    refused(lambda: sql(f"UPDATE subsidies_grant SET {change}"), "Cannot update")


def test_nothing_is_approved_without_a_commitment(tenant: Company):
    spent(tenant, "30000")
    grant, when = proposed(tenant), dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
    fields = {"state": "approved", "granted_on": ON, "decided_by": person(StaffRole.APPROVER), "decided_at": when}
    refused(lambda: Grant.objects.filter(pk=grant.pk).update(**fields), "Cannot update")


@pytest.mark.parametrize("state", ["proposed", "refused", "withdrawn", "paid"])
def test_a_grant_goes_from_state_to_state(grant: Grant, state: str):
    refused(lambda: sql("UPDATE subsidies_grant SET state = %s, reason = 'x'", state), "state|paid_by")


def test_whoever_proposed_does_not_decide(tenant: Company):
    spent(tenant, "30000")
    grant = proposed(tenant)
    refused(lambda: Grant.objects.filter(pk=grant.pk).update(decided_by=grant.proposed_by), "four_eyes")


def test_whoever_opened_a_recovery_does_not_confirm_it(grant: Grant):
    one = person(StaffRole.APPROVER)
    recovery = Recovery.objects.create(grant=grant, amount=1, reason="r", opened_by=one)
    refused(lambda: Recovery.objects.filter(pk=recovery.pk).update(confirmed_by=one), "four_eyes")


def test_a_confirmed_recovery_stands(grant: Grant):
    one = person(StaffRole.APPROVER)
    Recovery.objects.create(grant=grant, amount=1, reason="r")
    Recovery.objects.update(state="confirmed", confirmed_by=one, confirmed_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    refused(lambda: Recovery.objects.update(amount=2), "Cannot update")


def test_an_item_is_one_thing_of_the_company_and_there_from_the_proposal_on(grant: Grant, tenant: Company):
    own, foreign = ExpenseFactory(company=tenant), ExpenseFactory()
    refused(lambda: GrantItem.objects.create(grant=grant, expense=own, worth=1), "subsidies_grantitem_proposed")
    spent(tenant, "1000")
    waiting = proposed(tenant)
    refused(lambda: GrantItem.objects.create(grant=waiting, expense=foreign, worth=1), "subsidies_grantitem_company")
    talent = TalentFactory(company=tenant)
    refused(lambda: GrantItem.objects.create(grant=waiting, expense=own, talent=talent, worth=1), "one_thing")
    refused(lambda: GrantItem.objects.create(grant=waiting, worth=1), "subsidies_grantitem_company")


def test_an_item_and_a_contract_are_held_once(grant: Grant, tenant: Company):
    spent(tenant, "1000")
    other, item, contract = proposed(tenant), grant.items.get(), grant.contracts.get()
    refused(lambda: GrantItem.objects.create(grant=other, expense=item.expense, worth=1), "expense_once")
    again = {"company": tenant, "supplier": contract.supplier, "contract": contract.contract}
    refused(lambda: GrantedContract.objects.create(grant=other, **again), "subsidies_grantedcontract_company_once")
    refused(lambda: GrantItem.objects.update(held=False), "Cannot update")


@pytest.mark.parametrize(("point", "part"), [(Point.TALENT, GrantPart.MODEL), (Point.AI_VOUCHERS, "")])
def test_vouchers_alone_have_parts(grant: Grant, point: str, part: str):
    row = Grant(
        number="G-X", company=grant.company, point=point, part=part, decision=grant.decision, amount=1, year=ON.year,
        proposed_by=grant.proposed_by, proposed_on=ON,
    )  # fmt: skip
    refused(row.save, "subsidies_grant_part_of_voucher")


# Budgets follow the policy.


def shrunk(**budgets: int) -> PolicyVersion:
    """A draft from 2026-07-01 on with other budgets."""
    values = {f"{point}.yearly_budget": Decimal(amount) for point, amount in budgets.items()}
    draft = pack_with(values, version="next", effective_from=dt.date(2026, 7, 1))
    return policies.load_pack(pack=draft).version


def test_a_grant_beyond_the_budget_is_refused_and_says_what_is_left(tenant: Company):
    put_in_force(shrunk(activities=10_000))
    spent(tenant, "30000")
    july = dt.date(2026, 7, 1)
    grant = proposed(tenant, on=july)
    with pytest.raises(Conflict, match=r"Activities, 2026: ¥10,000\.00 of the budget are left, and ¥15,000\.00") as no:
        approve_grant(grant=grant, on=july, by=person(StaffRole.APPROVER))
    assert no.value.code == "budget_exceeded"
    grant.refresh_from_db()
    assert (grant.state, grant.committed, LedgerEntry.objects.count()) == (GrantState.PROPOSED, 0, 0)


def test_a_grant_that_uses_up_the_budget_exactly_is_approved(tenant: Company):
    put_in_force(shrunk(activities=15_000))
    spent(tenant, "30000")
    approved(tenant, on=dt.date(2026, 7, 1))
    assert Budget.objects.get(point="activities").left == 0


def test_a_version_changes_the_budget_from_its_day_on(policy: PolicyVersion):
    put_in_force(shrunk(activities=10_000))
    assert ledger.keep_budget(point="activities", on=ON).amount == Decimal(10_000_000)
    assert ledger.keep_budget(point="activities", on=dt.date(2026, 7, 1)).amount == Decimal(10_000)


def test_a_version_below_what_is_committed_is_not_published(grant: Grant):
    with pytest.raises(Conflict, match=r"Activities, 2026: ¥15,000\.00 are committed already"):
        put_in_force(shrunk(activities=14_999))


def test_a_version_of_just_what_is_committed_is_published(grant: Grant):
    assert put_in_force(shrunk(activities=15_000)).state == "published"


MOVES = st.lists(
    st.tuples(st.sampled_from(EntryKind.values), st.integers(1, 1_600_000).map(lambda fen: Decimal(fen) / 100)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_is_posted_the_sums_keep_within_their_bounds(grant: Grant, moves: list[tuple[str, Decimal]]):
    with transaction.atomic():
        for kind, amount in moves:
            try:
                with transaction.atomic():
                    post(grant, kind, str(amount))
            except REFUSED:
                continue
        found, budget = Grant.objects.get(pk=grant.pk), Budget.objects.get(point=grant.point, year=grant.year)
        assert 0 <= found.recovered <= found.paid <= found.committed <= found.amount
        assert found.committed == budget.committed <= budget.amount
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 30_000_000), min_size=1, max_size=6))
def test_over_any_sequence_of_grants_the_yearly_maximum_holds(tenant: Company, amounts: list[int]):
    with transaction.atomic():
        for fen in amounts:
            spent(tenant, str(Decimal(fen) / 100))
            made = decided(tenant)
            if made.amount:
                (grant,) = propose_grants(decision=made, on=ON, by=person(StaffRole.OFFICER))
                approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
        given_out = sum(Grant.objects.granted().values_list("amount", flat=True))
        assert given_out <= Decimal(200_000)
        transaction.set_rollback(True)
