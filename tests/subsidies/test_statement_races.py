"""A line is written while its statement is being issued, on two real connections: whoever comes second is refused."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.records import constraint_of
from subsidies.models import RentLine, RentStatement
from tests.factories import LeaseFactory, RentStatementFactory
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def statement() -> RentStatement:
    """Open, with nothing waived, so that no budget is asked."""
    return RentStatementFactory(waived=0)


def wait_for_the_other() -> None:
    """Until another connection waits for a lock of this one."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_line_of_a_statement_that_is_being_issued_waits_and_is_refused(statement: RentStatement):
    issued, lease = threading.Event(), LeaseFactory(company=statement.company)

    def issue() -> None:
        with transaction.atomic():
            RentStatement.objects.filter(pk=statement.pk).update(state="issued", issued_at=timezone.now())
            issued.set()
            wait_for_the_other()

    def write() -> str | None:
        issued.wait(10)
        money = {"rent": 1, "waived": 0, "payable": 1}
        try:
            RentLine.objects.create(statement=statement, lease=lease, days=1, waived_days=0, **money)
        except IntegrityError as error:
            return constraint_of(error)
        return "written"

    assert at_once(issue, write) == [None, "subsidies_rentstatement_issued"]
    assert not RentLine.objects.exists()
