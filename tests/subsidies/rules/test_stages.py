"""The criteria of the four stages and the moves that evidence speaks for: both sides of every threshold, and what is
unknown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subsidies.rules import pack
from subsidies.rules.evaluate import SEPARATOR, decide
from subsidies.rules.explain import explain
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.stages import STAGES
from subsidies.rules.stages.evidence import Evidence, stage_facts
from subsidies.rules.stages.facts import MOST_GROWTH, STAGE_FACTS
from subsidies.rules.stages.proposing import proposals
from subsidies.rules.stages.revenue import rate, root
from tests.subsidies.rules.cases import PACK

ON = date(2026, 6, 30)
DAY = timedelta(days=1)
YUAN = 100
MILLION = 1_000_000 * YUAN
PARAMETERS = PACK.parameter_set()


def with_values(**values: int) -> ParameterSet:
    changed = {
        name.replace("__", "."): replace(PARAMETERS.parameters[name.replace("__", ".")], value=Decimal(value))
        for name, value in values.items()
    }
    return replace(PARAMETERS, parameters={**PARAMETERS.parameters, **changed})


def company(number: int = 1, **fields: Any) -> dict[str, Any]:
    young = {"kind": "company", "founded_on": date(2020, 6, 30), "listed": False, "bad_credit": False}
    return {"company": number, **young, **fields}


def year(ended: int, revenue: int | None, number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"company": number, "period_end": date(ended, 12, 31), "months": 12, "revenue": revenue, **fields}


def quarter(day: date, revenue: int | None, number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"company": number, "period_end": day, "months": 3, "revenue": revenue, **fields}


def closed(amount: int | None, day: date = date(2026, 1, 1), number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"company": number, "closed_on": day, "amount": amount, **fields}


def facts(*, on: date = ON, parameters: ParameterSet = PARAMETERS, **rows: Any) -> dict[str, Any]:
    rows.setdefault("companies", [company()])
    known = Evidence.of(**rows)
    days = known.companies.select("company").with_columns(on=on)
    return stage_facts(known, parameters, days).row(0, named=True)


def verdict(stage: str, *, on: date = ON, parameters: ParameterSet = PARAMETERS, **rows: Any) -> dict[str, Any]:
    rows.setdefault("companies", [company()])
    known = Evidence.of(**rows)
    found = stage_facts(known, parameters, known.companies.select("company").with_columns(on=on))
    return decide([STAGES[stage]], found, parameters, on, STAGE_FACTS).row(0, named=True)


def outcome(stage: str, **options: Any) -> str:
    return str(verdict(stage, **options)["outcome"])


def move(*, on: date = ON, parameters: ParameterSet = PARAMETERS, **rows: Any) -> dict[str, Any]:
    return proposals(Evidence.of(**rows), parameters, on).row(0, named=True)


YES, NO, UNKNOWN = "eligible", "not_eligible", "unknown"


def test_every_parameter_of_the_stages_is_asked_for_and_no_other():
    used = {name for stage in STAGES.values() for name in stage.parameters}
    of_facts = {"stages.chick.revenue_months", "stages.growing.venture_capital_years"}
    of_moves = {"stages.reports_before_demotion"}
    assert used | of_facts | of_moves == {name for name in PACK.parameters if name.startswith("stages.")}


def test_stages_stand_in_the_order_of_the_pack():
    assert tuple(STAGES) == tuple(PACK.stages)


# --- Nestling and chick


@pytest.mark.parametrize("kind", ["company", "team", "anchor"])
def test_whoever_was_admitted_is_a_nestling(kind):
    assert outcome("nestling", companies=[company(kind=kind)]) == YES


def test_a_team_is_no_chick_whatever_it_has():
    rows = {"reports": [year(2025, 9 * MILLION, product_in_use=True)], "rounds": [closed(9 * MILLION)]}
    found = verdict("chick", companies=[company(kind="team")], **rows)
    assert (found["outcome"], found["unmet"]) == (NO, "incorporated")


@pytest.mark.parametrize(("in_use", "expected"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_a_product_in_use_makes_a_chick(in_use, expected):
    assert outcome("chick", reports=[year(2025, 0, product_in_use=in_use)]) == expected


def test_the_last_report_that_tells_of_the_product_counts():
    told = [year(2023, 0, product_in_use=True), year(2024, 0, product_in_use=False), year(2025, 0)]
    assert facts(reports=told)["product_in_use"] is False


@pytest.mark.parametrize(("revenue", "expected"), [(500_000_00, YES), (499_999_99, NO), (None, UNKNOWN)])
def test_revenue_makes_a_chick(revenue, expected):
    assert outcome("chick", reports=[year(2025, revenue, product_in_use=False)]) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1_000_000_00], YES), ([999_999_99], NO), ([600_000_00, 400_000_00], YES), ([999_999_99, None], UNKNOWN),
        ([1_000_000_00, None], YES), ([None], UNKNOWN), ([], NO),
    ],
)  # fmt: skip
def test_outside_investment_makes_a_chick(amounts, expected):
    rounds = [closed(amount) for amount in amounts]
    assert outcome("chick", reports=[year(2025, 0, product_in_use=False)], rounds=rounds) == expected


def test_what_is_missing_is_named():
    found = verdict("chick", rounds=[closed(None)])
    assert found["missing"].split(SEPARATOR) == ["product_in_use", "recent_revenue", "outside_investment"]
    assert verdict("chick")["missing"].split(SEPARATOR) == ["product_in_use", "recent_revenue"]


def test_rounds_and_reports_of_later_days_do_not_count():
    rows = {"reports": [quarter(ON, 9 * MILLION, product_in_use=True)], "rounds": [closed(9 * MILLION, ON + DAY)]}
    found = facts(**rows)
    assert (found["product_in_use"], found["funding_rounds"]) == (None, 0)
    found = facts(on=ON + DAY, **rows)
    assert (found["product_in_use"], found["funding_rounds"]) == (True, 1)


# --- Revenue of the last months


QUARTERS = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)]


def test_four_quarters_make_a_year():
    told = [quarter(day, 100 + place) for place, day in enumerate(QUARTERS)]
    assert facts(reports=told)["yearly_revenue"] == 406
    assert facts(reports=told[1:])["yearly_revenue"] is None
    assert facts(reports=[*told[:2], quarter(QUARTERS[2], None), told[3]])["yearly_revenue"] is None


def test_a_yearly_report_goes_before_its_quarters():
    told = [year(2025, 999), *(quarter(date(2025, month, day), 1) for month, day in ((3, 31), (6, 30), (9, 30)))]
    assert facts(reports=told)["yearly_revenue"] == 999


def test_the_newest_twelve_months_count():
    told = [year(2024, 500), *(quarter(day, 100) for day in QUARTERS)]
    assert facts(reports=told)["yearly_revenue"] == 400
    assert facts(reports=[year(2025, 500), quarter(QUARTERS[3], 100)])["yearly_revenue"] == 500


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 12, 31), 7), (date(2027, 1, 1), None)])
def test_revenue_older_than_a_year_is_unknown(on, expected):
    found = facts(reports=[year(2025, 7)], on=on)
    assert (found["recent_revenue"], found["yearly_revenue"]) == (expected, expected)


@pytest.mark.parametrize(("months", "expected"), [(12, 406), (6, 205), (4, 205), (3, 103), (15, None)])
def test_the_months_that_count_are_a_parameter(months, expected):
    told = [quarter(day, 100 + place) for place, day in enumerate(QUARTERS)]
    parameters = with_values(stages__chick__revenue_months=months)
    assert facts(reports=told, parameters=parameters)["recent_revenue"] == expected


def test_a_longer_time_is_covered_by_years_and_quarters_together():
    told = [year(2024, 1000), *(quarter(day, 100) for day in QUARTERS), quarter(date(2025, 3, 31), 100)]
    parameters = with_values(stages__chick__revenue_months=24)
    assert facts(reports=[year(2025, 500), year(2024, 1000)], parameters=parameters)["recent_revenue"] == 1500
    assert facts(reports=told, parameters=parameters)["recent_revenue"] == 1400  # the year 2024 and four quarters


# --- Growing


def grown(first: int, last: int) -> list[dict[str, Any]]:
    return [year(2022, first), year(2025, last)]


@pytest.mark.parametrize(
    ("revenue", "percent", "expected"),
    [
        (10 * MILLION, 20, YES), (10 * MILLION - 1, 40, NO), (49 * MILLION, 19, NO), (50 * MILLION, 20, YES),
        (50 * MILLION, 15, YES), (50 * MILLION - 1, 15, NO), (50 * MILLION + 1, 15, YES), (100 * MILLION, 15, YES),
        (100 * MILLION, 14, NO), (100 * MILLION, 10, NO), (100 * MILLION + 1, 10, YES), (100 * MILLION + 1, 9, NO),
    ],
)  # fmt: skip
def test_revenue_and_growth_make_a_growing_company(revenue, percent, expected):
    first = revenue * 100**3 // (100 + percent) ** 3  # grows by just as much, or a little more
    assert outcome("growing", reports=grown(first, revenue)) == expected


def test_growth_is_exact_to_the_hundredth_of_a_percent():
    assert rate(1728 * MILLION, 1000 * MILLION, 3) == 20_00
    assert rate(1728 * MILLION - 1, 1000 * MILLION, 3) == 19_99
    assert outcome("growing", reports=grown(10 * MILLION, 17_280_000_00)) == YES
    assert outcome("growing", reports=grown(10 * MILLION, 17_279_999_99)) == NO


@pytest.mark.parametrize("low", [30, 10])
def test_bands_hold_where_a_zone_asks_less_of_small_companies(low):
    parameters = with_values(stages__growing__growth_low=low, stages__growing__growth_high=30)
    reports = grown(100 * MILLION, 172_800_000_00)  # 20 % a year
    assert outcome("growing", reports=reports, parameters=parameters) == NO


def test_growth_shrinks_and_starts_from_nothing():
    assert rate(0, 5, 3) == -100_00
    assert rate(5, 0, 3) == MOST_GROWTH
    assert rate(0, 0, 3) == 0


@pytest.mark.parametrize("degree", [1, 2, 3, 7])
def test_roots_are_whole_and_never_too_large(degree):
    for number in [*range(200), 10**26 - 1, 10**26, 10**26 + 1]:
        found = root(number, degree)
        assert found**degree <= number < (found + 1) ** degree


def test_growth_is_unknown_without_the_year_before():
    found = verdict("growing", reports=[year(2024, 10 * MILLION), year(2025, 30 * MILLION)])
    assert (found["outcome"], found["missing"]) == (UNKNOWN, "revenue_growth")


def test_growth_is_of_the_newest_months_of_which_both_ends_are_told():
    told = [year(2022, 10 * MILLION), year(2025, 20 * MILLION), *(quarter(day, 8 * MILLION) for day in QUARTERS)]
    found = facts(reports=told)
    assert (found["yearly_revenue"], found["revenue_growth"]) == (32 * MILLION, rate(2, 1, 3))


@pytest.mark.parametrize(
    ("founded", "expected"),
    [
        (date(2011, 6, 30), YES), (date(2011, 6, 29), NO), (date(2023, 6, 30), YES), (date(2023, 7, 1), NO),
        (None, UNKNOWN),
    ],
)  # fmt: skip
def test_a_growing_company_is_neither_too_old_nor_too_young_to_have_grown(founded, expected):
    reports = grown(10 * MILLION, 20 * MILLION)
    assert outcome("growing", companies=[company(founded_on=founded)], reports=reports) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([5 * MILLION], YES), ([5 * MILLION - 1], NO), ([5 * MILLION - 1, None], UNKNOWN), ([5 * MILLION, None], YES)],
)
def test_venture_capital_makes_a_growing_company(amounts, expected):
    rounds = [closed(amount) for amount in amounts]
    assert outcome("growing", reports=grown(5, 5), rounds=rounds) == expected


def test_venture_capital_counts_for_three_years():
    rounds = [closed(5 * MILLION, date(2023, 3, 1))]
    options = {"reports": grown(5, 5), "rounds": rounds}
    assert outcome("growing", on=date(2026, 2, 28), **options) == YES
    assert outcome("growing", on=date(2026, 3, 1), **options) == NO
    # Before a company is three years old, its capital alone can make it grow.
    assert outcome("growing", companies=[company(founded_on=date(2025, 1, 1))], rounds=rounds) == NO
    rounds = [closed(5 * MILLION)]
    assert outcome("growing", companies=[company(founded_on=date(2025, 1, 1))], rounds=rounds) == YES


# --- Unicorn


BILLION = 1_000_000_000_00


def valued(valuation: int | None, day: date = date(2026, 1, 1)) -> dict[str, Any]:
    return closed(None, day, valuation=valuation)


@pytest.mark.parametrize(("valuation", "expected"), [(BILLION + 1, YES), (BILLION, NO), (None, UNKNOWN)])
def test_a_unicorn_is_valued_above_a_billion_dollars(valuation, expected):
    assert outcome("unicorn", rounds=[valued(valuation)]) == expected


def test_the_newest_known_valuation_counts():
    rounds = [valued(9 * BILLION, date(2024, 1, 1)), valued(BILLION, date(2025, 1, 1)), valued(None)]
    assert facts(rounds=rounds)["valuation_usd"] == BILLION


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"founded_on": date(2016, 6, 30)}, YES), ({"founded_on": date(2016, 6, 29)}, NO),
        ({"founded_on": None}, UNKNOWN), ({"listed": True}, NO), ({"listed": None}, UNKNOWN),
        ({"bad_credit": True}, NO), ({"bad_credit": None}, UNKNOWN), ({"kind": "team"}, NO),
    ],
)  # fmt: skip
def test_a_unicorn_is_young_unlisted_and_without_bad_credit(fields, expected):
    assert outcome("unicorn", companies=[company(**fields)], rounds=[valued(2 * BILLION)]) == expected


def test_a_company_in_which_nobody_invested_is_no_unicorn():
    found = verdict("unicorn")
    assert (found["outcome"], found["unmet"]) == (NO, "privately_invested")


def test_absurd_entries_of_one_company_refuse_nobody():
    rounds = [closed(10**16, valuation=10**16), closed(10**16)]
    assert outcome("unicorn", rounds=rounds) == YES
    assert outcome("growing", rounds=rounds) == YES


# --- Moves


def test_everybody_without_a_stage_is_proposed_one():
    found = move(companies=[company(kind="team")])
    assert (found["stage"], found["proposed"], found["about"], found["unmet"]) == (
        None,
        "nestling",
        "chick",
        "incorporated",
    )


def test_a_move_up_skips_what_is_skipped():
    rounds = [closed(5 * MILLION, valuation=2 * BILLION)]
    assert move(companies=[company(stage="nestling")], rounds=rounds)["proposed"] == "unicorn"
    rounds = [closed(5 * MILLION)]
    found = move(companies=[company(stage="nestling")], rounds=rounds)
    assert (found["proposed"], found["about"], found["missing"]) == ("growing", "unicorn", "valuation_usd")


def test_nothing_is_proposed_where_the_stage_is_right():
    found = move(companies=[company(stage="chick")], rounds=[closed(MILLION)])
    assert (found["proposed"], found["about"]) == (None, "growing")
    assert found["missing"].split(SEPARATOR) == ["yearly_revenue", "revenue_growth"]


def test_a_unicorn_has_no_next_stage():
    found = move(companies=[company(stage="unicorn")], rounds=[closed(1, valuation=2 * BILLION)])
    assert (found["proposed"], found["about"], found["unmet"], found["missing"]) == (None, None, "", "")


def test_two_reports_in_a_row_fall_short_before_a_move_down():
    companies = [company(stage="chick", founded_on=date(2020, 1, 1))]
    one = [year(2025, 400_000_00, product_in_use=False)]
    found = move(companies=companies, reports=one)
    assert (found["proposed"], found["about"]) == (None, "chick")
    assert found["unmet"].split(SEPARATOR) == ["product_in_use", "revenue_reached", "investment_reached"]
    two = [*one, year(2024, 400_000_00, product_in_use=False)]
    found = move(companies=companies, reports=two)
    assert (found["proposed"], found["reports"], found["about"]) == ("nestling", "2025-12-31;2024-12-31", "chick")


@pytest.mark.parametrize("before", [{"revenue": 500_000_00}, {"product_in_use": True}, {"revenue": None}])
def test_a_report_between_that_does_not_fall_short_keeps_the_stage(before):
    first = year(2024, 1, product_in_use=False) | before
    told = [year(2023, 1, product_in_use=False), first, year(2025, 1, product_in_use=False)]
    assert move(companies=[company(stage="chick")], reports=told)["proposed"] is None


def test_how_many_reports_is_a_parameter():
    told = [year(ended, 1, product_in_use=False) for ended in (2023, 2024, 2025)]
    companies = [company(stage="chick")]
    for wanted, expected in ((1, "nestling"), (3, "nestling"), (4, None)):
        parameters = with_values(stages__reports_before_demotion=wanted)
        found = move(companies=companies, reports=told, parameters=parameters)
        assert found["proposed"] == expected
        assert len(found["reports"].split(SEPARATOR)) == (wanted if expected else 1)


def test_what_is_unknown_moves_nobody_down():
    told = [year(2024, 1, product_in_use=False), year(2025, 1, product_in_use=False)]
    rounds = [closed(None)]
    assert move(companies=[company(stage="chick")], reports=told, rounds=rounds)["proposed"] is None
    # Nor further down than to the first stage that may be right: here the chick is unknown.
    told = [year(2022, 1), *(year(ended, 1) for ended in (2023, 2024, 2025))]
    found = move(companies=[company(stage="growing")], reports=told)
    assert (found["proposed"], found["about"]) == (None, "growing")


def test_a_company_falls_to_the_highest_stage_that_is_met():
    told = [year(ended, 9 * MILLION) for ended in (2021, 2022, 2023, 2024, 2025)]
    found = move(companies=[company(stage="growing")], reports=told)
    assert (found["proposed"], found["about"]) == ("chick", "growing")


def test_capital_that_no_longer_counts_takes_two_reports_too():
    told = [year(ended, 9 * MILLION) for ended in (2021, 2022, 2023, 2024, 2025)]
    companies = [company(stage="growing")]
    # It counted when the report of 2024 ended, and does not on the day.
    rounds = [closed(5 * MILLION, date(2022, 3, 1))]
    assert move(companies=companies, reports=told, rounds=rounds)["proposed"] is None
    rounds = [closed(5 * MILLION, date(2021, 12, 31))]
    assert move(companies=companies, reports=told, rounds=rounds)["proposed"] == "chick"
    # Whether it is a unicorn nobody knows: that keeps no company where it does not belong, but a higher stage that was
    # met by one of the reports does.
    rich = [closed(1, date(2021, 12, 31), valuation=2 * BILLION), closed(1, date(2025, 6, 30), valuation=1)]
    assert move(companies=companies, reports=told, rounds=rich)["proposed"] is None


@pytest.mark.parametrize("column", ["registered_until", "operating_until"])
def test_who_has_left_stays_where_he_was(column):
    rounds = [closed(5 * MILLION)]
    assert move(companies=[company(stage="chick", **{column: ON})], rounds=rounds)["proposed"] is None
    assert move(companies=[company(stage="chick", **{column: ON + DAY})], rounds=rounds)["proposed"] == "growing"


def test_many_companies_are_judged_each_by_its_own():
    companies = [company(number, stage="chick") for number in (3, 1, 2)]
    told = [year(ended, 1, number, product_in_use=False) for number in (1, 2) for ended in (2024, 2025)]
    rounds = [closed(9 * MILLION, number=3), closed(MILLION, number=2)]
    found = proposals(Evidence.of(companies=companies, reports=told, rounds=rounds), PARAMETERS, ON)
    assert found.select("company", "proposed").rows() == [(3, "growing"), (1, "nestling"), (2, None)]


def test_nobody_on_record_is_nobody_proposed():
    assert proposals(Evidence.of(), PARAMETERS, ON).is_empty()


def test_a_stage_explains_itself():
    row = facts(rounds=[closed(MILLION), closed(None)])
    found = explain(STAGES["chick"], row, PARAMETERS, ON, STAGE_FACTS)
    invested = next(leaf for leaf in found.criteria.leaves() if leaf.key == "investment_reached")
    assert (invested.value, invested.threshold, invested.unit) == (1_000_000_00, 1_000_000_00, "CNY")
    assert (found.outcome, [parameter.name for parameter in invested.parameters]) == (
        YES, ["stages.chick.outside_investment"],
    )  # fmt: skip
    assert all(leaf.clause == "chick" for leaf in found.criteria.leaves())


def test_the_default_pack_names_who_stands_behind_each_threshold():
    names = [name for stage in STAGES.values() for name in stage.parameters]
    assert {PACK.parameters[name].provenance.value for name in names} == {"assumed", "adopted"}
    assert pack.DEFAULT_PACK.exists()
