"""A merge and a lease that is signed for the merged company at the same moment, on two real connections."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import StaffRole
from companies.merging import rules
from companies.models import Company
from companies.services import merges
from core.errors import Conflict, DomainError
from core.periods import period
from spaces import services
from spaces.models import Lease
from tests.factories import CompanyFactory, UnitFactory, UserFactory

START = dt.date(2026, 1, 1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer():
    return UserFactory(roles=[StaffRole.OFFICER])


@pytest.fixture
def pair():
    return CompanyFactory(code="A"), CompanyFactory(code="B")


def sign(company: Company, by) -> Callable[[], Lease]:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.00"))
    return lambda: services.sign_lease(
        number="L1", unit=unit, company=company, area_m2=Decimal(100), price_per_m2_day=Decimal(3),
        term=period(START, None), by=by,
    )  # fmt: skip


class Beside(threading.Thread):
    """An act on a connection of its own, and what came of it."""

    def __init__(self, act: Callable[[], object]):
        super().__init__()
        self.act, self.result = act, None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.act()
        except DomainError as error:
            self.result = error
        finally:
            connection.close()

    def waits(self) -> bool:
        self.join(timeout=0.5)
        return self.is_alive()

    def came_to(self) -> object:
        self.join(timeout=20)
        assert not self.is_alive()
        return self.result


def merging(merged: Company, survivor: Company, by) -> Callable[[], object]:
    return lambda: merges.merge_companies(merged=merged, survivor=survivor, reason="one company", by=by)


def test_a_lease_that_is_signed_first_is_taken_along(pair, officer):
    merged, survivor = pair
    signing = sign(merged, officer)
    with transaction.atomic():
        lease = signing()
        merge = Beside(merging(merged, survivor, officer))
        assert merge.waits()
    merge.came_to()
    lease.refresh_from_db()
    merged.refresh_from_db()
    assert (lease.company, merged.merged_into) == (survivor, survivor)


def test_a_lease_that_comes_after_is_refused_with_the_way_out(pair, officer):
    merged, survivor = pair
    signing = sign(merged, officer)
    with transaction.atomic():
        merging(merged, survivor, officer)()
        lease = Beside(signing)
        assert lease.waits()
    refused = lease.came_to()
    assert isinstance(refused, Conflict)
    assert refused.code == "company_merged"
    assert "enter it for that one" in str(refused)
    assert not Lease.objects.exists()


def test_two_merges_into_each_other_are_one(pair, officer):
    one, other = pair
    with transaction.atomic():
        merging(one, other, officer)()
        second = Beside(merging(other, one, officer))
        assert second.waits()
    refused = second.came_to()
    assert isinstance(refused, Conflict)
    assert "was merged into" in str(refused)
    assert Company.objects.filter(merged_into=None).get() == other


def test_nobody_decides_or_bills_while_companies_are_merged(pair, officer):
    """The rules of the policy bring the locks under which it decides."""
    assert [lock.__module__ for lock in rules.LOCKS] == ["subsidies.merging"]
