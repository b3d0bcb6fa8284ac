"""What an interest statement asks back, as machines read it."""

import pytest

from accounts.models import User
from companies.models import Company
from subsidies.models import Recovery
from subsidies.services import policies
from subsidies.services.recoveries import confirm_recovery, settle_recovery
from tests.factories import CompanyFactory
from tests.packs import default_pack
from tests.subsidies.conftest import let
from tests.subsidies.overpaying import LATER, overpaid

URL = "/api/v1/interest-statements/"


@pytest.fixture
def recovery(treasurer: User) -> Recovery:
    policies.load_pack(pack=default_pack(), publish=True)
    company: Company = CompanyFactory(code="T-001")
    let(company)
    return overpaid(company, treasurer)


def test_a_statement_says_what_it_asks_back_and_how_far_that_is(machine, recovery, approver, treasurer):
    may, june = machine().get(URL, {"ordering": "month"}).json()["results"]
    assert may["recovery"] is None
    assert (june["payable"], june["recovery"]["amount"], june["recovery"]["state"]) == ("-373.50", "373.50", "open")
    assert june["adjustments"][0]["reasons"] == ["balance"]
    settle_recovery(recovery=confirm_recovery(recovery=recovery, by=approver), on=LATER, by=treasurer)
    row = machine().get(f"{URL}{recovery.statement.public_id}/").json()
    assert (row["recovery"]["id"], row["recovery"]["state"], row["recovery"]["settled_on"]) == (
        str(recovery.public_id), "settled", "2026-09-20",
    )  # fmt: skip
    assert row["recovery"]["confirmed_at"]


def test_statements_are_found_by_the_state_of_their_recovery(machine, recovery):
    months = {
        state: [row["month"] for row in machine().get(URL, {"recovery": state}).json()["results"]]
        for state in ("open", "settled")
    }
    assert months == {"open": ["2026-06"], "settled": []}
    assert machine().get(URL, {"recovery": "dropped"}).status_code == 400
