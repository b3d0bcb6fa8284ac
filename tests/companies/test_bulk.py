"""Set-based writes of the register."""

import datetime as dt

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stdnum.cn.uscc import calc_check_digit

from companies.bulk import COLUMNS, Upserted, upsert_companies, upsert_relations
from companies.models import Company, Relation, StageChange
from core.errors import Conflict, Incomplete
from core.models import OutboxEvent
from core.periods import period
from tests.companies.conftest import ON, USCC

pytestmark = pytest.mark.django_db


def full(code: str, **values) -> dict:
    row = {
        "code": code, "name": f"Company {code}", "name_zh": "星云", "uscc": None, "kind": "company", "industry": "AI",
        "founded_on": dt.date(2020, 1, 2), "registration_from": ON, "registration_until": None, "operation_from": None,
        "operation_until": None, "stage": "chick", "listed": False, "bad_credit": None, "country": "CN",
        "website": "https://www.a.example/",
    }  # fmt: skip
    return {**row, **values}


def write(*rows: dict) -> Upserted:
    schema = {name: kind for name, kind in COLUMNS.items() if name in rows[0]}
    return upsert_companies(pl.DataFrame(list(rows), schema=schema), on=ON)


def test_a_second_run_changes_nothing_and_writes_nothing():
    rows = [full(f"A-{number}") for number in range(5)]
    assert write(*rows) == Upserted(new=5, changed=0, unchanged=0)
    before = Company.objects.first().events.count(), StageChange.objects.count(), OutboxEvent.objects.count()
    assert write(*rows) == Upserted(new=0, changed=0, unchanged=5)
    assert (Company.objects.first().events.count(), StageChange.objects.count(), OutboxEvent.objects.count()) == before


def test_what_is_written_is_what_the_services_would_have_written():
    write(full("A-1", name="Zoë", uscc=USCC.lower(), registration_until=dt.date(2027, 1, 1)))
    company = Company.objects.get()
    assert company.uscc == USCC
    assert company.registration == period(ON, dt.date(2026, 12, 31))
    assert (company.operation, company.bad_credit, company.listed) == (None, None, False)
    assert (company.website_host, company.match_name, company.match_name_zh) == ("a.example", "zoe", "xing yun")
    assert list(Company.objects.search_for("星云 zo")) == [company]
    company.full_clean()


def test_a_change_is_audited_counted_and_keeps_the_history_of_stages():
    write(full("A-1"), full("A-2"))
    assert write(full("A-1", stage="growing", name="New"), full("A-2")) == Upserted(new=0, changed=1, unchanged=1)
    company = Company.objects.get(code="A-1")
    assert company.revision == 2
    assert list(company.events.values_list("pgh_label", "stage")) == [("insert", "chick"), ("update", "growing")]
    assert list(company.stage_changes.values_list("stage", "since")) == [("chick", ON), ("growing", ON)]
    assert list(Company.objects.search_for("new")) == [company]


def test_columns_that_are_not_in_the_file_keep_what_the_register_holds():
    write(full("A-1", registration_until=dt.date(2027, 1, 1)))
    assert write({"code": "A-1", "name": "Renamed"}).changed == 1
    company = Company.objects.get()
    assert (company.name, company.name_zh, company.stage, company.industry) == ("Renamed", "星云", "chick", "AI")
    assert company.registration == period(ON, dt.date(2026, 12, 31))
    assert list(Company.objects.search_for("renamed 星云")) == [company]


def test_null_is_unknown_and_is_written_as_such():
    write(full("A-1"))
    write(full("A-1", name_zh=None, founded_on=None, listed=None, registration_from=None, stage=None, industry=None))
    company = Company.objects.get()
    assert (company.name_zh, company.founded_on, company.listed, company.registration) == ("", None, None, None)
    assert list(company.stage_changes.values_list("stage", flat=True)) == ["chick", ""]


def test_two_companies_may_swap_their_credit_codes():
    second = "91330100000000001" + calc_check_digit("91330100000000001")
    write(full("A-1", uscc=USCC), full("A-2", uscc=second))
    assert write(full("A-1", uscc=second), full("A-2", uscc=USCC)).changed == 2
    assert dict(Company.objects.values_list("code", "uscc")) == {"A-1": second, "A-2": USCC}


def test_a_credit_code_of_a_company_outside_the_file_is_refused_by_name():
    write(full("A-1", uscc=USCC))
    with pytest.raises(Conflict, match=r"A-2 \(A-1\)"):
        write(full("A-2", uscc=USCC), full("A-3"))
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([full("A-1"), full("A-1")], "Named twice: A-1"),
        ([full("A-1", uscc=USCC), full("A-2", uscc=USCC)], "A-1, A-2"),
        ([full("A-1", registration_until=ON)], "ends before it begins: A-1"),
        ([full(f"A-{n}", operation_from=ON, operation_until=ON) for n in range(7)], "and 2 more"),
    ],
)
def test_rows_that_contradict_each_other_are_named(rows, words):
    with pytest.raises(Incomplete, match=words):
        write(*rows)
    assert not Company.objects.exists()


@pytest.mark.parametrize("values", [{"kind": "club"}, {"stage": "egg"}, {"code": "a b"}])
def test_what_a_constraint_refuses_is_a_conflict_and_leaves_nothing(values):
    with pytest.raises(Conflict):
        write(full("A-2"), full(**{"code": "A-1", **values}))
    assert not Company.objects.exists()


def test_a_frame_of_another_shape_is_the_callers_mistake():
    with pytest.raises(ValueError, match="lacks name"):
        upsert_companies(pl.DataFrame({"code": ["A"]}), on=ON)
    with pytest.raises(ValueError, match="unknown columns: colour"):
        upsert_companies(pl.DataFrame({"code": ["A"], "name": ["A"], "colour": ["red"]}), on=ON)


def test_the_number_of_statements_does_not_depend_on_the_rows():
    counts = []
    for size in (2, 60):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            write(*[full(f"S{size}-{number}") for number in range(size)])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def relations(*rows: dict) -> Upserted:
    return upsert_relations(pl.DataFrame(list(rows), infer_schema_length=None))


def test_relations_come_in_once_change_and_stay():
    write(full("A-1"), full("A-2"))
    row = {"company": "A-1", "other": "A-2", "kind": "parent", "since": ON, "until": None}
    assert relations(row) == Upserted(1, 0, 0)
    assert relations(row) == Upserted(0, 0, 1)
    assert relations({**row, "kind": "controller"}) == Upserted(0, 1, 0)
    assert relations({"company": "A-1", "other": "A-2", "kind": "controller"}) == Upserted(0, 0, 1)
    relation = Relation.objects.get()
    assert (relation.kind, relation.valid) == ("controller", period(ON, None))


def test_relations_to_nobody_and_to_oneself_are_refused_by_name():
    write(full("A-1"), full("A-2"))
    with pytest.raises(Incomplete, match=r"code X-1, X-2\."):
        relations(*[{"company": f"{letter}-1", "other": f"{letter}-2", "kind": "parent"} for letter in "XA"])
    with pytest.raises(Incomplete, match="Related to itself: A-1"):
        relations({"company": "A-1", "other": "A-1", "kind": "parent"})
    with pytest.raises(Incomplete, match="Named twice: A-1 → A-2"):
        relations(*[{"company": "A-1", "other": "A-2", "kind": kind} for kind in ("parent", "sibling")])
    assert not Relation.objects.exists()
