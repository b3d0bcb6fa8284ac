"""Two officers at the same moment, on two real connections: the last hour is given once."""

import threading
from decimal import Decimal

import pytest

from accounts.models import StaffRole
from community.models import Delivery
from community.services import deliveries as services
from core.errors import Conflict
from tests.factories import TODAY, CompanyFactory, DeliveryFactory, SupportPackageFactory, UserFactory
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("held", [True, False], ids=["the company is held", "the trigger alone"])
def test_two_officers_record_the_last_hour(held, monkeypatch):
    SupportPackageFactory()
    company = CompanyFactory(stage="chick")
    DeliveryFactory(company=company, amount=Decimal(19))
    officers = [UserFactory(roles=[StaffRole.OFFICER]) for _each in range(2)]
    if not held:  # both have looked before either has written
        looked = threading.Barrier(2, timeout=10)
        stored = services._stored
        monkeypatch.setattr(services, "_hold", lambda company: None)
        monkeypatch.setattr(services, "_stored", lambda made, **said: (looked.wait(), stored(made, **said))[1])

    def give(by):
        return services.record_delivery(
            company=company, support="mentoring", given_on=TODAY, amount=Decimal(1), given_by="Li", by=by, on=TODAY
        )

    results = at_once(*(lambda by=by: give(by) for by in officers))
    (winner,) = [one for one in results if isinstance(one, Delivery)]
    (loser,) = [one for one in results if one is not winner]
    assert isinstance(loser, Conflict)
    assert (loser.code, str(loser)) == (
        "support_used_up",
        "Of 20 hours in the year 2026, 0 are left: 1 cannot be given.",
    )
    assert sum(Delivery.objects.values_list("amount", flat=True)) == 20
