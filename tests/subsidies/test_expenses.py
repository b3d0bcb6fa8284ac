"""Costs: what is refused, with which words, who may, and that no payment is claimed twice."""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from subsidies.models import Expense, Supplier
from subsidies.services import expenses
from tests.factories import ExpenseFactory, SupplierFactory

SAID = {
    "point": "ai_vouchers",
    "kind": "model",
    "supplier": "Qianjiang Compute",
    "contract": "QJ-2026-7",
    "amount": Decimal("48000.00"),
    "paid_on": dt.date(2026, 5, 4),
}


def enter(company, by, **other) -> Expense:
    return expenses.enter_expense(**{"number": "E-1", "company": company, "by": by, **SAID, **other})


@pytest.mark.parametrize("who", ["alice", "bob", "officer"])
def test_owners_editors_and_officers_enter_a_cost(company, request, who):
    expense = enter(company, request.getfixturevalue(who))
    assert (expense.supplier.name, expense.supplier.admission) == ("Qianjiang Compute", None)
    assert list(OutboxEvent.objects.order_by("pk").values_list("topic", "key", "payload")) == [
        ("supplier.changed", "S-00001", {"supplier": "S-00001"}),
        ("expense.changed", "E-1", {"company": "A-001"}),
    ]


@pytest.mark.parametrize("who", ["carol", "mallory", "approver", "treasurer", "reviewer", "policy_editor", "auditor"])
def test_nobody_else_enters_changes_or_voids_one(company, request, who):
    by, expense = request.getfixturevalue(who), ExpenseFactory(company=company)
    for act in (
        lambda: enter(company, by),
        lambda: expenses.change_expense(expense=expense, by=by, **SAID),
        lambda: expenses.void_expense(expense=expense, reason="a", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Supplier.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"point": "rent"}, "point"),
        ({"kind": "lunch"}, "kind"),
        ({"kind": ""}, None),
        ({"point": "settlement"}, None),
        ({"number": ""}, "number"),
    ],
)
def test_a_malformed_cost_is_refused_and_enters_no_supplier(company, alice, said, field):
    with pytest.raises(Incomplete) as refused:
        enter(company, alice, **said)
    assert field is None or field in refused.value.fields
    assert not Supplier.objects.exists()


@pytest.mark.parametrize("point", ["settlement", "activities"])
def test_a_cost_of_another_point_says_nothing_of_vouchers(company, alice, point):
    assert enter(company, alice, point=point, kind="", supplier="").supplier is None


def test_the_same_payment_under_another_number_is_refused_with_the_first(company, alice):
    enter(company, alice)
    with pytest.raises(Conflict) as refused:
        enter(company, alice, number="E-2", point="activities", kind="", supplier="qianjiang  compute")
    assert str(refused.value) == (
        "This payment is on record as E-1 (model and compute vouchers) already: one payment is shared once. If it is"
        " another one, name the contract or invoice that tells the two apart."
    )
    assert refused.value.code == "claimed_twice"


@pytest.mark.parametrize(
    "other",
    [
        {"contract": "QJ-2026-8"},
        {"amount": Decimal("48000.01")},
        {"paid_on": dt.date(2026, 5, 5)},
        {"supplier": "Another"},
    ],
)
def test_a_payment_that_differs_is_another_one(company, alice, other):
    enter(company, alice)
    assert enter(company, alice, number="E-2", **other).pk


@pytest.mark.parametrize("named", [{"supplier": ""}, {"supplier": "Qianjiang Compute"}])
def test_a_payment_is_refused_for_another_point_whether_or_not_its_supplier_is_named(company, alice, officer, named):
    enter(company, alice, point="settlement", kind="", supplier="")
    with pytest.raises(Conflict, match=r"on record as E-1 \(settlement support\) already") as refused:
        enter(company, officer, number="E-2", point="activities", kind="", **named)
    assert list(refused.value.fields) == ["contract"]


def test_a_payment_without_an_invoice_is_the_same_until_both_are_told_apart(company, alice):
    first = enter(company, alice, contract="")
    told = "If it is another one, name the contract or invoice of both: E-1 names none."
    with pytest.raises(Conflict, match=told):
        enter(company, alice, number="E-2")
    expenses.change_expense(expense=first, by=alice, **{**SAID, "contract": "QJ-2026-6"})
    assert enter(company, alice, number="E-2").pk


def test_spellings_of_an_invoice_are_one(company, alice):
    enter(company, alice)
    with pytest.raises(Conflict, match="on record as E-1"):
        enter(company, alice, number="E-2", contract="ｑｊ-2026- 7")


def test_instalments_on_two_days_are_two_payments(company, alice):
    enter(company, alice)
    assert enter(company, alice, number="E-2", paid_on=dt.date(2026, 6, 4)).pk


def test_a_cost_does_not_become_the_same_payment_later(company, alice):
    enter(company, alice)
    other = enter(company, alice, number="E-2", contract="QJ-2026-8")
    with pytest.raises(Conflict, match="on record as E-1"):
        expenses.change_expense(expense=other, by=alice, **SAID)


def test_a_void_cost_stays_on_record_and_its_payment_may_be_entered_again(company, alice):
    expenses.void_expense(expense=enter(company, alice), reason="wrong point", by=alice)
    assert enter(company, alice, number="E-2").pk
    with pytest.raises(Conflict, match="E-1 was declared void: wrong point"):
        expenses.change_expense(expense=Expense.objects.get(number="E-1"), by=alice, **SAID)


def test_a_cost_is_corrected_without_being_in_its_own_way(company, alice, officer):
    expense = enter(company, alice)
    changed = expenses.change_expense(expense=expense, by=officer, **{**SAID, "kind": "compute"})
    assert (changed.kind, changed.supplier) == ("compute", expense.supplier)


def test_a_supplier_may_stand_in_the_register_itself(company, other_company, alice):
    supplier = SupplierFactory(name="Other", company=other_company)
    assert enter(company, alice, supplier="Other").supplier.company == supplier.company


def test_staff_see_all_costs_and_founders_those_of_their_companies(company, alice, mallory, auditor):
    expense = ExpenseFactory(company=company)
    seen = [list(Expense.objects.visible_to(by)) for by in (alice, mallory, auditor)]
    assert seen == [[expense], [], [expense]]
