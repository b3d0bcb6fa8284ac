"""Versions of the policy: what is published, in words and numbers, and what was in force on a day."""

import datetime as dt
from decimal import Decimal

import pytest

from subsidies.models import PolicyVersion
from subsidies.services import drafts
from tests.policies import published_policy
from tests.subsidies.conftest import put_in_force

ADDRESS = "/api/v1/policy-versions/"


@pytest.fixture
def law(db) -> PolicyVersion:
    return published_policy()


@pytest.fixture
def draft(law, policy_editor) -> PolicyVersion:
    return drafts.draft_version(base=law, name="2026.1", effective_from=dt.date(2026, 7, 1), by=policy_editor)


def names(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["version"] for row in response.json()["results"]]


def test_a_version_says_all_that_it_is(machine, law):
    found = machine().get(f"{ADDRESS}2025.1/").json()
    assert (found["state"], found["effective_from"], found["replaced_on"]) == ("published", "2025-09-25", None)
    assert found["content_hash"] == law.content_hash
    assert [entry["code"] for entry in found["points"]][:2] == ["settlement", "rent_waiver"]
    assert found["points"][1]["name"]["de"] == "Mieterlass"
    assert len(found["stages"]) == 4
    numbers = {number["name"]: number for number in found["parameters"]}
    area = numbers["rent_waiver.area_m2"]
    assert (area["value"], area["unit"], area["provenance"], area["series"]) == ("300", "m2", "published", [])
    assert numbers["lpr_1y"]["value"] is None
    assert numbers["lpr_1y"]["series"][0] == {"from": "2019-08-20", "value": "4.25"}


def test_drafts_are_nowhere(machine, draft):
    assert names(machine().get(ADDRESS)) == ["2025.1"]
    assert machine().get(f"{ADDRESS}2026.1/").status_code == 404


@pytest.mark.parametrize(
    ("day", "found"),
    [("2025-09-24", []), ("2025-09-25", ["2025.1"]), ("2026-06-30", ["2025.1"]), ("2026-07-01", ["2026.1"])],
)
def test_on_a_day_the_version_in_force_is_found(machine, draft, day, found):
    put_in_force(draft)
    assert names(machine().get(ADDRESS, {"on": day})) == found


def test_a_version_that_another_took_the_place_of_is_superseded(machine, draft, policy_editor):
    drafts.change_parameter(
        version=draft, name="settlement.cap", value=Decimal(90_000), provenance="assumed", source="x", revision=0,
        by=policy_editor,
    )  # fmt: skip
    put_in_force(draft)
    old, new = machine().get(ADDRESS).json()["results"]
    assert (old["state"], old["replaced_on"], new["state"]) == ("superseded", "2026-07-01", "published")
    (cap,) = [number for number in new["parameters"] if number["name"] == "settlement.cap"]
    assert (cap["value"], cap["provenance"]) == ("90000", "assumed")
    assert cap["confirmed_at"] is not None
