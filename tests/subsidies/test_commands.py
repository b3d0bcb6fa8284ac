"""`assess`, `bill` and the exports: what they do, and that they change nothing when refused."""

import csv
import datetime as dt
import threading
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from companies.models import Company
from core import runs
from core.models import Run
from subsidies.models import Decision, PolicyVersion, RentStatement
from subsidies.rules.pack import DEFAULT_PACK
from tests.factories import CompanyFactory
from tests.subsidies.conftest import decision, let


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def export(kind: str, path: Path, *options: str) -> list[dict[str, str]]:
    call_command("export_data", kind, str(path), *options)
    return rows(path)


def test_assess_decides_today_and_says_what_it_did(tenant: Company, capsys):
    call_command("assess")
    assert "Decided for 2026-06-15" in capsys.readouterr().out
    assert decision(tenant).decided_for == dt.date(2026, 6, 15)
    call_command("assess")
    assert "8 decisions, of which 0 are new" in capsys.readouterr().out


def test_assess_decides_for_another_day_and_one_company(tenant: Company):
    CompanyFactory(code="N-001")
    call_command("assess", "--on", "2025-09-24", "--company", "T-001")
    assert set(Decision.objects.values_list("company__code", "decided_for")) == {("T-001", dt.date(2025, 9, 24))}


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["assess", "--on", "2026-02-30"], "not a day"),
        (["assess", "--on", "20260215"], "not a day"),
        (["assess", "--company", "NOBODY"], "no company with the code NOBODY"),
        (["bill"], "Name the month"),
        (["bill", "--month", "2026-13"], "not a month"),
        (["bill", "--month", "2026-5"], "not a month"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(tenant: Company, words: list[str], refusal: str):
    with pytest.raises(CommandError, match=refusal):
        call_command(*words)
    assert not Run.objects.exists()
    assert not Decision.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["assess"], ["bill", "--month", "2026-05"]])
def test_without_a_policy_both_say_how_to_get_one(words: list[str]):
    let(CompanyFactory())
    with pytest.raises(CommandError, match=r"manage.py load_policy FILE --publish"):
        call_command(*words)
    assert not Run.objects.exists()


def test_bill_computes_a_month(tenant: Company, capsys):
    call_command("bill", "--month", "2026-05")
    assert "1 open statements, 1 written" in capsys.readouterr().out
    assert str(RentStatement.objects.get().waived) == "9300.00"


def test_a_run_that_fails_is_told(tenant: Company, monkeypatch: pytest.MonkeyPatch):
    def broken(run: Run, first: int, until: int) -> dict[str, int]:
        raise ZeroDivisionError("a rule is broken")

    monkeypatch.setitem(runs.KINDS, "assess", runs.RunKind("assess", runs.KINDS["assess"].plan, broken))
    with pytest.raises(ZeroDivisionError):
        call_command("assess")
    assert Run.objects.get().error == "ZeroDivisionError: a rule is broken"


@pytest.mark.django_db(transaction=True)
def test_with_workers_the_command_waits_for_them(capsys):
    call_command("load_policy", str(DEFAULT_PACK), "--publish")
    CompanyFactory()

    def work() -> None:
        while not (found := list(Run.objects.filter(kind="assess"))):
            pass
        runs.execute(found[0])
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    call_command("assess", "--workers")
    worker.join()
    assert "8 decisions, of which 8 are new" in capsys.readouterr().out


# --- Exports -----------------------------------------------------------------------------------------------------


def test_decisions_have_the_columns_of_the_formats(tenant: Company, tmp_path: Path):
    CompanyFactory(code="A-000", registration=None)
    call_command("assess", "--on", "2026-06-15")
    found = export("decisions", tmp_path / "d.csv")
    assert list(found[0]) == ["company", "point", "on", "outcome", "amount", "policy_version", "unmet", "missing"]
    assert [(row["company"], row["point"]) for row in found][:2] == [("A-000", "settlement"), ("A-000", "rent_waiver")]
    assert len(found) == 16
    relief = next(row for row in found if row["company"] == "T-001" and row["point"] == "rent_waiver")
    assert relief == {
        "company": "T-001", "point": "rent_waiver", "on": "2026-06-15", "outcome": "eligible", "amount": "9000.00",
        "policy_version": "2025.1", "unmet": "", "missing": "",
    }  # fmt: skip


def test_the_amount_of_a_no_is_nothing_and_that_of_an_unknown_is_empty(policy: PolicyVersion, tmp_path: Path):
    CompanyFactory(code="A-000")
    let(CompanyFactory(code="B-000", operation=None))
    call_command("assess")
    found = {(row["company"], row["point"]): row for row in export("decisions", tmp_path / "d.csv")}
    assert found["A-000", "rent_waiver"]["outcome"] == "not_eligible"
    assert found["A-000", "rent_waiver"]["amount"] == "0.00"
    assert found["A-000", "rent_waiver"]["unmet"] == "settled;area_leased"
    assert found["B-000", "rent_waiver"]["amount"] == ""
    assert found["B-000", "rent_waiver"]["missing"] == "operating_from"


@pytest.mark.parametrize("day", ["2025-09-24", "2025-09-25", "2026-02-28", "2028-09-24", "2028-09-25"])
def test_the_day_named_gives_what_deciding_for_it_stores(tenant: Company, tmp_path: Path, day: str):
    CompanyFactory(code="A-000", registration=None)
    call_command("assess")
    before = Decision.objects.count()
    computed = export("decisions", tmp_path / "computed.csv", "--on", day)
    assert Decision.objects.count() == before
    call_command("assess", "--on", day)
    assert export("decisions", tmp_path / "stored.csv") == computed
    assert {row["on"] for row in computed} == {day}


def test_exporting_decisions_before_any_were_found_says_what_to_do(tenant: Company, tmp_path: Path):
    with pytest.raises(CommandError, match=r"manage.py assess"):
        call_command("export_data", "decisions", str(tmp_path / "d.csv"))
    assert not (tmp_path / "d.csv").exists()


def test_rent_has_the_columns_of_the_formats(tenant: Company, tmp_path: Path):
    let(CompanyFactory(code="A-000"), number="L-0", first=dt.date(2026, 5, 31))
    call_command("bill", "--month", "2026-05")
    assert export("rent", tmp_path / "r.csv", "--month", "2026-05") == [
        {
            "company": "A-000", "lease": "L-0", "month": "2026-05", "days": "1", "waived_days": "1", "rent": "100.00",
            "waived": "100.00", "payable": "0.00",
        },
        {
            "company": "T-001", "lease": "L-1", "month": "2026-05", "days": "31", "waived_days": "31",
            "rent": "12400.00", "waived": "9300.00", "payable": "3100.00",
        },
    ]  # fmt: skip


def test_rent_of_a_month_that_was_not_billed_is_refused(tenant: Company, tmp_path: Path):
    call_command("bill", "--month", "2026-05")
    with pytest.raises(CommandError, match=r"manage.py bill --month 2026-06"):
        call_command("export_data", "rent", str(tmp_path / "r.csv"), "--month", "2026-06")


def test_a_billed_month_without_a_lease_is_an_empty_file(policy: PolicyVersion, tmp_path: Path):
    call_command("bill", "--month", "2020-01")
    assert export("rent", tmp_path / "r.csv", "--month", "2020-01") == []
