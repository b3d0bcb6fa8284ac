"""The large files are valid whatever their size: what the importer refuses is not in them."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from stdnum.cn import uscc

from core.interchange.importing import import_file
from core.interchange.kinds import import_kind
from zone_portal.demo import scale

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    rows = scale.write_files(folder, scale.Sizes.of(3000, 4001), today=TODAY)
    return rows, {kind: pl.read_csv(folder / f"{kind}.csv", infer_schema=False) for kind in rows}


def test_the_files_hold_what_was_asked_for(files):
    rows, frames = files
    assert rows == {
        "companies": 3000, "relations": 150, "units": 2001, "leases": 4001, "suppliers": 500, "projects": 600,
        "loans": 1200, "repayments": 1800, "talents": 1200, "reports": 3000, "expenses": 4000,
    }  # fmt: skip
    assert {kind: frame.height for kind, frame in frames.items()} == rows


def test_keys_are_distinct_and_credit_codes_valid(files):
    _rows, frames = files
    for kind, key in [("companies", "code"), ("units", "unit"), ("leases", "lease")]:
        assert frames[kind][key].is_unique().all()
    codes = frames["companies"]["uscc"].drop_nulls()
    assert codes.is_unique().all()
    assert all(uscc.is_valid(code) for code in codes)


def test_teams_have_no_credit_code_and_no_registration(files):
    teams = files[1]["companies"].filter(pl.col("kind") == "team")
    assert teams.height > 100
    assert teams["uscc"].null_count() == teams["registered_on"].null_count() == teams.height


def test_no_unit_is_let_twice_at_a_time(files):
    leases = files[1]["leases"].with_columns(pl.col("first_day", "last_day").str.to_date())
    ordered = leases.sort("unit", "first_day").with_columns(before=pl.col("last_day").shift().over("unit"))
    followers = ordered.filter(pl.col("unit") == pl.col("unit").shift())
    assert followers.height == 2000
    assert (followers["first_day"] > followers["before"]).all()  # a null, an open end before another lease, fails too
    assert leases.filter(pl.col("last_day") < pl.col("first_day")).is_empty()


def test_no_lease_is_larger_than_its_unit(files):
    _rows, frames = files
    both = frames["leases"].join(frames["units"], on="unit", suffix="_unit")
    assert both.height == 4001
    assert all(Decimal(row["area_m2"]) <= Decimal(row["area_m2_unit"]) for row in both.iter_rows(named=True))


def test_leases_and_relations_name_companies_of_the_file(files):
    _rows, frames = files
    codes = set(frames["companies"]["code"])
    assert set(frames["leases"]["company"]) <= codes
    assert set(frames["relations"]["company"]) | set(frames["relations"]["other"]) <= codes
    assert frames["leases"]["company"].n_unique() == 2550  # 85 % of the companies


def test_dates_stand_in_order(files):
    register = files[1]["companies"].with_columns(pl.col("^.*_on$|^operating_.*$").str.to_date())
    assert register.filter(pl.col("deregistered_on") < pl.col("registered_on")).is_empty()
    assert register.filter(pl.col("operating_until") < pl.col("operating_from")).is_empty()
    assert register.filter(pl.col("registered_on") < pl.col("founded_on")).is_empty()
    assert register["deregistered_on"].drop_nulls().len() > 50


def test_the_same_arguments_give_the_same_files(tmp_path):
    for name, seed in [("a", 1), ("b", 1), ("c", 2)]:
        kinds_made = scale.write_files(tmp_path / name, scale.Sizes.of(50, 60), today=TODAY, seed=seed)
    for kind in kinds_made:
        a, b, c = ((tmp_path / name / f"{kind}.csv").read_bytes() for name in "abc")
        assert a == b
        assert a != c or kind == "repayments"


@pytest.mark.slow
def test_the_importer_takes_all_of_them(db, tmp_path):
    rows = scale.write_files(tmp_path, scale.Sizes.of(300), today=TODAY)
    for kind, count in rows.items():
        done = import_file(import_kind(kind), tmp_path / f"{kind}.csv", on=TODAY)
        assert (kind, done.stored.new, done.problems.height) == (kind, count, 0)
