"""The pages of simulations: what is tried is in the address, what was found is shown, exported and compared."""

import datetime as dt
import tempfile
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from core import runs
from core.models import RunState
from subsidies.gather import snapshot
from subsidies.models import Simulation
from subsidies.services import drafts, simulations, statements
from tests.conftest import staff_member
from tests.subsidies.conftest import APRIL, MAY, ON, billed, confirmed

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


@pytest.mark.parametrize(("sent", "day"), [({}, ON), ({"on": ""}, ON), ({"on": "2026-02-01"}, dt.date(2026, 2, 1))])
def test_the_day_is_the_version_s_own_unless_another_is_chosen(client, draft, sent, day):
    client.post(reverse("subsidies:simulate", args=[draft.version]), sent)
    assert draft.simulations.get().day == day


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-09-24", "Choose a day from 2025-09-25"),
        ("2100-01-01", "to 2099-12-31"),
        ("0001-01-01", "Choose a day from 2025-09-25"),
        ("soon", "Enter a valid date"),
    ],
)
def test_an_impossible_day_is_refused_in_words(client, draft, day, told):
    page = client.post(reverse("subsidies:simulate", args=[draft.version]), {"on": day}, follow=True)
    assert told in page.content.decode()
    assert not draft.simulations.exists()
    tried = client.get(reverse("subsidies:try_values", args=[draft.version]), {"on": day})
    assert any(told in problem for problem in tried.context["problems"])


@pytest.mark.parametrize("day", [dt.date(2025, 9, 25), dt.date(2099, 12, 31)])
def test_the_first_and_the_last_day_that_can_be_chosen(client, draft, editor, day):
    simulations.begin_simulation(version=draft, on=day, by=editor)
    assert draft.simulations.get().day == day
    assert client.get(reverse("subsidies:try_values", args=[draft.version]), {"on": day}).context["problems"] == []


def test_values_are_tried_on_a_chosen_day(client, draft):
    query = {"rent_waiver.area_m2": "100", "on": "2026-07-01"}
    page = client.get(reverse("subsidies:try_values", args=[draft.version]), query)
    assert page.context["on"] == dt.date(2026, 7, 1)
    assert page.context["trial"].difference == Decimal("-6200.00")  # 31 days of ¥200
    assert 'value="2026-07-01" data-drafted="2026-06-15"' in page.content.decode()


def test_the_day_is_offered_to_editors_alone(client, draft, signed_in):
    address = reverse("subsidies:simulations", args=[draft.version])
    page = client.get(address).content.decode()
    assert 'data-open="simulate"' in page
    assert 'name="on" value="2026-06-15"' in page
    auditor = signed_in(staff_member(StaffRole.AUDITOR))
    assert 'data-open="simulate"' not in auditor.get(address).content.decode()


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


def rows_of(client, address: str, query: dict[str, object]) -> list[str]:
    """The lines of a file as CSV; XLSX is asked for as well."""
    book = b"".join(client.get(address, query | {"export": "xlsx"}).streaming_content)
    rows = b"".join(client.get(address, query | {"export": "csv"}).streaming_content).decode().splitlines()
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(book)
        file.flush()
        assert openpyxl.load_workbook(file.name).active.max_row == len(rows)
    return rows


def halved(draft, editor, day: dt.date | None = None):
    """The draft with half the area for rent relief, from another day on."""
    drafts.change_parameter(
        version=draft, name="rent_waiver.area_m2", value=Decimal(150), provenance="published", source="The board",
        revision=0, by=editor,
    )  # fmt: skip
    if day:
        drafts.change_day(version=draft, effective_from=day, revision=0, by=editor)
    draft.refresh_from_db()
    return draft


def test_the_months_go_out_by_point_stage_and_campus(client, draft, editor, tenant):
    simulation = simulated(halved(draft, editor), editor)
    campus = tenant.leases.get().unit.building.campus.code
    rows = rows_of(client, reverse("subsidies:simulation", args=[simulation.public_id]), {"of": "months"})
    assert rows[0].startswith("month,point,stage,campus,eligible_before,eligible_after,")
    (june,) = [row for row in rows if row.startswith("2026-06,rent_waiver")]
    assert june == f"2026-06,rent_waiver,{tenant.stage or ''},{campus},1,1,0,0,0,0,9000.00,4500.00"


def test_corrections_are_shown_counted_and_go_out_as_a_file(client, draft, editor, tenant, treasurer):
    for month in (APRIL, MAY):
        billed(tenant, month)
    statements.issue_statements(month=APRIL, on=ON, by=treasurer)
    simulation = simulated(halved(draft, editor, dt.date(2026, 4, 16)), editor)
    address = reverse("subsidies:simulation", args=[simulation.public_id])
    page = client.get(address)
    content = page.content.decode()
    assert "Corrections of billed months" in content
    assert page.context["corrected"] == Decimal("-6900.00")
    assert page.context["total"].difference == Decimal("-6900.00") - 4500 - 4650
    assert "-6,900 of corrections" in content.replace("−", "-").replace("¥", "")
    assert rows_of(client, address, {"of": "corrections"}) == [
        "company,point,month,issued,before,after",
        "T-001,rent_waiver,2026-04,9000.00,9000.00,6750.00",
        "T-001,rent_waiver,2026-05,,9300.00,4650.00",
    ]
    sorted_ = client.get(address, {"corrections-sort": "-difference"})
    assert [row.record.month for row in sorted_.context["corrections"].rows] == [APRIL, MAY]


def test_a_simulation_without_corrections_shows_none(client, draft, editor):
    simulation = simulated(draft, editor)
    content = client.get(reverse("subsidies:simulation", args=[simulation.public_id])).content.decode()
    assert "The draft begins on a past day" not in content


@pytest.mark.parametrize("query", [{"export": "exe"}, {"export": "csv", "of": "people"}])
def test_another_form_of_file_is_not_there(client, draft, editor, query):
    simulation = simulated(draft, editor)
    both = {"one": simulation.public_id, "other": simulation.public_id}
    assert client.get(reverse("subsidies:simulation", args=[simulation.public_id]), query).status_code == 404
    assert client.get(reverse("subsidies:compare_simulations"), both | query).status_code == 404


def test_a_simulation_that_is_not_done_has_no_file(client, draft, editor):
    waiting = simulations.begin_simulation(version=draft, on=ON, by=editor)
    address = reverse("subsidies:simulation", args=[waiting.public_id])
    assert client.get(address, {"export": "csv", "of": "months"}).status_code == 404


def test_two_simulations_go_out_as_files(client, draft, editor):
    one = simulated(draft, editor)
    other = simulated(halved(draft, editor), editor)
    address, query = reverse("subsidies:compare_simulations"), {"one": one.public_id, "other": other.public_id}
    points = rows_of(client, address, query)
    assert points[0].split(",")[:4] == ["point", "year", "eligible_one", "today_one"]
    (rent,) = [row for row in points if row.startswith("rent_waiver,2026")]
    assert rent.split(",")[2:5] == ["1", "18300.00", "18300.00"]
    assert rent.split(",")[-1] == "-9150.00"
    months = rows_of(client, address, query | {"of": "months"})
    (june,) = [row for row in months if row.startswith("2026-06,rent_waiver")]
    assert june.split(",")[4:] == ["1", "1", "9000.00", "9000.00", "9000.00", "4500.00", "-4500.00"]


def test_of_two_simulations_a_month_that_one_has_not_is_empty_not_nothing(client, draft, editor):
    one, other = simulated(draft, editor), simulated(draft, editor, months=1)
    query = {"one": one.public_id, "other": other.public_id, "of": "months"}
    rows = rows_of(client, reverse("subsidies:compare_simulations"), query)
    (july,) = [row for row in rows if row.startswith("2026-07,rent_waiver")]
    assert july.split(",")[4:] == ["1", "", "9300.00", "9300.00", "", "", "-9300.00"]


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
