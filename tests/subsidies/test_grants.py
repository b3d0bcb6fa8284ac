"""From a decision to the money: what is proposed, who may do what, and what is never granted twice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from companies.models import Company
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from subsidies.choices import EntryKind, GrantState, Point
from subsidies.models import Budget, Expense, Grant, GrantedContract, GrantItem, Supplier
from subsidies.services.expenses import change_expense, void_expense
from subsidies.services.grants import (
    approve_grant,
    pay_grant,
    propose_grants,
    refuse_grant,
    revoke_grant,
    withdraw_grant,
)
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProjectFactory,
    ReportFactory,
    SupplierFactory,
    TalentFactory,
)
from tests.subsidies.conftest import ON, decision, let
from tests.subsidies.grants import approved, decided, paid, person, proposed, spent, voucher

YEAR = ON.year


@pytest.fixture
def officer(db: None) -> User:
    return person(StaffRole.OFFICER)


@pytest.fixture
def approver(db: None) -> User:
    return person(StaffRole.APPROVER)


@pytest.fixture
def treasurer(db: None) -> User:
    return person(StaffRole.TREASURER)


def codes(grant: Grant) -> set[str]:
    return {str(item.thing) for item in grant.items.all()}


def test_a_proposal_holds_what_its_decision_counted(tenant: Company, officer: User):
    spent(tenant, "30000", number="E-1")
    spent(tenant, "10000", number="E-2", paid_on=dt.date(2025, 12, 31))  # of the year before
    grant = proposed(tenant)
    assert (grant.number, grant.state, grant.amount) == (f"G-{YEAR}-00001", GrantState.PROPOSED, Decimal("15000.00"))
    assert codes(grant) == {"E-1"}
    assert (grant.decision, grant.proposed_by, grant.year) == (decision(tenant, Point.ACTIVITIES), officer, YEAR)
    assert grant.items.get().worth == Decimal("30000.00")


def test_vouchers_are_proposed_by_kind_and_add_up_to_the_decision(tenant: Company, officer: User):
    voucher(tenant, "10000", number="M")
    voucher(tenant, "20000", "compute", number="C")
    voucher(tenant, "5000", "compute_other", number="O")
    ReportFactory(company=tenant, verified=True)
    made = decided(tenant, Point.AI_VOUCHERS)
    model, compute = propose_grants(decision=made, on=ON, by=officer)
    assert (model.part, codes(model)) == ("model", {"M"})
    assert (compute.part, codes(compute)) == ("compute", {"C", "O"})
    assert model.amount + compute.amount == made.amount == Decimal("17500.00")  # a small company: 50 %


def test_the_whole_way_is_told_in_the_ledger_and_the_outbox(tenant: Company):
    spent(tenant, "30000")
    grant = paid(tenant)
    assert (grant.state, grant.committed, grant.paid) == (GrantState.PAID, Decimal("15000.00"), Decimal("15000.00"))
    assert [(entry.kind, entry.amount) for entry in grant.entries.all()] == [
        (EntryKind.COMMITMENT, Decimal("15000.00")),
        (EntryKind.PAYMENT, Decimal("15000.00")),
    ]
    told = OutboxEvent.objects.filter(topic="grant.changed").order_by("pk").values_list("payload__state", flat=True)
    assert list(told) == ["proposed", "approved", "paid"]
    budget = Budget.objects.get(point=Point.ACTIVITIES, year=YEAR)
    assert (budget.amount, budget.committed) == (Decimal(10_000_000), Decimal("15000.00"))


def test_what_is_granted_is_counted_in_the_next_decision(tenant: Company):
    spent(tenant, "30000")
    approved(tenant)
    assert decided(tenant).outcome == "not_eligible"
    spent(tenant, "1000")
    assert decided(tenant).amount == Decimal("500.00")
    assert decided(tenant).facts["activities_granted_this_year"] == 15_000_00


def test_what_is_only_proposed_is_not_granted_yet(tenant: Company):
    spent(tenant, "30000")
    proposed(tenant)
    assert decided(tenant).amount == Decimal("15000.00")


def test_the_yearly_maximum_holds_over_several_grants(tenant: Company, officer: User):
    spent(tenant, "300000")
    approved(tenant)
    spent(tenant, "300000")
    assert approved(tenant).amount == Decimal("50000.00")
    spent(tenant, "300000")
    with pytest.raises(Conflict, match="the maximum of the year is used up"):
        propose_grants(decision=decided(tenant), on=ON, by=officer)


def test_a_decision_that_is_not_in_force_is_not_granted(tenant: Company, officer: User):
    spent(tenant, "30000")
    old = decided(tenant)
    spent(tenant, "10000")
    decided(tenant)
    with pytest.raises(Conflict, match="no longer in force"):
        propose_grants(decision=old, on=ON, by=officer)


def test_a_decision_that_the_facts_have_left_behind_is_not_granted(tenant: Company, officer: User):
    spent(tenant, "30000")
    stale = decided(tenant)
    spent(tenant, "10000")  # nobody has decided again yet
    with pytest.raises(Conflict, match="The facts changed since activities was decided"):
        propose_grants(decision=stale, on=ON, by=officer)


@pytest.mark.parametrize(("point", "code"), [(Point.RENT_WAIVER, "billed"), (Point.TALENT, "not_eligible")])
def test_what_is_billed_or_not_due_is_not_granted(tenant: Company, officer: User, point: Point, code: str):
    with pytest.raises(Conflict) as refused:
        propose_grants(decision=decided(tenant, point), on=ON, by=officer)
    assert refused.value.code == code


def test_a_second_proposal_waits_for_the_first(tenant: Company, officer: User):
    spent(tenant, "30000")
    first = proposed(tenant)
    spent(tenant, "1000")
    with pytest.raises(Conflict, match=f"{first.number} is proposed already"):
        propose_grants(decision=decided(tenant), on=ON, by=officer)


def test_settlement_is_granted_once_a_company(tenant: Company, officer: User):
    spent(tenant, "30000", point=Point.SETTLEMENT, paid_on=dt.date(2025, 10, 1))
    approved(tenant, Point.SETTLEMENT)
    spent(tenant, "1000", point=Point.SETTLEMENT, paid_on=dt.date(2025, 10, 2))
    again = decided(tenant, Point.SETTLEMENT)
    assert (again.outcome, again.unmet) == ("not_eligible", "not_granted_before")


def test_a_talent_who_was_awarded_elsewhere_is_not_awarded_again(tenant: Company, policy: object):
    talent = TalentFactory(company=tenant, employment=period(dt.date(2025, 10, 1), None))
    assert approved(tenant, Point.TALENT).amount == Decimal(100_000)
    other = CompanyFactory()
    let(other)
    talent.company = other
    talent.save()
    assert decided(other, Point.TALENT).unmet == "talents_not_awarded_before"


def test_a_proposal_elsewhere_holds_a_talent_without_saying_whose(tenant: Company, officer: User):
    talent = TalentFactory(company=tenant, code="T-9", employment=period(dt.date(2025, 10, 1), None))
    grant = proposed(tenant, Point.TALENT)
    other = CompanyFactory()
    let(other)
    talent.company = other
    talent.save()
    with pytest.raises(Conflict, match=r"^T-9 was awarded elsewhere already\.$") as refused:
        propose_grants(decision=decided(other, Point.TALENT), on=ON, by=officer)
    assert grant.number not in str(refused.value)


def test_one_contract_is_subsidised_once_over_all_points(tenant: Company, officer: User):
    supplier = SupplierFactory(admitted=True)
    spent(tenant, "30000", number="E-1", supplier=supplier, contract="K-7")
    first = approved(tenant)
    voucher(tenant, "10000", supplier=supplier, contract="K-7")
    assert decided(tenant, Point.AI_VOUCHERS).unmet == "contract_not_paid_before"
    second = spent(tenant, "1000", number="E-2", supplier=supplier, contract="K-7")
    assert first.contracts.get().contract == second.contract


def test_a_proposed_contract_is_named_where_another_point_claims_it(tenant: Company, officer: User):
    supplier = SupplierFactory(name="Nebula", code="S-1", admitted=True)
    spent(tenant, "30000", supplier=supplier, contract="K-7")
    first = proposed(tenant)
    voucher(tenant, "10000", supplier=supplier, contract="K-7")
    ReportFactory(company=tenant, verified=True)
    with pytest.raises(Conflict, match=rf"K-7 with supplier S-1 was subsidised by {first.number} \(Activities, 2026"):
        propose_grants(decision=decided(tenant, Point.AI_VOUCHERS), on=ON, by=officer)


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_contract_is_subsidised_once_also_where_a_cost_names_no_supplier(tenant: Company, first: bool, second: bool):
    supplier = SupplierFactory(admitted=True)
    spent(tenant, "30000", point=Point.SETTLEMENT, supplier=supplier if first else None, contract="K-7")
    approved(tenant, Point.SETTLEMENT)
    spent(tenant, "10000", supplier=supplier if second else None, contract="Ｋ-７ ".lower())
    assert decided(tenant).unmet == "activity_costs_not_paid_before"


def test_contracts_of_two_suppliers_may_have_one_number(tenant: Company):
    spent(tenant, "30000", point=Point.SETTLEMENT, supplier=SupplierFactory(), contract="K-7")
    approved(tenant, Point.SETTLEMENT)
    spent(tenant, "10000", supplier=SupplierFactory(), contract="K-7")
    assert approved(tenant).amount == Decimal("5000.00")


def test_two_companies_do_not_claim_one_contract(tenant: Company, officer: User):
    supplier = SupplierFactory(code="S-1", admitted=True)
    spent(tenant, "30000", supplier=supplier, contract="K-7")
    first = proposed(tenant)
    other = CompanyFactory(code="B-002", name="Other")
    let(other)
    ReportFactory(company=other, verified=True)
    voucher(other, "10000", supplier=supplier, contract="k-7")
    made = decided(other, Point.AI_VOUCHERS)
    told = rf"K-7 with supplier S-1 was subsidised elsewhere already: by {first.number} \(Activities, .*\) of T-001"
    with pytest.raises(Conflict, match=rf"(?i){told}"):
        propose_grants(decision=made, on=ON, by=officer)
    approve_grant(grant=first, on=ON, by=person(StaffRole.APPROVER))
    assert decided(other, Point.AI_VOUCHERS).unmet == "contract_not_paid_before"


def test_a_number_without_a_supplier_says_nothing_in_another_companys_file(tenant: Company):
    spent(tenant, "30000", contract="1")
    approved(tenant)
    other = CompanyFactory()
    let(other)
    spent(other, "10000", contract="1")
    assert approved(other).amount == Decimal("5000.00")


def test_a_granted_cost_takes_its_contract_with_it(tenant: Company, officer: User):
    cost, said = spent(tenant, "30000", contract="K-7"), {"kind": "", "supplier": "", "by": officer}
    said |= {"point": Point.ACTIVITIES, "amount": cost.amount, "paid_on": cost.paid_on}
    first = approved(tenant)
    change_expense(expense=cost, contract="K-8", **said)
    assert list(first.contracts.order_by("pk").values_list("contract", "held")) == [("K-7", False), ("K-8", True)]
    spent(tenant, "1000", contract="K-8")
    assert decided(tenant).outcome == "not_eligible"
    spent(tenant, "2000", contract="K-7")
    second = approved(tenant)
    assert second.amount == Decimal("1000.00")
    with pytest.raises(Conflict, match=rf"K-7 is in grant {second.number} \(activities\) already") as refused:
        change_expense(expense=cost, contract="K-7", **said)
    assert (refused.value.code, list(refused.value.fields)) == ("contract_granted", ["contract"])


def test_the_database_lets_no_second_grant_hold_a_contract(tenant: Company):
    grants = []
    for amount in ("30000", "20000"):
        other = CompanyFactory()
        let(other)
        spent(other, amount)
        grants.append(proposed(other))
    claim = {"supplier": SupplierFactory(), "contract": "K-7"}
    GrantedContract.objects.create(grant=grants[0], company=grants[0].company, **claim)
    with pytest.raises(IntegrityError, match="subsidies_grantedcontract_once"), transaction.atomic():
        GrantedContract.objects.create(grant=grants[1], company=grants[1].company, **claim | {"contract": "k-7"})


@pytest.fixture
def of_both_kinds(tenant: Company) -> Supplier:
    """The supplier of contract K-7, by which the tenant pays for models and for computing power."""
    supplier = SupplierFactory(code="S-1", admitted=True)
    ReportFactory(company=tenant, verified=True)
    voucher(tenant, "10000", supplier=supplier, contract="K-7")
    voucher(tenant, "30000", "compute", supplier=supplier, contract="K-7")
    return supplier


def both_proposed(company: Company) -> list[Grant]:
    made = decided(company, Point.AI_VOUCHERS)
    return propose_grants(decision=made, on=ON, by=person(StaffRole.OFFICER))


def test_a_contract_over_models_and_computing_is_granted_in_two_parts(tenant: Company, of_both_kinds: Supplier):
    grants = both_proposed(tenant)
    given = {(one.part, one.amount, one.contracts.get().part) for one in grants}
    assert given == {("model", Decimal(5000), "model"), ("compute", Decimal(15000), "compute")}
    for grant in grants:
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
        decided(tenant, Point.AI_VOUCHERS)
    assert set(Grant.objects.values_list("state", flat=True)) == {GrantState.APPROVED}
    for kind, amount in (("model", "7000"), ("compute_other", "8000")):
        voucher(tenant, amount, kind, supplier=of_both_kinds, contract="K-7")
    assert decided(tenant, Point.AI_VOUCHERS).unmet == "contract_not_paid_before"


def test_the_other_part_of_a_contract_is_no_other_companys(tenant: Company, of_both_kinds: Supplier):
    void_expense(expense=Expense.objects.get(kind="compute"), reason="Not ours.", by=person(StaffRole.OFFICER))
    (model,) = both_proposed(tenant)
    other = CompanyFactory()
    let(other)
    ReportFactory(company=other, verified=True)
    voucher(other, "30000", "compute", supplier=of_both_kinds, contract="K-7")
    with pytest.raises(Conflict, match="was subsidised elsewhere already") as refused:
        both_proposed(other)
    assert refused.value.code == "contract_granted"
    claim = {"supplier": of_both_kinds, "contract": "k-7", "part": "compute"}
    with pytest.raises(IntegrityError, match="subsidies_grantedcontract_once"), transaction.atomic():
        GrantedContract.objects.create(grant=model, company=other, **claim)


def test_what_is_granted_as_a_whole_leaves_no_part_of_its_contract(tenant: Company, of_both_kinds: Supplier):
    spent(tenant, "500", supplier=of_both_kinds, contract="K-7")
    whole = approved(tenant)
    assert decided(tenant, Point.AI_VOUCHERS).unmet == "contract_not_paid_before"
    spent(tenant, "1000")
    other, claim = proposed(tenant), {"company": tenant, "contract": "K-7", "part": "model"}
    with pytest.raises(IntegrityError, match="subsidies_grantedcontract_company_once"), transaction.atomic():
        GrantedContract.objects.create(grant=other, **claim)
    assert whole.contracts.get().part == ""


def test_two_instalments_of_a_contract_share_a_grant(tenant: Company):
    supplier = SupplierFactory(admitted=True)
    for amount in ("1000", "2000"):
        spent(tenant, amount, supplier=supplier, contract="K-7")
    assert approved(tenant).contracts.count() == 1


def test_leading_and_angel_projects_are_granted_each_once(tenant: Company):
    Company.objects.filter(pk=tenant.pk).update(founded_on=dt.date(2024, 1, 1))
    scored = {"company": tenant, "scored_on": dt.date(2026, 4, 1)}
    for code, score in {"P-80": "80", "P-90": "90", "P-79": "79.99"}.items():
        ProjectFactory(code=code, score=Decimal(score), **scored)
    ProjectFactory(code="A", kind="angel", score=Decimal(75), amount_requested=Decimal(400_000), **scored)
    leading, angel = approved(tenant, Point.LEADING_PROJECT), approved(tenant, Point.ANGEL_FUND)
    assert (leading.amount, codes(leading)) == (Decimal(4_000_000), {"P-80", "P-90"})
    assert (angel.amount, codes(angel)) == (Decimal(400_000), {"A"})
    assert decided(tenant, Point.LEADING_PROJECT).outcome == "not_eligible"


# Two people, and who they are.


def test_nobody_approves_what_he_proposed(tenant: Company):
    both = person(StaffRole.OFFICER)
    both.role_grants.create(role=StaffRole.APPROVER)
    spent(tenant, "30000")
    grant = proposed(tenant)
    with pytest.raises(NotAllowed, match="another person decides"):
        approve_grant(grant=grant, on=ON, by=User.objects.get(pk=both.pk))


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.OFFICER])
def test_only_officers_propose_and_withdraw(tenant: Company, role: StaffRole):
    spent(tenant, "30000")
    made, grant = decided(tenant), proposed(tenant)
    with pytest.raises(NotAllowed, match="Officers propose"):
        propose_grants(decision=made, on=ON, by=person(role))
    with pytest.raises(NotAllowed, match="Officers propose"):
        withdraw_grant(grant=grant, reason="wrong", by=person(role))


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.APPROVER])
def test_only_approvers_decide(tenant: Company, role: StaffRole):
    spent(tenant, "30000")
    grant = proposed(tenant)
    with pytest.raises(NotAllowed):
        approve_grant(grant=grant, on=ON, by=person(role))
    with pytest.raises(NotAllowed):
        refuse_grant(grant=grant, reason="no", by=person(role))
    with pytest.raises(NotAllowed):
        revoke_grant(grant=grant, reason="no", by=person(role))


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.TREASURER])
def test_only_the_treasurer_records_payments(tenant: Company, role: StaffRole):
    spent(tenant, "30000")
    with pytest.raises(NotAllowed, match="The treasurer"):
        pay_grant(grant=approved(tenant), on=ON, by=person(role))


@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.APPROVER, StaffRole.TREASURER])
def test_nobody_grants_anything_to_his_own_company(tenant: Company, role: StaffRole):
    spent(tenant, "30000")
    MembershipFactory(company=tenant, user=person(role), role=MemberRole.VIEWER)
    with pytest.raises(NotAllowed, match="own company"):
        paid(tenant)


def test_an_act_comes_once(tenant: Company, approver: User, treasurer: User):
    spent(tenant, "30000")
    grant = paid(tenant)
    with pytest.raises(Conflict, match="“paid” already"):
        approve_grant(grant=grant, on=ON, by=approver)
    with pytest.raises(Conflict, match="“paid” already"):
        pay_grant(grant=grant, on=ON, by=treasurer)


# The portal decides again before it commits.


def test_a_grant_whose_facts_changed_is_not_approved(tenant: Company, officer: User, approver: User):
    expense = spent(tenant, "30000")
    grant = proposed(tenant)
    void_expense(expense=expense, reason="another company's", by=officer)
    with pytest.raises(Conflict, match="it would be nothing now"):
        approve_grant(grant=grant, on=ON, by=approver)
    assert not Budget.objects.filter(committed__gt=0).exists()


def test_a_grant_of_december_is_approved_in_january_as_of_the_last_day_of_its_year(tenant: Company, approver: User):
    spent(tenant, "30000", paid_on=dt.date(2026, 12, 30))
    grant = proposed(tenant, on=dt.date(2026, 12, 31))
    late = approve_grant(grant=grant, on=dt.date(2027, 1, 8), by=approver)
    assert (late.year, late.granted_on) == (2026, dt.date(2026, 12, 31))
    spent(tenant, "1000", paid_on=dt.date(2027, 1, 2))
    assert decided(tenant, on=dt.date(2027, 1, 9)).facts["activities_granted_this_year"] == 0


# What ends a grant.


@pytest.mark.parametrize("how", ["refuse", "withdraw", "revoke"])
def test_what_ends_a_grant_frees_its_items_and_its_budget(tenant: Company, officer: User, approver: User, how: str):
    spent(tenant, "30000", supplier=SupplierFactory(), contract="K")
    acts = {
        "refuse": (proposed, refuse_grant),
        "withdraw": (proposed, withdraw_grant),
        "revoke": (approved, revoke_grant),
    }
    make, act = acts[how]
    ended = act(grant=make(tenant), reason="the invoice is unreadable", by=officer if how == "withdraw" else approver)
    assert (ended.reason, ended.committed) == ("the invoice is unreadable", 0)
    assert not GrantItem.objects.filter(held=True).exists()
    assert not Budget.objects.filter(committed__gt=0).exists()
    assert paid(tenant).amount == Decimal("15000.00")


def test_to_end_a_grant_needs_a_reason(tenant: Company, approver: User):
    spent(tenant, "30000")
    with pytest.raises(Incomplete, match="Say why"):
        refuse_grant(grant=proposed(tenant), reason=" ", by=approver)
