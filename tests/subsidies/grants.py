"""What the tests of grants share: a company with something to grant, decided, and the people who grant it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import StaffRole, User
from companies.models import Company
from subsidies.choices import Point
from subsidies.models import Decision, Grant
from subsidies.services.assessments import assess_companies
from subsidies.services.grants import approve_grant, pay_grant, propose_grants
from subsidies.services.recoveries import review_companies
from tests.factories import ExpenseFactory, SupplierFactory, UserFactory
from tests.subsidies.conftest import ON, decision


def person(role: StaffRole) -> User:
    """The one who holds the role in these tests."""
    known = User.objects.filter(role_grants__role=role).order_by("pk").first()
    return known or UserFactory(roles=[role])


def spent(company: Company, amount: str, **more: Any) -> Any:
    """A cost of activities paid this year, unless told otherwise."""
    fields = {"point": Point.ACTIVITIES, "kind": "", "supplier": None, "paid_on": dt.date(2026, 5, 4)}
    return ExpenseFactory(company=company, amount=Decimal(amount), **(fields | more))


def voucher(company: Company, amount: str, kind: str = "model", **more: Any) -> Any:
    """A cost of models that an admitted supplier was paid this year, unless told otherwise."""
    supplier = more.pop("supplier", None) or SupplierFactory(admitted=True)
    return ExpenseFactory(company=company, amount=Decimal(amount), kind=kind, supplier=supplier, **more)


def decided(company: Company, point: Point = Point.ACTIVITIES, on: dt.date = ON) -> Decision:
    """Decide the company now; the decision in force."""
    assess_companies([company.pk], on=on)
    return decision(company, point)


def proposed(company: Company, point: Point = Point.ACTIVITIES, on: dt.date = ON) -> Grant:
    """The one grant that follows from the facts, proposed."""
    (grant,) = propose_grants(decision=decided(company, point, on), on=on, by=person(StaffRole.OFFICER))
    return grant


def approved(company: Company, point: Point = Point.ACTIVITIES, on: dt.date = ON) -> Grant:
    return approve_grant(grant=proposed(company, point, on), on=on, by=person(StaffRole.APPROVER))


def paid(company: Company, point: Point = Point.ACTIVITIES, on: dt.date = ON) -> Grant:
    return pay_grant(grant=approved(company, point, on), on=on, by=person(StaffRole.TREASURER))


def corrected(row: Any, **fields: object) -> int:
    """Something on record is other than was thought; how many grants of the company that corrected."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return review_companies([row.pk if isinstance(row, Company) else row.company_id])
