"""The pages of simulations: what is tried is in the address, what was found is shown, exported and compared."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from core import runs
from core.models import RunState
from subsidies.gather import snapshot
from subsidies.models import Simulation
from subsidies.services import drafts, simulations
from tests.conftest import staff_member
from tests.subsidies.conftest import ON, confirmed

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _on_the_day():
    snapshot.forget()
    with time_machine.travel(dt.datetime.combine(ON, dt.time(12), tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def editor(db):
    return staff_member(StaffRole.POLICY_EDITOR)


@pytest.fixture
def draft(policy, tenant, editor):
    made = drafts.draft_version(base=policy, name="2026.2", effective_from=dt.date(2026, 6, 1), by=editor)
    return confirmed(made, editor)


@pytest.fixture
def client(editor, signed_in):
    return signed_in(editor)


def simulated(draft, editor, months: int = 2) -> Simulation:
    simulation = simulations.begin_simulation(version=draft, on=ON, by=editor, months=months)
    runs.execute(simulation.run)
    simulation.refresh_from_db()
    return simulation


def test_a_tried_value_is_answered_with_what_it_would_mean(client, draft):
    page = client.get(reverse("subsidies:try_values", args=[draft.version]), {"rent_waiver.area_m2": "100"})
    (rent,) = [row for row in page.context["rows"] if row["point"].point == "rent_waiver"]
    assert (rent["point"].amount_before, rent["point"].amount_after) == (Decimal("9000.00"), Decimal("3000.00"))
    assert page.context["trial"].difference == Decimal("-6000.00")
    assert b'value="100"' in page.content


def test_htmx_gets_the_answer_alone(client, draft):
    address = reverse("subsidies:try_values", args=[draft.version])
    part = client.get(address, {"rent_waiver.area_m2": "100"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "3,000" in part


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"rent_waiver.share": "101"}, "101"),
        ({"rent_waiver.area_m2": "much"}, "is no number"),
        ({"rent_waiver.area_m2": "NaN"}, "is no number"),
        ({"rent_waiver.area": "1"}, "There is no number called"),
        ({"lpr_1y": "1"}, "There is no number called"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(client, draft, sent, told):
    page = client.get(reverse("subsidies:try_values", args=[draft.version]), sent)
    assert page.context["trial"] is None
    assert any(told in problem for problem in page.context["problems"])


def test_a_published_version_is_not_tried(client, policy):
    page = client.get(reverse("subsidies:try_values", args=[policy.version]))
    assert page.url == reverse("subsidies:version", args=[policy.version])


def test_a_simulation_is_asked_for_shown_and_named_current(client, draft):
    client.post(reverse("subsidies:simulate", args=[draft.version]))
    simulation = draft.simulations.get()
    runs.execute(simulation.run)
    simulation.refresh_from_db()
    page = client.get(reverse("subsidies:simulation", args=[simulation.public_id]))
    assert (simulation.state, page.context["is_current"]) == (RunState.DONE, True)
    (rent,) = [point for point in page.context["points"] if point.code == "rent_waiver"]
    assert [year.year for year in rent.years] == [2026, 2027, 2028, 2029]
    assert rent.years[0].budget == Decimal(60000000)
    assert rent.cost.before == rent.cost.after > 0


def test_a_simulation_is_overtaken_by_a_changed_draft(client, draft, editor):
    simulation = simulated(draft, editor)
    draft.refresh_from_db()
    row = draft.parameters.get(name="talent.award_a")
    drafts.change_parameter(
        version=draft, name=row.name, value=Decimal(7), provenance="published", source="The board",
        revision=draft.edits.get(part=row.name).revision, by=editor,
    )  # fmt: skip
    assert not client.get(reverse("subsidies:simulation", args=[simulation.public_id])).context["is_current"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_whom_it_touches_goes_out_as_a_file(client, draft, editor, suffix):
    row = draft.parameters.get(name="rent_waiver.share")
    drafts.change_parameter(
        version=draft, name=row.name, value=Decimal(50), provenance="published", source="The board", revision=0,
        by=editor,
    )  # fmt: skip
    simulation = simulated(draft, editor)
    file = client.get(reverse("subsidies:simulation", args=[simulation.public_id]), {"export": suffix})
    content = b"".join(file.streaming_content)
    assert file["Content-Disposition"] == f'attachment; filename="simulation-2026.2.{suffix}"'
    if suffix == "csv":
        assert content.decode().splitlines()[1] == "T-001,rent_waiver,less,eligible,eligible,9000.00,4500.00,,"


def test_another_form_of_file_is_not_there(client, draft, editor):
    simulation = simulated(draft, editor)
    assert (
        client.get(reverse("subsidies:simulation", args=[simulation.public_id]), {"export": "exe"}).status_code == 404
    )


def test_two_simulations_stand_side_by_side(client, draft, editor):
    one, other = simulated(draft, editor), simulated(draft, editor)
    page = client.get(reverse("subsidies:compare_simulations"), {"one": one.public_id, "other": other.public_id})
    assert [row["difference"] for row in page.context["rows"]] == [Decimal(0)] * 8


@pytest.mark.parametrize("name", ["x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_not_compared(client, draft, editor, name):
    one = simulated(draft, editor)
    query = {"one": one.public_id, "other": name}
    assert client.get(reverse("subsidies:compare_simulations"), query).status_code == 404


def test_who_reads_drafts_may_look_and_only_editors_may_simulate(draft, signed_in):
    auditor = signed_in(staff_member(StaffRole.AUDITOR))
    assert auditor.get(reverse("subsidies:try_values", args=[draft.version])).status_code == 200
    assert auditor.post(reverse("subsidies:simulate", args=[draft.version])).status_code == 403
    assert not Simulation.objects.exclude(run=None).exists()
