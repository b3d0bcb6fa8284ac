"""The balance of the rent relief, read by machines."""

from decimal import Decimal

import pytest

from subsidies.models import PolicyVersion, RentStatement
from tests.policies import published_policy
from tests.subsidies.conftest import MAY, billed, let


@pytest.fixture
def law(db: None) -> PolicyVersion:
    return published_policy()


def address(statement: RentStatement) -> str:
    return f"/api/v1/rent-statements/{statement.public_id}/balance/"


def test_machines_read_what_is_left_of_the_relief(law, company, machine):
    let(company, area_m2=Decimal("400.00"))
    statement = billed(company, MAY)
    answer = machine().get(address(statement)).json()
    assert (answer["months_left"], answer["ends_on"], answer["window_ends_on"]) == (28, "2028-09-24", "2028-09-24")
    assert (answer["cap_m2"], answer["used_m2"], answer["left_m2"]) == ("300.00", "300.00", "0.00")
    assert (answer["month_after"], answer["rent_after"]) == ("2028-10-01", "12400.00")
    assert len(answer["sentences"]) == 3


def test_an_unknown_parameter_is_refused(law, company, machine):
    let(company)
    assert machine().get(f"{address(billed(company, MAY))}?on=2026-01-01").status_code == 400
