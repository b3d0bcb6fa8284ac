"""A decision that leaves something out says in which grant it is; of another company's only that it is held."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from companies.models import Company
from core.periods import period
from subsidies.choices import Point
from subsidies.gather.claims import claims
from subsidies.services.grants import refuse_grant
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProjectFactory,
    SupplierFactory,
    TalentFactory,
)
from tests.subsidies.conftest import let
from tests.subsidies.grants import approved, decided, person, proposed, spent, voucher


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


def told(company: Company, point: Point) -> set[tuple[str, str, str, str | None]]:
    """What is held of the point, and by which grant."""
    return {(c.kind, c.item, c.contract, c.grant and c.grant.number) for c in claims(company).get(point, [])}


def elsewhere() -> Company:
    company = CompanyFactory(code="B-002")
    let(company)
    return company


def held_vouchers(tenant: Company):
    """A contract in a grant for activities, that a cost for vouchers names too."""
    supplier = SupplierFactory(admitted=True)
    spent(tenant, "30000", number="E-1", supplier=supplier, contract="K-7")
    grant = approved(tenant)
    voucher(tenant, "10000", number="E-2", supplier=supplier, contract="k-7")
    return grant


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_costs_and_contracts_name_the_grant_that_holds_them(tenant: Company):
    grant = held_vouchers(tenant)
    assert told(tenant, Point.ACTIVITIES) == {("expense", "E-1", "", grant.number)}
    assert told(tenant, Point.AI_VOUCHERS) == {("contract", "E-2", "k-7", grant.number)}
    assert not told(elsewhere(), Point.AI_VOUCHERS)


def test_what_a_proposal_holds_is_named_and_what_it_let_go_is_not(tenant: Company):
    spent(tenant, "30000", number="E-1")
    grant = proposed(tenant)
    assert told(tenant, Point.ACTIVITIES) == {("expense", "E-1", "", grant.number)}
    refuse_grant(grant=grant, reason="no", by=person(StaffRole.APPROVER))
    assert not told(tenant, Point.ACTIVITIES)


def test_of_another_company_only_that_it_is_held(tenant: Company):
    other, supplier = elsewhere(), SupplierFactory(admitted=True)
    talent = TalentFactory(company=tenant, code="T-9", employment=period(dt.date(2025, 10, 1), None))
    approved(tenant, Point.TALENT)
    type(talent).objects.filter(pk=talent.pk).update(company=other)
    spent(tenant, "30000", supplier=supplier, contract="K-7")
    approved(tenant)
    spent(other, "10000", number="E-9", supplier=supplier, contract="K-7")
    assert told(other, Point.TALENT) == {("talent", "T-9", "", None)}
    assert told(other, Point.ACTIVITIES) == {("contract", "E-9", "K-7", None)}


def test_a_project_is_told_with_its_own_point(tenant: Company):
    ProjectFactory(company=tenant, code="P-1", score=85, scored_on=dt.date(2026, 4, 1))
    grant = approved(tenant, Point.LEADING_PROJECT)
    assert told(tenant, Point.LEADING_PROJECT) == {("project", "P-1", "", grant.number)}
    assert not told(tenant, Point.ANGEL_FUND)


def test_costs_of_another_year_matter_to_no_yearly_point(tenant: Company):
    spent(tenant, "30000", number="E-1", paid_on=dt.date(2026, 1, 1))
    approved(tenant)
    (claim,) = claims(tenant)[Point.ACTIVITIES]
    days = (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert [claim.matters(day) for day in days] == [False, True, True, False]


def test_the_pages_of_founder_and_officer_name_it(tenant: Company, signed_in, officer, reviewer):
    grant = held_vouchers(tenant)
    decided(tenant, Point.AI_VOUCHERS)
    founder = MembershipFactory(company=tenant).user
    wanted = f"E-2 contract or invoice k-7 : {grant.number} (Activities, approved)"
    page = signed_in(founder).get(reverse("subsidies:entitlements", args=[tenant.code]))
    assert wanted in text(page)
    assert reverse("subsidies:grant", args=[grant.public_id]) in page.content.decode()
    page = signed_in(officer).get(reverse("subsidies:company_decisions", args=[tenant.code]))
    assert wanted in text(page)
    page = signed_in(reviewer).get(reverse("subsidies:company_decisions", args=[tenant.code]))
    assert wanted in text(page)
    assert reverse("subsidies:grant", args=[grant.public_id]) not in page.content.decode()


def test_the_page_of_another_company_names_no_grant(tenant: Company, signed_in):
    grant, other = held_vouchers(tenant), elsewhere()
    supplier = grant.contracts.get().supplier
    spent(other, "10000", number="E-9", supplier=supplier, contract="K-7")
    decided(other)
    page = signed_in(MembershipFactory(company=other).user).get(reverse("subsidies:entitlements", args=[other.code]))
    assert "E-9 contract or invoice K-7 : held elsewhere" in text(page)
    assert grant.number not in text(page)
    assert tenant.name not in text(page)


def test_the_page_of_a_proposal_names_what_is_left_out(tenant: Company, signed_in, officer):
    grant = held_vouchers(tenant)
    spent(tenant, "10000", number="E-3")
    made = decided(tenant)
    page = signed_in(officer).get(reverse("subsidies:proposal", args=[made.public_id]))
    assert f"E-1 : {grant.number} (Activities, approved)" in text(page)
