"""Rent relief and interest support keep to the budget of their year: issuing a month commits it, whoever writes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from companies.models import Company
from core.errors import Conflict
from subsidies.choices import Point, StatementState
from subsidies.gather.statements import waiting_relief
from subsidies.models import Budget, InterestStatement, RentAdjustment, RentStatement
from subsidies.services import statements
from subsidies.services.policies import load_pack
from tests.factories import CompanyFactory, LoanFactory, RentStatementFactory
from tests.packs import pack_with
from tests.subsidies.conftest import APRIL, JUNE, MAY, billed, let, put_in_force
from tests.subsidies.test_grant_pages import text_of

pytestmark = pytest.mark.django_db

AUGUST = dt.date(2026, 8, 1)
DECEMBER, JANUARY = dt.date(2025, 12, 1), dt.date(2026, 1, 1)
NOON = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
A_DAY = Decimal(300)  # what the tenant has waived
MAYS = 31 * A_DAY


def issue(month: dt.date, treasurer, on: dt.date = AUGUST) -> int:
    return statements.issue_statements(month=month, on=on, by=treasurer)


def budget(point: Point = Point.RENT_WAIVER, year: int = 2026) -> Budget:
    return Budget.objects.get(point=point, year=year)


@pytest.fixture
def tenant_with(db: None) -> Callable[..., Company]:
    """The tenant of ¥300 of relief a day, under a policy with this budget for rent relief."""

    def make(amount: Decimal) -> Company:
        load_pack(pack=pack_with({"rent_waiver.yearly_budget": amount}), publish=True)
        company = CompanyFactory(code="T-001", name="Tenant")
        let(company, number="L-1", area_m2=Decimal("400.00"))
        return company

    return make


def test_issuing_a_month_commits_its_relief(tenant: Company, treasurer):
    billed(tenant, MAY)
    assert waiting_relief(MAY) == {Point.RENT_WAIVER: MAYS, Point.LOAN_INTEREST: 0}
    issue(MAY, treasurer)
    assert (budget().amount, budget().committed) == (Decimal(60_000_000), MAYS)
    assert waiting_relief(MAY) == {Point.RENT_WAIVER: 0, Point.LOAN_INTEREST: 0}


def test_interest_support_has_a_budget_of_its_own(tenant: Company, treasurer):
    LoanFactory(company=tenant)
    billed(tenant, MAY)
    supported = InterestStatement.objects.get().supported
    issue(MAY, treasurer)
    assert supported > 0
    assert dict(Budget.objects.filter(committed__gt=0).values_list("point", "committed")) == {
        Point.RENT_WAIVER: MAYS, Point.LOAN_INTEREST: supported,
    }  # fmt: skip


def test_a_month_that_uses_up_the_budget_exactly_is_issued(tenant_with, treasurer):
    billed(tenant_with(MAYS), MAY)
    assert issue(MAY, treasurer) == 1
    assert budget().left == 0


def test_a_month_one_fen_beyond_the_budget_is_refused_and_nothing_of_it_is_issued(tenant_with, treasurer):
    tenant = tenant_with(MAYS - Decimal("0.01"))
    LoanFactory(company=tenant)
    billed(tenant, MAY)
    words = r"Rent waiver, 2026: ¥9,299\.99 of the budget are left, and ¥9,300\.00 would be needed for 2026-05\. Raise"
    with pytest.raises(Conflict, match=words) as refused:
        issue(MAY, treasurer)
    assert refused.value.code == "budget_exceeded"
    assert {one.state for model in statements.MODELS for one in model.objects.all()} == {StatementState.OPEN}
    assert not Budget.objects.filter(committed__gt=0).exists()


def test_the_months_of_a_year_share_its_budget(tenant_with, treasurer):
    tenant = tenant_with(61 * A_DAY - Decimal("0.01"))
    for month in (MAY, JUNE):
        billed(tenant, month)
    issue(MAY, treasurer)
    with pytest.raises(Conflict, match="2026-06"):
        issue(JUNE, treasurer)
    assert budget().committed == MAYS


def test_every_year_has_its_own(tenant: Company, treasurer):
    for month in (DECEMBER, JANUARY):
        billed(tenant, month)
        issue(month, treasurer)
    assert [budget(year=year).committed for year in (2025, 2026)] == [31 * A_DAY, 31 * A_DAY]


def by_sql(month: dt.date = MAY) -> int:
    found: QuerySet[RentStatement] = RentStatement.objects.filter(month=month)
    return found.update(state=StatementState.ISSUED, issued_at=NOON)


def test_no_statement_of_sql_passes_the_budget(tenant: Company):
    billed(tenant, MAY)
    for found, refusal in ((None, "has_budget"), (MAYS - 1, "subsidies_budget_not_overspent")):
        if found is not None:
            Budget.objects.create(point=Point.RENT_WAIVER, year=2026, amount=found)
        with pytest.raises(IntegrityError, match=refusal if found is not None else "no budget"), transaction.atomic():
            by_sql()
    Budget.objects.update(amount=MAYS)
    assert (by_sql(), budget().committed) == (1, MAYS)


def test_a_statement_begins_open(tenant: Company):
    with pytest.raises(InternalError, match="Cannot insert"):
        RentStatementFactory(company=tenant, state=StatementState.ISSUED, issued_at=NOON)


# What is corrected later.


def relet(company: Company, area: str) -> None:
    company.leases.update(area_m2=Decimal(area))


def test_a_correction_of_the_same_year_counts_as_it_is(tenant: Company, treasurer):
    billed(tenant, APRIL)
    issue(APRIL, treasurer)
    relet(tenant, "100.00")  # ¥100 a day instead of ¥300
    billed(tenant, MAY)
    assert waiting_relief(MAY)[Point.RENT_WAIVER] == 31 * 100 - 30 * 200
    issue(MAY, treasurer)
    assert RentAdjustment.objects.get().waived == -30 * 200
    assert budget().committed == 61 * 100


@pytest.mark.parametrize(("area", "in_january"), [("100.00", 31 * 100), ("200.00", 31 * 200), ("400.00", 31 * 300)])
def test_what_comes_back_of_an_earlier_year_was_spent_in_it(tenant: Company, treasurer, area, in_january):
    relet(tenant, "300.00")
    billed(tenant, DECEMBER)
    issue(DECEMBER, treasurer)
    relet(tenant, area)
    billed(tenant, JANUARY)
    issue(JANUARY, treasurer)
    assert [budget(year=year).committed for year in (2025, 2026)] == [31 * 300, in_january]


def test_what_is_added_to_an_earlier_year_counts_where_it_is_posted(tenant: Company, treasurer):
    relet(tenant, "100.00")
    billed(tenant, DECEMBER)
    issue(DECEMBER, treasurer)
    relet(tenant, "400.00")
    billed(tenant, JANUARY)
    issue(JANUARY, treasurer)
    assert [budget(year=year).committed for year in (2025, 2026)] == [31 * 100, 31 * 300 + 31 * 200]


def test_a_version_with_less_than_what_was_issued_is_not_published(tenant: Company, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    lower = pack_with({"rent_waiver.yearly_budget": MAYS - 1}, version="next", effective_from=dt.date(2026, 9, 1))
    with pytest.raises(Conflict, match=r"Rent waiver, 2026: ¥9,300\.00 are committed already"):
        put_in_force(load_pack(pack=lower).version)


# Pages.


def test_the_treasurer_sees_what_issuing_takes_of_the_budget(tenant_with, signed_in, treasurer):
    tenant = tenant_with(61 * A_DAY)
    for month in (APRIL, MAY):
        billed(tenant, month)
    issue(APRIL, treasurer)
    client, page = signed_in(treasurer), reverse("subsidies:statements")
    shown = text_of(client.get(page))
    assert "Rent waiver: ¥9,300.00 of the ¥9,300.00 that are left of the budget 2026." in shown
    Budget.objects.filter(point=Point.RENT_WAIVER).update(amount=60 * A_DAY)
    shown = text_of(client.get(page))
    assert "Rent waiver: ¥9,300.00 are needed, and ¥9,000.00 of the budget 2026 are left. Raise the budget" in shown


def test_the_budgets_show_what_was_issued(tenant: Company, signed_in, treasurer):
    billed(tenant, MAY)
    issue(MAY, treasurer)
    shown = text_of(signed_in(treasurer).get(reverse("subsidies:budgets"), {"year": "2026"}))
    assert "Budget ¥60,000,000.00 Committed ¥9,300.00 Left ¥59,990,700.00" in shown
