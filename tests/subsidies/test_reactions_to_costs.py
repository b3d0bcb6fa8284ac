"""A supplier that is admitted has those decided again who paid it, and files of many records have everybody."""

import pytest
import time_machine
from django.db import transaction

from core import outbox
from core.models import OutboxDelivery, Run
from subsidies.models import Decision
from subsidies.services import reactions
from tests.factories import CompanyFactory, ExpenseFactory, SupplierFactory


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-15T09:00:00Z", tick=True):
        yield


def tell_and_drain(topic: str, key: str, **payload: object) -> None:
    OutboxDelivery.objects.all().delete()
    with transaction.atomic():
        outbox.record(topic, key, payload)
    outbox.drain("reassess")


def test_whoever_paid_a_supplier_is_decided_when_it_changes(tenant):
    supplier = SupplierFactory(code="AC")
    ExpenseFactory(company=tenant, supplier=supplier)
    ExpenseFactory(company=CompanyFactory(code="AC"), supplier=supplier, voided=True)
    tell_and_drain("supplier.changed", "AC", supplier="AC")
    assert set(Decision.objects.values_list("company__code", flat=True)) == {tenant.code}


def test_a_supplier_of_very_many_has_a_run_decide(tenant, monkeypatch):
    monkeypatch.setattr(reactions, "AT_ONCE", 1)
    supplier = SupplierFactory(code="AC")
    for company in (tenant, CompanyFactory()):
        ExpenseFactory(company=company, supplier=supplier)
    tell_and_drain("supplier.changed", "AC", supplier="AC")
    assert not Decision.objects.exists()
    assert Run.objects.filter(kind="assess").count() == 1


@pytest.mark.parametrize(
    "kind", ["projects", "loans", "repayments", "talents", "reports", "rounds", "suppliers", "expenses"]
)
def test_a_file_that_names_nobody_has_a_run_decide(tenant, kind):
    tell_and_drain(f"{kind}.imported", kind, new=1, changed=0)
    assert Run.objects.filter(kind="assess").count() == 1
