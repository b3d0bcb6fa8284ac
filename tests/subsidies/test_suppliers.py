"""Suppliers: who enters and admits them, and how a text finds the one that is meant."""

import datetime as dt

import pytest
from django.db import transaction

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from subsidies.models import Supplier
from subsidies.services import suppliers
from tests.factories import ExpenseFactory, SupplierFactory

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 6, 30)


def called(text: str) -> Supplier | None:
    with transaction.atomic():
        return suppliers.supplier_called(text)


def test_a_supplier_gets_the_next_code_and_is_not_admitted(officer):
    SupplierFactory(code="S-00041")
    SupplierFactory(code="S-X")
    supplier = suppliers.enter_supplier(name="Qianjiang Compute", by=officer)
    assert (supplier.code, supplier.admission) == ("S-00042", None)
    assert list(OutboxEvent.objects.values_list("topic", "key")) == [("supplier.changed", "S-00042")]


def test_a_code_that_the_zone_chose_is_used_once(officer):
    suppliers.enter_supplier(name="Qianjiang Compute", code="QJ", by=officer)
    with pytest.raises(Conflict, match="There is a supplier with this code already"):
        suppliers.enter_supplier(name="Another", code="QJ", by=officer)


def test_an_officer_admits_a_supplier_ends_the_admission_and_takes_it_back(officer):
    supplier = SupplierFactory()
    suppliers.admit_supplier(supplier=supplier, first=FIRST, by=officer)
    suppliers.end_admission(supplier=supplier, last=LAST, by=officer)
    assert Supplier.objects.get().admission == period(FIRST, LAST)
    suppliers.refuse_supplier(supplier=supplier, by=officer)
    with pytest.raises(Conflict, match="is not admitted"):
        suppliers.end_admission(supplier=supplier, last=LAST, by=officer)


def test_an_admission_does_not_end_before_it_begins(officer):
    with pytest.raises(Incomplete) as refused:
        suppliers.admit_supplier(supplier=SupplierFactory(), first=LAST, last=FIRST, by=officer)
    assert "last" in refused.value.fields


@pytest.mark.parametrize(("day", "admitted"), [(FIRST, 1), (LAST, 1), (dt.date(2026, 7, 1), 0)])
def test_both_days_of_an_admission_are_included(db, day, admitted):
    SupplierFactory(admission=period(FIRST, LAST))
    assert Supplier.objects.admitted_on(day).count() == admitted


@pytest.mark.parametrize("who", ["alice", "mallory", "approver", "treasurer", "reviewer", "policy_editor", "auditor"])
def test_only_officers_enter_change_and_admit_suppliers(company, request, who):
    by, supplier = request.getfixturevalue(who), SupplierFactory(admitted=True)
    for act in (
        lambda: suppliers.enter_supplier(name="A", by=by),
        lambda: suppliers.change_supplier(supplier=supplier, name="A", company=None, by=by),
        lambda: suppliers.admit_supplier(supplier=supplier, first=FIRST, by=by),
        lambda: suppliers.end_admission(supplier=supplier, last=LAST, by=by),
        lambda: suppliers.refuse_supplier(supplier=supplier, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_no_officer_admits_a_company_of_his_own(company, officer):
    company.memberships.create(user=officer, role="owner")
    with pytest.raises(NotAllowed, match="nobody a company of his own"):
        suppliers.admit_supplier(supplier=SupplierFactory(company=company), first=FIRST, by=officer)


@pytest.mark.parametrize("text", ["S-00001", "钱江算力（杭州）", "钱江算力(杭州)", " 钱江算力（杭州） "])
def test_a_supplier_is_found_by_code_or_by_any_spelling_of_its_name(db, text):
    held = SupplierFactory(code="S-00001", name="钱江算力（杭州）")
    assert called(text) == held


def test_a_code_goes_before_a_name(db):
    SupplierFactory(code="X1", name="Cloud")
    held = SupplierFactory(code="Cloud", name="Other")
    assert called("Cloud") == held


def test_no_text_is_no_supplier_and_an_unknown_one_is_entered_but_not_admitted(db):
    assert called(" ") is None
    entered = called("Unknown Cloud")
    assert (entered.code, entered.name, entered.admission) == ("S-00001", "Unknown Cloud", None)
    assert called("UNKNOWN  cloud") == entered


def test_a_name_of_two_suppliers_is_refused_with_both_codes(db):
    SupplierFactory(code="X1", name="Cloud")
    SupplierFactory(code="X2", name="cloud")
    with pytest.raises(Incomplete, match=r"write the code of one \(X1, X2\)"):
        called("CLOUD")


def test_founders_see_admitted_suppliers_and_those_that_their_costs_name(company, alice, mallory, auditor):
    admitted, own, foreign = SupplierFactory(admitted=True), SupplierFactory(), SupplierFactory()
    ExpenseFactory(company=company, supplier=own)
    assert set(Supplier.objects.visible_to(alice)) == {admitted, own}
    assert set(Supplier.objects.visible_to(mallory)) == {admitted}
    assert set(Supplier.objects.visible_to(auditor)) == {admitted, own, foreign}
