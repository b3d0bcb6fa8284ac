"""A zone that issued interest statements below 0 before there were recoveries of interest brings them through the
upgrade: each is asked back, once, and what is asked back of grants stays as it is."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from subsidies.models import InterestStatement, Recovery
from tests.factories import InterestStatementFactory, RecoveryFactory
from tests.subsidies.conftest import JUNE, MAY
from tests.subsidies.overpaying import put_out

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("subsidies", "0013_budgets_of_what_is_billed")


def migrate(to: tuple[str, str] | None = None) -> None:
    """To the migration, or to the newest of its app."""
    executor = MigrationExecutor(connection)
    executor.migrate([to] if to else executor.loader.graph.leaf_nodes("subsidies"))


@pytest.fixture(autouse=True)
def _newest() -> Iterator[None]:
    """Whatever comes of it: migrations after this one were taken back before it was refused."""
    yield
    migrate()


def statement(payable: str, state: str = "issued", **more: object) -> InterestStatement:
    amount = Decimal(payable)
    made = InterestStatementFactory(supported=Decimal(0), adjustment=amount, payable=amount, **more)
    return put_out(made) if state == "issued" else made


def test_what_was_issued_below_0_is_asked_back_by_the_upgrade():
    of_grant = RecoveryFactory()
    first = statement("-0.01", month=MAY)
    second = statement("-418.50", month=JUNE, company=first.company)
    for payable, state in (("0.00", "issued"), ("465.00", "issued"), ("-90.00", "open")):
        statement(payable, state)
    migrate(BEFORE)
    migrate()
    found = Recovery.objects.exclude(statement=None).order_by("pk")
    assert list(found.values_list("statement", "amount", "state", "opened_by", "reason", "arithmetic")) == [
        (first.pk, Decimal("0.01"), "open", None, "", {}),
        (second.pk, Decimal("418.50"), "open", None, "", {}),
    ]
    assert list(Recovery.objects.filter(statement=None)) == [of_grant]
    event = Recovery.events.rel.related_model.objects.get(pgh_obj=found[0])
    assert (event.pgh_label, event.pgh_context.metadata["actor"]) == ("insert", "subsidies.0014_overpaid_interest")
    with pytest.raises(IntegrityError):
        migrate(BEFORE)
    assert found.count() == 2
