"""What goes out comes in again unchanged, exactly, in every format that is read."""

import datetime as dt
import json
from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.interchange import exporting, importing, kinds
from core.periods import period
from tests.factories import CampusFactory, CompanyFactory, LeaseFactory, UnitFactory

TODAY = dt.date(2026, 6, 15)
KINDS = ("companies", "units", "leases")


@pytest.fixture
def zone(db):
    """A zone with every peculiarity that a format could lose."""
    campus = CampusFactory(code="sqw", name="Shuqiwan", name_zh="树栖湾")
    unit = UnitFactory(code='U "1", A', building__campus=campus, area_m2=Decimal("120.05"), floor="")
    company = CompanyFactory(
        code="A-001",
        name="=Lingxi, “Audio”",
        name_zh="灵犀音频",
        uscc="91330106MA2CFLDC4M",
        founded_on=dt.date(1899, 5, 1),
        registration=period(None, dt.date(2026, 12, 31)),
        operation=None,
        listed=False,
        bad_credit=None,
        country="CN",
        website="https://lingxi.example/?a=1,2",
    )
    first = period(dt.date(2025, 9, 25), dt.date(2026, 2, 28))
    LeaseFactory(number="HT/2025-001", company=company, unit=unit, price_per_m2_day=Decimal("3.0417"), term=first)
    LeaseFactory(number="-2", company=company, unit=unit, term=period(dt.date(2026, 3, 1), None))
    LeaseFactory(number="VOID", company=company, unit=unit, voided=True)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_imported_again_changes_nothing(zone, tmp_path, suffix):
    for kind in KINDS:
        path = tmp_path / f"{kind}.{suffix}"
        exporting.export_file(kinds.export_kind(kind), path)
        done = importing.import_file(kinds.import_kind(kind), path, on=TODAY)
        assert (done.stored.new, done.stored.changed, done.problems.height) == (0, 0, 0), kind
        assert done.stored.unchanged == done.rows > 0


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_zone_can_be_taken_to_an_empty_portal(zone, tmp_path, export, suffix):
    before = [export(kind) for kind in KINDS]
    for kind in KINDS:
        exporting.export_file(kinds.export_kind(kind), tmp_path / f"{kind}.{suffix}")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE spaces_lease, spaces_unit, companies_company CASCADE")  # nothing is ever deleted
    for kind in KINDS:
        importing.import_file(kinds.import_kind(kind), tmp_path / f"{kind}.{suffix}", on=TODAY)
    assert [export(kind) for kind in KINDS] == before


def test_leases_go_out_with_both_days_and_all_places_but_without_the_void_ones(zone, export):
    assert export("leases") == (
        "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day\n"
        '-2,A-001,"U ""1"", A",100.00,3.5000,2026-03-01,\n'
        'HT/2025-001,A-001,"U ""1"", A",100.00,3.0417,2025-09-25,2026-02-28\n'
    )


@pytest.mark.parametrize(("day", "count"), [("2026-02-28", 1), ("2026-03-01", 1), ("2025-09-24", 0)])
def test_leases_on_a_day_are_those_in_force(zone, export, day, count):
    assert export("leases", on=dt.date.fromisoformat(day)).count("\n") == 1 + count


def test_names_that_look_like_formulas_are_disarmed_in_csv_and_text_in_workbooks(zone, export, tmp_path):
    assert "'=Lingxi" in export("companies")
    path = tmp_path / "companies.xlsx"
    exporting.export_file(kinds.export_kind("companies"), path)
    assert pl.read_excel(path)["name"].to_list() == ["=Lingxi, “Audio”"]


def test_parquet_and_ndjson_are_exact(zone, tmp_path):
    for suffix in ("parquet", "ndjson"):
        exporting.export_file(kinds.export_kind("leases"), tmp_path / f"leases.{suffix}")
    frame = pl.read_parquet(tmp_path / "leases.parquet")
    assert frame["price_per_m2_day"].to_list() == [Decimal("3.5000"), Decimal("3.0417")]
    assert frame["last_day"].to_list() == [None, dt.date(2026, 2, 28)]
    lines = [json.loads(line) for line in (tmp_path / "leases.ndjson").read_text().splitlines()]
    assert lines[1]["price_per_m2_day"] == "3.0417"
    assert (lines[0]["last_day"], lines[1]["last_day"]) == (None, "2026-02-28")


def test_yes_and_no_are_booleans_where_there_are_such(zone, tmp_path):
    path = tmp_path / "companies.ndjson"
    exporting.export_file(kinds.export_kind("companies"), path)
    company = json.loads(path.read_text())
    assert (company["listed"], company["bad_credit"]) == (False, None)


def test_an_empty_portal_exports_a_header(db, export):
    assert export("units") == "unit,campus,building,floor,area_m2\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["leases", "leases.pdf"], ".csv, .xlsx, .parquet, .ndjson"),
        (["leases", "leases"], "Known are"),
        (["cats", "cats.csv"], "companies"),
        (["units", "units.csv", "--on", "2026-01-01"], "units has no option --on"),
        (["leases", "leases.csv", "--month", "2026-01"], "leases has no option --month"),
        (["leases", "leases.csv", "--on", "01.02.2026"], "YYYY-MM-DD"),
        (["leases", "leases.csv", "--month", "2026-13"], "YYYY-MM"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_no_file(db, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=told):
        call_command("export_data", *arguments)
    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_leaves_the_file_that_was_there(db, tmp_path):
    path = tmp_path / "leases.csv"
    path.write_text("old")

    def broken(on, month):
        yield pl.DataFrame({"unit": ["U1"]})
        raise RuntimeError("broken")

    kind = kinds.ExportKind("units", broken, kinds.export_kind("units").columns[:1])
    with pytest.raises(RuntimeError):
        exporting.export_file(kind, path)
    assert [file.name for file in tmp_path.iterdir()] == ["leases.csv"]
    assert path.read_text() == "old"
