"""What is on record: frames of the right shape, and those of some companies alone."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from subsidies.rules.errors import BadFacts
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import SCHEMAS, SOURCES, Known, Records, Source, empty
from tests.subsidies.rules.cases import ITEMS, SETTLED, on_record, parameters

DRAWN = date(2026, 1, 5)


def companies(*keys: object) -> pl.DataFrame:
    rows = [{"company": key, "kind": "company"} for key in keys]
    schema = {**SCHEMAS["companies"], "company": pl.String()} if isinstance(keys[0], str) else SCHEMAS["companies"]
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def loan(company: int, number: str) -> dict:
    return {"company": company, "loan": number, "principal": 1, "rate": 1, "drawn_on": DRAWN, "due_on": None}


def test_a_frame_that_is_not_given_is_empty_and_typed():
    records = Records(companies(1))
    assert all(getattr(records, name).schema == schema for name, schema in SCHEMAS.items())
    assert records.loans.is_empty()


def test_companies_may_be_named_as_one_likes():
    assert Records(companies("A", "B")).loans.schema["company"] == pl.String()


@pytest.mark.parametrize(
    ("name", "column", "dtype"), [("loans", "principal", pl.Float64()), ("loans", "company", pl.String())]
)
def test_a_frame_of_the_wrong_shape_is_refused(name, column, dtype):
    frame = pl.DataFrame([loan(1, "K-1")], schema=SCHEMAS[name]).cast({column: dtype})
    with pytest.raises(BadFacts, match=f"{name}: {column} is"):
        Records(companies(1), **{name: frame})


def test_a_frame_that_lacks_a_column_is_refused_even_when_it_is_empty():
    with pytest.raises(BadFacts, match="talents: grade is None"):
        Records(companies(1), talents=empty("talents").drop("grade"))


def test_a_company_that_stands_twice_is_refused():
    with pytest.raises(BadFacts, match="stands twice"):
        Records(companies(1, 1))


def test_the_records_of_some_companies_are_theirs_alone():
    loans = pl.DataFrame([loan(1, "K-1"), loan(2, "K-2")], schema=SCHEMAS["loans"])
    paid = [{"loan": number, "paid_on": DRAWN, "amount": 1} for number in ("K-1", "K-2")]
    own = Records(companies(1, 2), loans=loans, repayments=pl.DataFrame(paid, schema=SCHEMAS["repayments"])).of([2])
    assert (own.companies["company"].to_list(), own.loans["loan"].to_list()) == ([2], ["K-2"])
    assert own.repayments["loan"].to_list() == ["K-2"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.starts[0])
@pytest.mark.parametrize("on", [date(2020, 2, 29), date(2026, 6, 15), date(2035, 12, 31)])
@pytest.mark.parametrize("area", ["300", "0"])
def test_of_what_is_not_on_record_the_same_is_said_of_every_company_on_any_day(source: Source, on: date, area: str):
    law = Timeline([parameters(rent_waiver__area_m2=area)])
    others = [{}, {**SETTLED, "operating_from": None}, {"registered_from": None, "kind": "team", "founded_on": None}]
    rows = [{**dict.fromkeys(SCHEMAS["companies"]), **row, "company": key} for key, row in enumerate(others)]
    rich = on_record(**{name: [{}] for name in ITEMS})
    known = Known.of(
        Records(
            pl.DataFrame(rows, schema=SCHEMAS["companies"]),
            **{name: getattr(rich, name) for name in ("leases", "grants") if name != source.frame},
        ),
        law,
        on,
    )
    assert_frame_equal(known.found(source), source.make(known))
