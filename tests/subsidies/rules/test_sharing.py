"""How an amount that a maximum cuts short is shared over what it rests on, in the order of the items."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules import granting
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.records import Records, facts_of
from tests.subsidies.rules.cases import DAY_OF_CASES, on_record, parameters

ON = DAY_OF_CASES
VERSION = parameters()
TIMELINE = Timeline([VERSION])
AWARDS = {grade: VERSION[f"talent.award_{grade}"] for grade in "abcde"}
CAP = VERSION["talent.yearly_cap"]


def found(point: str, records: Records, on: date = ON) -> pl.DataFrame:
    terms = Terms(VERSION, on)
    counted = granting.items(records, TIMELINE, on, point)
    return granting.shared(counted, facts_of(records, TIMELINE, on), point, terms)


def amounts(point: str, records: Records, on: date = ON) -> dict[str, list[int | None]]:
    whole = granting.amounts(facts_of(records, TIMELINE, on), point, Terms(VERSION, on))
    return {part: values.to_list() for part, values in whole.items()}


def shares(point: str, records: Records) -> list[tuple[str, int, bool]]:
    return found(point, records).select("code", "gives", "held").rows()


def talent(code: str, grade: str, **more: object) -> dict:
    return {"talent": code, "grade": grade, **more}


def cost(code: str, yuan: int, point: str = "activities", kind: str | None = None, **more: object) -> dict:
    return {"expense": code, "point": point, "kind": kind, "amount": yuan * 100, **more}


def test_within_the_maximum_each_gives_what_it_is_worth():
    records = on_record(talents=[talent("T2", "b"), talent("T1", "d")])
    assert shares("talent", records) == [("T1", 100_000_00, True), ("T2", 500_000_00, True)]


def test_the_maximum_goes_to_the_first_and_one_may_get_a_part():
    records = on_record(talents=[talent(f"T{n}", grade) for n, grade in enumerate("abbca")])
    assert shares("talent", records) == [
        ("T0", 1_000_000_00, True), ("T1", 500_000_00, True), ("T2", 500_000_00, True), ("T3", 0, False),
        ("T4", 0, False),
    ]  # fmt: skip
    records = on_record(talents=[talent(f"T{n}", grade) for n, grade in enumerate("eaaa")])
    assert shares("talent", records) == [
        ("T0", 50_000_00, True), ("T1", 1_000_000_00, True), ("T2", 950_000_00, True), ("T3", 0, False),
    ]  # fmt: skip


def test_what_was_granted_in_the_year_leaves_so_much_less():
    granted = [{"point": "talent", "granted_on": ON, "amount": 1_950_000_00}]
    records = on_record(talents=[talent("T1", "d"), talent("T2", "d")], grants=granted)
    assert shares("talent", records) == [("T1", 50_000_00, True), ("T2", 0, False)]


def test_companies_do_not_share_a_maximum():
    records = on_record(talents=[talent(f"T{key}{n}", "a", company=key) for key in (1, 2) for n in range(3)])
    assert [held for _code, _gives, held in shares("talent", records)] == [True, True, False] * 2


def test_kinds_of_voucher_have_a_maximum_each_and_kinds_of_computing_share_one():
    records = on_record(expenses=[
        cost("C1", 500_000, "ai_vouchers", "compute"), cost("C2", 500_000, "ai_vouchers", "compute_other"),
        cost("C3", 500_000, "ai_vouchers", "compute_other"), cost("M1", 400_000, "ai_vouchers", "model"),
        cost("M2", 300_000, "ai_vouchers", "model"), cost("M3", 1, "ai_vouchers", "model"),
    ], reports=[{"employees": 5000, "revenue": 10**13}])  # fmt: skip
    assert shares("ai_vouchers", records) == [
        ("C1", 150_000_00, True), ("C2", 50_000_00, True), ("C3", 0, False), ("M1", 120_000_00, True),
        ("M2", 80_000_00, True), ("M3", 0, False),
    ]  # fmt: skip


def test_what_a_maximum_for_good_leaves_nothing_for_is_held_all_the_same():
    costs = [cost(f"E{n}", 300_000, "settlement") for n in range(2)]
    assert shares("settlement", on_record(expenses=costs)) == [("E0", 100_000_00, True), ("E1", 0, True)]


def test_projects_have_no_maximum_together():
    leading = [{"project": "P1", "score": 95_00}, {"project": "P2", "score": 85_00}]
    assert [row[1:] for row in shares("leading_project", on_record(projects=leading))] == [
        (3_000_000_00, True), (1_000_000_00, True),
    ]  # fmt: skip
    angel = [
        {"project": f"P{n}", "kind": "angel", "score": 90_00, "requested": asked * 100}
        for n, asked in enumerate([500_000, 3_000_000, 20_000])
    ]
    assert [gives for _code, gives, _held in shares("angel_fund", on_record(projects=angel))] == [
        500_000_00, 1_000_000_00, 20_000_00,
    ]  # fmt: skip


def test_nothing_counts_nothing_is_shared():
    assert found("talent", on_record()).is_empty()


def test_while_the_amount_is_unknown_so_are_the_shares():
    records = on_record(
        expenses=[cost("M1", 600_000, "ai_vouchers", "model", admitted=True)],
        projects=[{"project": "P1", "kind": "angel", "score": 90_00, "requested": None}],
    )
    assert shares("angel_fund", records) == [("P1", None, True)]


GRADES = st.lists(st.sampled_from("abcde"), min_size=1, max_size=8)
FEN = st.lists(st.integers(1, 60_000_000), min_size=1, max_size=6)


@settings(deadline=None)
@given(grades=GRADES, granted=st.integers(0, CAP + 1))
def test_the_shares_of_talents_are_what_is_given(grades: list[str], granted: int):
    records = on_record(
        talents=[talent(f"T{n}", grade) for n, grade in enumerate(grades)],
        grants=[{"point": "talent", "granted_on": ON, "amount": granted}],
    )
    _check("talent", records, [AWARDS[grade] for grade in grades])


@settings(deadline=None)
@given(fen=FEN, kinds=st.data(), is_small=st.booleans())
def test_the_shares_of_vouchers_are_what_is_given_to_the_fen(fen: list[int], kinds: st.DataObject, is_small: bool):
    costs = [
        {"expense": f"E{n}", "kind": kinds.draw(st.sampled_from(["model", "compute", "compute_other"])), "amount": one}
        for n, one in enumerate(fen)
    ]
    employees = 20 if is_small else 5000
    _check("ai_vouchers", on_record(expenses=costs, reports=[{"employees": employees}]), fen)


@settings(deadline=None)
@given(fen=FEN)
def test_the_shares_of_activities_are_what_is_given_to_the_fen(fen: list[int]):
    costs = [{"expense": f"E{n}", "point": "activities", "kind": None, "amount": one} for n, one in enumerate(fen)]
    _check("activities", on_record(expenses=costs), fen)


def _check(point: str, records: Records, worth: list[int]) -> None:
    """They add up to the amount, nobody gets more than he is worth, and what is not held makes no difference."""
    rows = found(point, records)
    for part, (amount,) in amounts(point, records).items():
        own = rows.filter(pl.col("part") == part)
        assert own["gives"].sum() == amount
        assert (own["gives"] >= 0).all()
        assert own.filter(pl.col("gives") > pl.col("worth")).is_empty()
        assert own.filter("held")["gives"].sum() == amount
        assert (own["held"] == (own["gives"] > 0)).all()
    assert sorted(rows["worth"]) == sorted(worth)
