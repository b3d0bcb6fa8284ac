"""Two officers give out the last desks of a unit at the same moment, on two real connections."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import StaffRole
from core.errors import Conflict
from spaces import services
from spaces.models import DeskMembership
from tests.factories import CompanyFactory, UnitFactory, UserFactory
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_desks_are_given_out_once():
    """The second waits for the unit, and then counts what the first has written."""
    officer, company = UserFactory(roles=[StaffRole.OFFICER]), CompanyFactory()
    unit = UnitFactory(code="U1", desks=3)

    def sign(number: str) -> DeskMembership:
        with transaction.atomic():
            return services.sign_membership(
                number=number, unit=unit, company=company, desks=2, price_per_desk_month=Decimal(1),
                first_day=dt.date(2026, 1, 1), by=officer,
            )  # fmt: skip

    done = at_once(lambda: sign("D1"), lambda: sign("D2"))
    refused = [found for found in done if isinstance(found, Conflict)]
    assert [error.code for error in refused] == ["too_few_desks"]
    assert DeskMembership.objects.count() == 1
