"""The eight points: the gate, both sides of every threshold, the caps."""

from datetime import date

import pytest

from subsidies.rules.criteria import Is
from subsidies.rules.errors import BadFacts, MissingParameter
from subsidies.rules.evaluate import decide, read_results
from subsidies.rules.facts import FACTS, MOST_COUNT, MOST_FEN, frame_of
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.points import POINTS, Per, Point, Registry
from tests.subsidies.rules.cases import DAY_OF_CASES, ENTITLED, PACK, START, facts, parameters

CODES = [
    "settlement",
    "rent_waiver",
    "talent",
    "leading_project",
    "angel_fund",
    "loan_interest",
    "ai_vouchers",
    "activities",
]


def decision(code: str, on: date = DAY_OF_CASES, version: ParameterSet | None = None, **changes) -> dict:
    return decide([POINTS[code]], facts(changes), version or parameters(), on).row(0, named=True)


def test_the_points_stand_in_the_order_of_the_policy():
    assert list(POINTS) == CODES


def test_a_code_that_is_taken_raises():
    with pytest.raises(ValueError, match="talent is registered twice"):
        Registry([POINTS["talent"], POINTS["talent"]])


def test_two_criteria_with_one_key_raise():
    twice = (Is("k", "registered", "==", value=True), Is("k", "settled", "==", value=True))
    with pytest.raises(ValueError, match="two criteria with one key"):
        Point("p", "P", Per.ONCE, type(POINTS["talent"].criteria)(*twice))


def test_every_parameter_and_fact_of_a_point_exists():
    for point in POINTS.values():
        assert set(point.facts) <= FACTS.keys()
        assert set(point.parameters) <= PACK.parameters.keys()


@pytest.mark.parametrize("code", CODES)
def test_a_company_that_meets_everything_is_eligible_for_every_point(code):
    found = decision(code)
    assert (found["outcome"], found["unmet"], found["missing"]) == ("eligible", "", "")
    assert found["amount_fen"] > 0


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("fact", "key"), [("registered", "registered"), ("settled", "settled")])
def test_nobody_is_eligible_who_is_not_registered_and_settled(code, fact, key):
    found = decision(code, **{fact: False})
    assert (found["outcome"], found["unmet"], found["amount_fen"]) == ("not_eligible", key, 0)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_granted_before_the_policy_is_in_force(code):
    before = decision(code, on=date(2025, 9, 24))
    assert (before["outcome"], before["amount_fen"]) == ("not_eligible", 0)
    assert "policy_in_force" in before["unmet"].split(";")
    assert read_results(POINTS[code], decision(code, on=START)["results"])["policy_in_force"] is True


@pytest.mark.parametrize(
    ("code", "key", "yes", "no"),
    [
        ("settlement", "costs_documented", {"setup_costs_documented": 1}, {"setup_costs_documented": 0}),
        ("settlement", "costs_in_time", {"setup_costs_in_time": 1}, {"setup_costs_in_time": 0}),
        ("settlement", "costs_not_paid_before", {"setup_costs": 1}, {"setup_costs": 0}),
        ("settlement", "not_granted_before", {}, {"setup_costs_granted": True}),
        ("rent_waiver", "area_leased", {"leased_area": 1}, {"leased_area": 0}),
        (
            "rent_waiver",
            "window_open",
            {"first_settled_on": date(2023, 3, 16)},
            {"first_settled_on": date(2023, 3, 15)},
        ),
        ("talent", "talents_employed", {"talents": 1}, {"talents": 0}),
        ("talent", "talents_not_awarded_before", {"talents_unawarded": 1}, {"talents_unawarded": 0}),
        ("talent", "talents_recognised", {"talents_recognised": 1}, {"talents_recognised": 0}),
        (
            "talent",
            "employed_long_enough",
            {"talents_employed_from": date(2025, 9, 15)},
            {"talents_employed_from": date(2025, 9, 16)},
        ),
        ("leading_project", "project_proposed", {"leading_projects": 1}, {"leading_projects": 0}),
        ("leading_project", "recognised", {"leading_score": 80_00}, {"leading_score": 79_99}),
        ("leading_project", "not_awarded_before", {"leading_unawarded": 1}, {"leading_unawarded": 0}),
        ("angel_fund", "young_enough", {"founded_on": date(2021, 3, 15)}, {"founded_on": date(2021, 3, 14)}),
        ("angel_fund", "project_proposed", {"angel_projects": 1}, {"angel_projects": 0}),
        ("angel_fund", "convincing", {"angel_score": 75_00}, {"angel_score": 74_99}),
        ("angel_fund", "not_invested_before", {"angel_uninvested": 1}, {"angel_uninvested": 0}),
        ("loan_interest", "owes_a_bank", {"loan_balance": 1}, {"loan_balance": 0}),
        (
            "loan_interest",
            "interest_window_open",
            {"first_loan_on": date(2023, 3, 16)},
            {"first_loan_on": date(2023, 3, 15)},
        ),
        ("ai_vouchers", "voucher_costs_paid", {"voucher_costs": 1}, {"voucher_costs": 0}),
        ("ai_vouchers", "supplier_admitted", {"voucher_costs_admitted": 1}, {"voucher_costs_admitted": 0}),
        ("ai_vouchers", "supplier_unrelated", {"voucher_costs_unrelated": 1}, {"voucher_costs_unrelated": 0}),
        ("ai_vouchers", "contract_not_paid_before", {"voucher_costs_fresh": 1}, {"voucher_costs_fresh": 0}),
        (
            "activities",
            "activity_costs_documented",
            {"activity_costs_documented": 1},
            {"activity_costs_documented": 0},
        ),
        ("activities", "activity_costs_not_paid_before", {"activity_costs": 1}, {"activity_costs": 0}),
    ],
)
def test_each_threshold_on_both_sides(code, key, yes, no):
    assert read_results(POINTS[code], decision(code, **yes)["results"])[key] is True
    refused = decision(code, **no)
    assert read_results(POINTS[code], refused["results"])[key] is False
    assert (refused["outcome"], refused["amount_fen"]) == ("not_eligible", 0)
    assert key in refused["unmet"].split(";")


@pytest.mark.parametrize(
    ("code", "changes", "fen"),
    [
        ("settlement", {"setup_costs": 200_000_00}, 100_000_00),
        ("settlement", {"setup_costs": 200_000_02}, 100_000_00),
        ("settlement", {"setup_costs": 199_999_99}, 100_000_00),  # half a fen, rounded up
        ("settlement", {"setup_costs": 199_999_98}, 99_999_99),
        ("rent_waiver", {"relief_of_month": 0}, 0),
        ("rent_waiver", {"relief_of_month": 98_765_43}, 98_765_43),
        ("talent", {"talents_a": 1, "talents_b": 1, "talents_c": 1, "talents_d": 1, "talents_e": 1}, 1_950_000_00),
        ("talent", {"talents_a": 2, "talents_d": 0}, 2_000_000_00),
        ("talent", {"talents_a": 2, "talents_d": 1}, 2_000_000_00),
        ("talent", {"talents_a": 1, "talents_d": 0, "talent_granted_this_year": 1_500_000_00}, 500_000_00),
        ("talent", {"talent_granted_this_year": 2_000_000_01}, 0),
        ("leading_project", {}, 1_000_000_00),
        ("leading_project", {"leading_plain": 0, "leading_top": 1}, 3_000_000_00),
        ("leading_project", {"leading_plain": 2, "leading_top": 1}, 5_000_000_00),
        ("angel_fund", {}, 600_000_00),
        ("angel_fund", {"angel_at_cap": 2}, 2_600_000_00),
        # Contracts above 500,000 yuan: 30 % of models and computing power, 20 % of other facilities.
        ("ai_vouchers", {"voucher_costs": 500_000_01}, 3_000_00 + 6_000_00 + 6_000_00),
        ("ai_vouchers", {"voucher_costs": 500_000_00}, 5_000_00 + 10_000_00 + 15_000_00),
        ("ai_vouchers", {"voucher_costs": 500_000_00, "small_company": False}, 15_000_00),
        ("ai_vouchers", {"model_costs": 700_000_00, "compute_costs": 700_000_00}, 400_000_00),
        *(
            ("ai_vouchers", {"voucher_costs": 700_000_00, kind: costs, **dict.fromkeys(others, 0)}, fen)
            for kind, *others in (
                ("model_costs", "compute_costs", "compute_other_costs"),
                ("compute_costs", "model_costs", "compute_other_costs"),
            )
            for costs, fen in (
                (666_666_63, 199_999_99),
                (666_666_65, 200_000_00),  # 30 % are half a fen less: rounded up to the cap itself
                (666_666_67, 200_000_00),
                (666_666_70, 200_000_00),  # a fen above the cap
            )
        ),
        ("ai_vouchers", {"model_granted_this_year": 199_000_00}, 1_000_00 + 12_000_00),
        ("activities", {}, 5_000_01),
        ("activities", {"activity_costs": 400_000_02}, 200_000_00),
        ("activities", {"activities_granted_this_year": 199_999_00}, 1_00),
    ],
)
def test_amounts_and_their_caps(code, changes, fen):
    assert decision(code, **changes)["amount_fen"] == fen


def test_the_waiver_does_not_fail_a_company_whose_window_has_not_opened():
    found = decision("rent_waiver", settled=False, ever_settled=False, first_settled_on=None)
    assert found["unmet"] == "settled"


@pytest.mark.parametrize(
    ("gaps", "outcome", "missing"),
    [
        ({"registered": None, "registered_on": None}, "unknown", "registered_on"),
        ({"registered": None, "registered_on": None, "settled": False}, "not_eligible", ""),
        (
            {
                "settled": None,
                "ever_settled": None,
                "first_settled_on": None,
                "operating_from": None,
                "relief_of_month": None,
            },
            "unknown",
            "operating_from",
        ),
        ({"leased_area": None}, "unknown", "leased_area"),
        ({"ever_settled": False, "first_settled_on": None}, "eligible", ""),
    ],
)
def test_a_gap_is_missing_only_where_it_matters(gaps, outcome, missing):
    found = decision("rent_waiver", **gaps)
    assert (found["outcome"], found["missing"]) == (outcome, missing)


def test_an_eligible_company_with_an_unknown_amount_is_told_what_the_amount_lacks():
    found = decision("angel_fund", angel_below_cap=None)
    assert (found["outcome"], found["amount_fen"], found["missing"]) == ("eligible", None, "angel_below_cap")


def test_all_points_and_companies_come_back_in_their_order():
    found = decide(POINTS.values(), facts({}, {"registered": False}, {"registered": None}), parameters(), DAY_OF_CASES)
    assert found["point"].to_list() == [code for code in CODES for _ in range(3)]
    assert found["company"].to_list() == [0, 1, 2] * 8
    assert found["outcome"].to_list() == ["eligible", "not_eligible", "unknown"] * 8


def test_other_parameters_decide_otherwise_on_the_same_facts():
    assert decision("rent_waiver", version=parameters(rent_waiver__months="5"))["unmet"] == "window_open"
    assert decision("leading_project", version=parameters(leading_project__score="80.01"))["outcome"] == "not_eligible"


def test_a_missing_parameter_refuses_the_run():
    version = parameters()
    broken = ParameterSet("x", START, {n: p for n, p in version.parameters.items() if n != "angel_fund.score"})
    with pytest.raises(MissingParameter, match=r"angel_fund\.score"):
        decide(POINTS.values(), facts({}), broken, DAY_OF_CASES)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda frame: frame.drop("settled"), "lacks settled"),
        (lambda frame: frame.drop("company"), "no column company"),
        (lambda frame: frame.with_columns(frame["leased_area"].cast(float)), "leased_area is Float64"),
        (
            lambda frame: frame.with_columns(frame["relief_of_month"] - 20_000_00),
            "relief_of_month of company 0 is outside",
        ),
        (
            lambda frame: frame.with_columns(frame["relief_of_month"] * 0 + MOST_FEN + 1),
            "relief_of_month of company 0 is outside",
        ),
    ],
)
def test_a_frame_that_cannot_be_right_refuses_the_run(change, problem):
    with pytest.raises(BadFacts, match=problem):
        decide(POINTS.values(), change(facts({})), parameters(), DAY_OF_CASES)


def test_the_largest_facts_do_not_overflow():
    most = {name: fact.most for name, fact in FACTS.items() if fact.most and name != "voucher_costs"}
    free = {name: 0 for name in FACTS if name.endswith("granted_this_year")}
    found = decide(POINTS.values(), facts({**most, **free}), parameters(), DAY_OF_CASES)
    caps = dict(zip(found["point"], found["amount_fen"], strict=True))
    assert caps["settlement"] == 100_000_00
    assert caps["ai_vouchers"] == 400_000_00
    assert caps["talent"] == 2_000_000_00
    assert caps["leading_project"] == MOST_COUNT * 4_000_000_00


def test_a_decision_does_not_change_because_a_day_passes():
    point = POINTS["rent_waiver"]
    one, other = (decide([point], facts({}), parameters(), date(2026, 3, day)) for day in (15, 16))
    assert one.equals(other)


def test_stored_facts_decide_again_what_they_decided():
    row = {name: ENTITLED[name] for name in FACTS}
    again = decide(POINTS.values(), frame_of(row), parameters(), DAY_OF_CASES)
    assert again.drop("company").equals(decide(POINTS.values(), facts({}), parameters(), DAY_OF_CASES).drop("company"))
