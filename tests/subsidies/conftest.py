"""A published policy, and companies whose rent is easy to reckon by head."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from companies.models import Company
from core.periods import period
from spaces.models import Lease
from subsidies.gather.selection import chosen
from subsidies.models import Decision, PolicyVersion, RentStatement
from subsidies.rules.pack import DEFAULT_PACK, load
from subsidies.services import policies
from subsidies.services.statements import bill
from tests.factories import IN_FORCE_FROM, CompanyFactory, LeaseFactory, UnitFactory

ON = dt.date(2026, 6, 15)
MAY, JUNE, JULY = dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    """The default pack, in force since 2025-09-25."""
    return policies.load_pack(pack=load(DEFAULT_PACK), publish=True).version


def let(company: Company, **more: Any) -> Lease:
    """A lease of 100 m² at ¥1.00 since the policy is in force, unless told otherwise: ¥100 a day."""
    area = more.pop("area_m2", Decimal("100.00"))
    first, last = more.pop("first", IN_FORCE_FROM), more.pop("last", None)
    fields = {"price_per_m2_day": Decimal("1.0000"), "term": period(first, last)} | more
    return LeaseFactory(company=company, unit=UnitFactory(area_m2=area), area_m2=area, **fields)


@pytest.fixture
def tenant(policy: PolicyVersion) -> Company:
    """Registered, operating, with a lease of 400 m² at ¥1.00: of ¥400 a day ¥300 are waived."""
    company = CompanyFactory(code="T-001", name="Tenant")
    let(company, number="L-1", area_m2=Decimal("400.00"))
    return company


def decision(company: Company, point: str = "rent_waiver") -> Decision:
    return Decision.objects.in_force().get(company=company, point=point)


Statement = Callable[..., RentStatement]


def billed(company: Company, month: dt.date) -> RentStatement:
    """Bill a month for one company, and its statement."""
    bill(chosen([company.pk]), month=month)
    return RentStatement.objects.get(company=company, month=month)
