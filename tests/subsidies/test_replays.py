"""Replaying: what was decided comes out the same, and whatever was done to a row behind the portal's back is told."""

import datetime as dt
import importlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

import subsidies
from companies.models import Company
from subsidies import seals
from subsidies.bulk.decided import decisions
from subsidies.bulk.sealing import Deciding, seals_of
from subsidies.gather import stored
from subsidies.gather.selection import chosen
from subsidies.gather.stored import Chosen
from subsidies.models import Decision, PolicyVersion
from subsidies.replaying import Difference, Law, content_of, differences
from subsidies.rules.facts import FACTS
from subsidies.services import assessments, replays
from tests.factories import CompanyFactory
from tests.subsidies.conftest import ON, decision
from tests.subsidies.rules.cases import DAY_OF_CASES, facts, parameters


@pytest.fixture
def history(tenant: Company) -> list[Decision]:
    """The tenant's rent waiver, decided three times."""
    for area in ("400.00", "200.00", "150.00"):
        tenant.leases.update(area_m2=area)
        assessments.assess(chosen([tenant.pk]), on=ON)
    return list(Decision.objects.filter(company=tenant, point="rent_waiver").order_by("pk"))


@contextmanager
def unguarded() -> Iterator[Any]:
    """A cursor for somebody who has switched the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


def tamper(found: Decision, assignment: str, *values: object) -> None:
    with unguarded() as cursor:
        cursor.execute(f"UPDATE subsidies_decision SET {assignment} WHERE id = %s", [*values, found.pk])


def reseal(found: Decision, previous: bytes | None) -> bytes:
    """Seal the row as it stands, as somebody would who knows how it is done."""
    (row,) = next(stored.batches(Chosen(public_id=str(found.public_id)), 1)).iter_rows(named=True)
    version = PolicyVersion.objects.get(pk=found.version_id)
    law = replays.law_of(version)
    seal = seals.seal(content_of(row, law), previous)
    tamper(found, "seal = %s", seal)
    return seal


def told(**options: str) -> set[tuple[str, str]]:
    """(public id, what) of every difference."""
    found = [one for _count, several in replays.replay(replays.choose(**options)) for one in several]
    return {(one.decision, one.what) for one in found}


def whats(found: Decision) -> set[str]:
    return {what for public_id, what in told() if public_id == str(found.public_id)}


def test_what_was_decided_comes_out_the_same(history, capsys):
    call_command("replay")
    assert "Replayed 10 decisions" in capsys.readouterr().out


def test_a_seal_follows_that_of_the_decision_before(history):
    first, second, third = history
    assert first.seal != second.seal != third.seal
    row = next(stored.batches(Chosen(public_id=str(second.public_id)), 1)).row(0, named=True)
    assert row["previous"] == first.seal.hex()


@pytest.mark.parametrize(
    ("assignment", "value", "what"),
    [
        ("amount = %s", "9000.01", {"amount_fen", "seal"}),
        ("outcome = %s, amount = NULL", "unknown", {"outcome", "amount_fen", "seal"}),
        ("criteria = %s", "0", {"criteria", "seal"}),
        ("unmet = %s", "registered", {"unmet", "seal"}),
        ("missing = %s", "registered_on", {"missing", "seal"}),
        ("facts = facts || %s", '{"relief_of_month": 1}', {"amount_fen", "seal"}),
        ("facts = facts || %s", '{"nobody_looks": 1}', {"seal"}),
        ("facts = facts || %s", '{"leased_area": "much"}', {"facts", "seal"}),
        ("facts = facts || %s", '{"leased_area": -1}', {"facts", "seal"}),
        ("decided_for = %s", "2026-06-14", {"seal"}),
        ("decided_at = %s", "2026-06-14T00:00:00Z", {"seal"}),
        ("company_code = %s", "X-001", {"company", "seal"}),
        ("seal = %s", bytes(32), {"seal"}),
    ],
)
def test_a_row_that_was_edited_by_sql_is_told(history, assignment, value, what):
    tamper(history[-1], assignment, value)
    assert {public_id for public_id, _what in told()} == {str(history[-1].public_id)}
    assert whats(history[-1]) == what


def test_a_row_that_was_sealed_anew_breaks_the_chain_behind_it(history):
    first, second, third = history
    tamper(second, "decided_at = '2026-01-01T00:00:00Z'")
    reseal(second, bytes(first.seal))
    assert whats(second) == set()
    assert whats(third) == {"seal"}


def test_a_chain_that_was_sealed_anew_to_its_end_still_does_not_follow_from_the_facts(history):
    first, second, third = history
    tamper(second, "amount = 1.00")
    reseal(third, reseal(second, bytes(first.seal)))
    assert told() == {(str(second.public_id), "amount_fen")}


@pytest.mark.parametrize(("gone", "what"), [(1, (2, "seal")), (2, (1, "chain"))])
def test_a_decision_that_was_taken_away_is_missed(history, gone, what):
    with unguarded() as cursor:
        cursor.execute("DELETE FROM subsidies_decision WHERE id = %s", [history[gone].pk])
    place, name = what
    assert told() == {(str(history[place].public_id), name)}


def test_a_change_of_the_published_policy_is_told_by_every_decision(history):
    with unguarded() as cursor:
        cursor.execute("UPDATE subsidies_policyparameter SET source = 'me' WHERE name = 'rent_waiver.months'")
    assert {what for _id, what in told()} == {"seal"}
    assert len(told()) == 10


def test_one_row_that_cannot_be_decided_does_not_hide_the_others(history):
    other = CompanyFactory(code="N-001")
    assessments.assess(chosen([other.pk]), on=ON)
    tamper(history[-1], "facts = facts || '{\"leased_area\": -1}'")
    tamper(decision(other), "unmet = 'nothing'")
    assert told() >= {(str(history[-1].public_id), "facts"), (str(decision(other).public_id), "unmet")}


def test_a_company_that_got_another_code_is_still_the_one_that_was_decided(history):
    Company.objects.filter(code="T-001").update(code="T-009")
    assert told() == set()


def test_a_decision_that_was_moved_to_another_company_is_told(history):
    tamper(history[0], "company_id = %s", CompanyFactory().pk)
    assert (str(history[0].public_id), "company") in told()


def test_the_command_tells_each_difference_and_fails(history, capsys):
    tamper(history[1], "amount = 1.00")
    with pytest.raises(CommandError, match="1 of 10 decisions are not what they were"):
        call_command("replay")
    said = capsys.readouterr().out
    assert f"T-001 rent_waiver amount_fen: stored 100, decided again 600000 (decision {history[1].public_id})" in said


def test_the_command_replays_what_it_is_asked_for(history, capsys):
    CompanyFactory(code="N-001")
    tamper(history[1], "amount = 1.00")
    call_command("replay", "--company", "N-001")
    call_command("replay", "--point", "talent")
    call_command("replay", "--decision", str(history[2].public_id))
    call_command("replay", "--company", "T-001", "--point", "angel_fund")
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said] == ["0", "1", "1", "1"]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["--company", "NOBODY"], "no company with the code NOBODY"),
        (["--point", "rent"], "no point rent"),
        (["--decision", "12"], "no such decision: 12"),
        (["--decision", str(uuid.UUID(int=1))], "no such decision"),
    ],
)
def test_what_is_not_there_is_not_replayed(tenant, words, refusal):
    with pytest.raises(CommandError, match=refusal):
        call_command("replay", *words)


def test_batches_of_any_size_see_the_same(history, monkeypatch):
    tamper(history[1], "amount = 1.00")
    whole = told()
    monkeypatch.setattr(replays, "BATCH", 3)
    assert told() == whole != set()


def test_decisions_that_were_never_sealed_are_sealed_by_the_migration(history):
    name = next(Path(subsidies.__file__).parent.glob("migrations/*_decision_seals.py")).stem
    with unguarded() as cursor:
        cursor.execute("UPDATE subsidies_decision SET seal = decode(repeat('00', 32), 'hex'), company_code = ''")
        with connection.schema_editor() as editor:
            importlib.import_module(f"subsidies.migrations.{name}").seal_all(apps, editor)
    assert told() == set()


LAW = Law(parameters(), "of the test", "00")

VALUES: dict[pl.DataType, st.SearchStrategy[Any]] = {
    pl.Boolean(): st.booleans(),
    pl.Date(): st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
    pl.Int64(): st.integers(0, 10_000),
    pl.String(): st.sampled_from(["company", "team", 'an"odd\\kind']),
}
rows = st.lists(
    st.fixed_dictionaries({}, optional={name: st.none() | VALUES[fact.dtype] for name, fact in FACTS.items()}),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_any_facts_are_decided_again_as_they_were(companies):
    found = decisions(facts(*companies), LAW.parameters, DAY_OF_CASES)
    assert list(differences(_as_stored(found), {1: LAW})) == []


def _as_stored(found: pl.DataFrame) -> pl.DataFrame:
    """Decisions as they come back from the database, each the first of its kind."""
    at = dt.datetime(2026, 3, 15, 1, 2, 3, 4, tzinfo=dt.UTC)
    deciding = Deciding(1, LAW.version, LAW.digest, DAY_OF_CASES, at)
    rows = found.with_columns(company_code=pl.lit("T-001"), previous=pl.lit(None, dtype=pl.String))
    return rows.with_row_index("id").with_columns(
        seal=pl.Series([seal.hex() for seal in seals_of(rows, deciding)]),
        id=pl.col("id").cast(pl.Int64),
        public_id=pl.col("id").cast(pl.String),
        code=pl.lit("T-001"),
        version_id=pl.lit(1),
        decided_for=pl.lit(DAY_OF_CASES),
        decided_at=pl.lit(seals.moment(at)),
        amount_fen=pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64),
        is_cut_off=pl.lit(value=False),
    )


def test_a_difference_names_the_company_and_the_point():
    stored_rows = _as_stored(decisions(facts({}), LAW.parameters, DAY_OF_CASES)).filter(pl.col("point") == "talent")
    (one,) = differences(stored_rows.with_columns(seal=pl.lit("00")), {1: LAW})
    assert isinstance(one, Difference)
    assert (one.company, one.point, one.what) == ("T-001", "talent", "seal")
