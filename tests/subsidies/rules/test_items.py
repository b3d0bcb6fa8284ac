"""Facts over many items: each counts by itself, an unknown one holds nobody up, and an empty register is a no."""

from datetime import date, timedelta
from random import Random

import pytest

from subsidies.rules.evaluate import decide
from subsidies.rules.facts import FACTS, MOST_FEN
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import Records, facts_of
from tests.subsidies.rules.cases import DAY_OF_CASES, START, on_record, parameters

ON = DAY_OF_CASES
TIMELINE = Timeline([parameters()])
DAY = timedelta(days=1)
LATER = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)


def facts(records: Records, on: date = ON) -> dict:
    return facts_of(records, TIMELINE, on).row(0, named=True)


def decision(point: str, records: Records, on: date = ON) -> dict:
    return decide([POINTS[point]], facts_of(records, TIMELINE, on), parameters(), on).row(0, named=True)


def short(point: str, records: Records, on: date = ON) -> tuple:
    found = decision(point, records, on)
    return found["outcome"], found["amount_fen"], found["unmet"] or found["missing"]


def test_facts_of_nothing_on_record_are_complete_and_typed():
    found = facts_of(on_record(), TIMELINE, ON)
    assert {name: found.schema[name] for name in FACTS} == {name: fact.dtype for name, fact in FACTS.items()}


@pytest.mark.parametrize(
    ("point", "first"),
    [
        ("settlement", "costs_documented"),
        ("talent", "talents_employed"),
        ("leading_project", "project_proposed"),
        ("angel_fund", "project_proposed"),
        ("loan_interest", "owes_a_bank"),
        ("ai_vouchers", "voucher_costs_paid"),
        ("activities", "activity_costs_documented"),
    ],
)
def test_an_empty_register_is_a_no_that_names_what_is_not_there(point, first):
    assert short(point, on_record()) == ("not_eligible", 0, first)


# 1: settlement


def setup(paid_on: date = START, amount: int = 10_000_00, **more) -> dict:
    return {"point": "settlement", "kind": None, "paid_on": paid_on, "amount": amount, **more}


@pytest.mark.parametrize(
    ("paid_on", "outcome"),
    [
        (date(2024, 1, 1), ("eligible", 5_000_00, "")),
        (date(2026, 9, 24), ("eligible", 5_000_00, "")),
        (date(2026, 9, 25), ("not_eligible", 0, "costs_in_time")),
    ],
)
def test_costs_of_starting_up_count_until_twelve_months_after_moving_in(paid_on, outcome):
    assert short("settlement", on_record(expenses=[setup(paid_on)]), date(2026, 10, 1)) == outcome


def test_costs_that_were_paid_too_late_do_not_spoil_the_others():
    records = on_record(expenses=[setup(), setup(date(2026, 9, 25))])
    assert short("settlement", records, date(2026, 10, 1)) == ("eligible", 5_000_00, "")


def test_costs_count_from_the_day_of_payment_on():
    records = on_record(expenses=[setup(ON)])
    assert short("settlement", records, ON - DAY) == ("not_eligible", 0, "costs_documented")
    assert short("settlement", records) == ("eligible", 5_000_00, "")


def test_costs_that_another_point_pays_for_do_not_count_here():
    records = on_record(expenses=[setup(granted=True), setup(amount=2_00)])
    assert short("settlement", records) == ("eligible", 1_00, "")
    assert short("settlement", on_record(expenses=[setup(granted=True)])) == (
        "not_eligible",
        0,
        "costs_not_paid_before",
    )


def test_settlement_support_is_granted_once():
    granted = [{"point": "settlement", "granted_on": ON}]
    records = on_record(expenses=[setup(granted=True), setup()], grants=granted)
    assert short("settlement", records) == ("not_eligible", 0, "not_granted_before")
    assert short("settlement", records, ON - DAY)[0] == "eligible"


def test_without_a_start_of_operation_nobody_knows_which_costs_are_in_time():
    records = on_record(companies=[{"operating_from": None}], expenses=[setup()])
    assert short("settlement", records) == ("unknown", None, "operating_from")


# 3: talent


@pytest.mark.parametrize(
    ("employed_from", "outcome"),
    [
        (date(2025, 9, 15), ("eligible", 100_000_00, "")),
        (date(2025, 9, 16), ("not_eligible", 0, "employed_long_enough")),
    ],
)
def test_a_talent_counts_from_the_same_day_six_months_later(employed_from, outcome):
    assert short("talent", on_record(talents=[{"employed_from": employed_from}])) == outcome


def test_the_last_day_of_a_short_month_is_the_same_day():
    records = on_record(talents=[{"employed_from": date(2025, 8, 31)}])
    assert short("talent", records, date(2026, 2, 27))[0] == "not_eligible"
    assert short("talent", records, date(2026, 2, 28))[0] == "eligible"


def test_only_talents_who_have_served_count_and_the_next_one_is_named_by_his_day():
    records = on_record(
        talents=[{"grade": "a"}, {"grade": "b", "employed_from": date(2025, 10, 1)}, {"grade": "c", "awarded": True}]
    )
    assert short("talent", records) == ("eligible", 1_000_000_00, "")
    assert short("talent", records, date(2026, 3, 31)) == ("eligible", 1_000_000_00, "")
    assert short("talent", records, date(2026, 4, 1)) == ("eligible", 1_500_000_00, "")
    assert facts(on_record(talents=[{"awarded": True}, {"employed_from": ON}]))["talents_employed_from"] == ON


@pytest.mark.parametrize(
    ("until", "employed"), [(None, 1), (ON + DAY, 1), (ON, 0)], ids=["open", "last day", "left yesterday"]
)
def test_a_talent_is_employed_up_to_his_last_day(until, employed):
    assert facts(on_record(talents=[{"employed_until": until}]))["talents"] == employed


@pytest.mark.parametrize(
    ("talents", "outcome"),
    [
        ([{"awarded": True}], ("not_eligible", 0, "talents_not_awarded_before")),
        ([{"awarded": True, "grade": None}], ("not_eligible", 0, "talents_not_awarded_before")),
        ([{"grade": None}], ("unknown", None, "talents_recognised")),
        ([{"grade": None}, {"awarded": True}], ("unknown", None, "talents_recognised")),
        ([{"grade": None}, {}], ("eligible", 100_000_00, "")),
        ([{"employed_from": None}], ("unknown", None, "talents")),
        ([{"employed_from": None}, {}], ("eligible", 100_000_00, "")),
        ([{"employed_from": None, "employed_until": ON}], ("not_eligible", 0, "talents_employed")),
        ([{"grade": None, "employed_from": ON}], ("not_eligible", 0, "employed_long_enough")),
    ],
)
def test_an_unknown_class_or_employment_matters_only_where_nobody_else_counts(talents, outcome):
    assert short("talent", on_record(talents=talents)) == outcome


@pytest.mark.parametrize(
    ("granted_on", "fen"),
    [(date(2025, 12, 31), 1_000_000_00), (date(2026, 1, 1), 500_000_00), (ON, 500_000_00), (ON + DAY, 1_000_000_00)],
)
def test_the_yearly_maximum_is_lessened_by_what_was_granted_in_the_year_up_to_the_day(granted_on, fen):
    grants = [{"granted_on": granted_on, "amount": 1_500_000_00}]
    assert short("talent", on_record(talents=[{"grade": "a"}], grants=grants))[1] == fen


# 4 and 5: projects


@pytest.mark.parametrize(
    ("projects", "outcome"),
    [
        ([{"score": 79_99}], ("not_eligible", 0, "recognised")),
        ([{"score": 80_00}], ("eligible", 1_000_000_00, "")),
        ([{"score": 89_99}], ("eligible", 1_000_000_00, "")),
        ([{"score": 90_00}], ("eligible", 3_000_000_00, "")),
        ([{"score": 80_00}, {"score": 95_00}, {"score": 10_00}], ("eligible", 4_000_000_00, "")),
        ([{"score": 95_00, "awarded": True}, {"score": 80_00}], ("eligible", 1_000_000_00, "")),
        ([{"score": 95_00, "awarded": True}], ("not_eligible", 0, "not_awarded_before")),
        ([{"score": None}], ("unknown", None, "leading_score")),
        ([{"score": None}, {"score": 79_99}], ("unknown", None, "leading_score")),
        ([{"score": None}, {"score": 80_00}], ("eligible", 1_000_000_00, "")),
        ([{"score": None, "awarded": True}, {"score": 10_00}], ("not_eligible", 0, "recognised")),
        ([{"kind": "angel"}], ("not_eligible", 0, "project_proposed")),
    ],
)
def test_every_recognised_project_that_was_not_awarded_counts(projects, outcome):
    assert short("leading_project", on_record(projects=projects)) == outcome


def test_the_score_that_is_shown_is_the_best_of_those_in_question():
    projects = [{"score": 95_00, "awarded": True}, {"score": 70_00}, {"score": 60_00}]
    assert facts(on_record(projects=projects))["leading_score"] == 70_00


@pytest.mark.parametrize(
    ("projects", "outcome"),
    [
        ([{"score": 74_99}], ("not_eligible", 0, "convincing")),
        ([{"score": 75_00}], ("eligible", 500_000_00, "")),
        ([{"requested": 999_999_99}, {"requested": 1_000_000_00}], ("eligible", 1_999_999_99, "")),
        ([{"requested": 1_000_000_01}], ("eligible", 1_000_000_00, "")),
        ([{"awarded": True}], ("not_eligible", 0, "not_invested_before")),
        ([{"awarded": True}, {"requested": 1}], ("eligible", 1, "")),
        ([{"score": None}], ("unknown", None, "angel_score")),
        ([{"requested": None}, {}], ("eligible", None, "angel_below_cap")),
        ([{"requested": None, "score": 10_00}, {}], ("eligible", 500_000_00, "")),
        ([{"requested": None, "awarded": True}, {}], ("eligible", 500_000_00, "")),
    ],
)
def test_every_convincing_project_counts_with_what_it_requests_up_to_the_maximum(projects, outcome):
    assert short("angel_fund", on_record(projects=[{"kind": "angel", **row} for row in projects])) == outcome


# 6: loans


def test_interest_is_that_of_the_month_and_needs_a_balance_on_the_day():
    paid = [{"paid_on": ON, "amount": 360_000_00}]
    assert short("loan_interest", on_record(loans=[{}])) == ("eligible", 31 * 15_00, "")
    assert short("loan_interest", on_record(loans=[{}], repayments=paid)) == ("not_eligible", 0, "owes_a_bank")
    assert short("loan_interest", on_record(loans=[{}], repayments=paid), ON - DAY) == ("eligible", 14 * 15_00, "")


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (date(2028, 9, 24), ("eligible", 24 * 15_00, "")),
        (date(2028, 9, 25), ("not_eligible", 0, "interest_window_open")),
    ],
)
def test_interest_is_supported_up_to_the_last_day_of_month_36(on, outcome):
    assert short("loan_interest", on_record(loans=[{}]), on) == outcome


def test_a_loan_that_is_due_is_owed_no_longer():
    assert short("loan_interest", on_record(loans=[{"due_on": ON}])) == ("not_eligible", 0, "owes_a_bank")
    assert short("loan_interest", on_record(loans=[{"due_on": ON + DAY}]))[0] == "eligible"


def test_a_loan_from_before_the_first_fixing_leaves_the_amount_unknown_and_says_what_is_missing():
    records = on_record(loans=[{"drawn_on": date(2019, 8, 19)}])
    assert short("loan_interest", records) == ("eligible", None, "reference_rates")


# 7: vouchers


@pytest.mark.parametrize(
    ("expenses", "outcome"),
    [
        ([{}], ("eligible", 5_000_00, "")),
        ([{"paid_on": date(2026, 1, 1)}], ("eligible", 5_000_00, "")),
        ([{"paid_on": date(2025, 12, 31)}], ("not_eligible", 0, "voucher_costs_paid")),
        ([{"paid_on": ON + DAY}], ("not_eligible", 0, "voucher_costs_paid")),
        ([{"point": "activities", "kind": None}], ("not_eligible", 0, "voucher_costs_paid")),
        ([{"admitted": False}], ("not_eligible", 0, "supplier_admitted")),
        ([{"related": True}], ("not_eligible", 0, "supplier_unrelated")),
        ([{"granted": True}], ("not_eligible", 0, "contract_not_paid_before")),
        ([{"admitted": False, "related": True}], ("not_eligible", 0, "supplier_admitted;supplier_unrelated")),
        ([{"admitted": False}, {"related": True}], ("not_eligible", 0, "supplier_unrelated")),
        ([{"admitted": False}, {"related": True}, {"granted": True}, {}], ("eligible", 5_000_00, "")),
        ([{"admitted": None, "related": None}], ("unknown", None, "voucher_costs_admitted")),
        ([{"admitted": None, "related": None}, {}], ("eligible", 5_000_00, "")),
        ([{"admitted": None, "related": None, "granted": True}], ("not_eligible", 0, "contract_not_paid_before")),
    ],
)
def test_a_cost_counts_whose_supplier_is_admitted_and_unrelated_and_which_was_not_subsidised(expenses, outcome):
    assert short("ai_vouchers", on_record(expenses=expenses, reports=[{}])) == outcome


@pytest.mark.parametrize(
    ("expenses", "fen"),
    [
        ([{"amount": 500_000_00, "kind": "compute_other"}], 200_000_00),
        ([{"amount": 300_000_00, "kind": "compute_other"}, {"amount": 200_000_00}], 150_000_00 + 100_000_00),
        ([{"amount": 300_000_01, "kind": "compute_other"}, {"amount": 200_000_00}], 60_000_00 + 60_000_00),
        # What does not count is a contract of the year all the same.
        ([{"amount": 400_000_01, "admitted": False}, {"amount": 100_000_00}], 30_000_00),
        ([{"amount": 400_000_00, "admitted": False}, {"amount": 100_000_00}], 50_000_00),
    ],
)
def test_half_is_paid_up_to_five_hundred_thousand_yuan_of_contracts_in_the_year(expenses, fen):
    assert short("ai_vouchers", on_record(expenses=expenses, reports=[{}]))[1] == fen


def test_each_kind_has_its_own_maximum_less_what_was_granted_of_it():
    expenses = [{"amount": 10_000_000_00, "kind": kind} for kind in ("model", "compute", "compute_other")]
    granted = [
        {"point": "ai_vouchers", "part": "model", "amount": 199_999_99},
        {"point": "ai_vouchers", "part": "compute", "amount": 200_000_00},
    ]
    assert short("ai_vouchers", on_record(expenses=expenses, reports=[{}]))[1] == 400_000_00
    assert short("ai_vouchers", on_record(expenses=expenses, reports=[{}], grants=granted))[1] == 1


@pytest.mark.parametrize(
    ("reports", "small"),
    [
        ([], None),
        ([{"months": 3}], None),
        ([{"employees": 99, "revenue": 10_000_000_00}], True),
        ([{"employees": 100, "revenue": 9_999_999_99}], True),
        ([{"employees": 100, "revenue": 10_000_000_00}], False),
        ([{"employees": 100, "revenue": None}], None),
        ([{"employees": 99, "revenue": None}], True),
        ([{"employees": None, "revenue": 9_999_999_99}], True),
        ([{"employees": None, "revenue": 10_000_000_00}], None),
        ([{"employees": 500, "revenue": 10**12}, {"period_end": date(2024, 12, 31)}], False),
        ([{"period_end": date(2026, 12, 31)}], None),
    ],
)
def test_a_small_company_has_fewer_than_100_employees_or_less_than_ten_million_yuan_of_revenue(reports, small):
    assert facts(on_record(reports=reports))["small_company"] is small


def test_the_size_is_asked_for_only_where_it_matters():
    assert short("ai_vouchers", on_record(expenses=[{}])) == ("eligible", None, "small_company")
    assert short("ai_vouchers", on_record(expenses=[{"amount": 500_000_01}])) == ("eligible", 150_000_00, "")


# 8: activities


@pytest.mark.parametrize(
    ("expenses", "on", "outcome"),
    [
        ([{"amount": 400_000_00}], ON, ("eligible", 200_000_00, "")),
        ([{"amount": 400_000_01}], ON, ("eligible", 200_000_00, "")),
        ([{"amount": 399_999_98}], ON, ("eligible", 199_999_99, "")),
        ([{"amount": 3_00}, {"granted": True}], ON, ("eligible", 1_50, "")),
        ([{"granted": True}], ON, ("not_eligible", 0, "activity_costs_not_paid_before")),
        ([{}], LATER, ("eligible", 5_000_00, "")),
        ([{}], NEW_YEAR, ("not_eligible", 0, "activity_costs_documented")),
    ],
)
def test_half_of_the_costs_of_the_years_activities_is_paid(expenses, on, outcome):
    rows = [{"point": "activities", "kind": None, **row} for row in expenses]
    assert short("activities", on_record(expenses=rows), on) == outcome


@pytest.mark.parametrize(("granted", "fen"), [(199_999_99, 1), (200_000_00, 0), (300_000_00, 0)])
def test_a_maximum_that_is_used_up_leaves_nothing(granted, fen):
    records = on_record(
        expenses=[{"point": "activities", "kind": None, "amount": 10**9}],
        grants=[{"point": "activities", "amount": granted}],
    )
    assert short("activities", records)[:2] == ("eligible", fen)


# All


def test_absurd_sums_of_one_company_do_not_refuse_the_run():
    expenses = [setup(amount=10**12) for _ in range(101)]
    assert facts(on_record(expenses=expenses))["setup_costs"] == MOST_FEN
    assert short("settlement", on_record(expenses=expenses))[1] == 100_000_00


def test_companies_do_not_see_each_others_items():
    records = on_record(
        expenses=[{"company": 2}, {"company": 3, "admitted": False}], talents=[{"company": 3}], projects=[{}]
    )
    found = facts_of(records, TIMELINE, ON)
    assert found["company"].to_list() == [1, 2, 3]
    assert found["voucher_costs"].to_list() == [0, 10_000_00, 10_000_00]
    assert found["voucher_costs_admitted"].to_list() == [None, 10_000_00, 0]
    assert found["talents"].to_list() == [0, 0, 1]
    assert found["leading_projects"].to_list() == [1, 0, 0]


def kleene_all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def plain_total(costs: list[dict]) -> int | None:
    """What counts of the vouchers' costs, in plain Python; None where none does for certain and one may."""
    states = [
        (kleene_all([cost["admitted"], None if cost["related"] is None else not cost["related"], not cost["granted"]]))
        for cost in costs
    ]
    certain = sum(cost["amount"] for cost, state in zip(costs, states, strict=True) if state)
    return certain if certain or None not in states else None


def test_what_counts_equals_a_plain_count_over_random_costs():
    random = Random(3)
    companies = [
        [
            {
                "company": key,
                "amount": random.randint(1, 900),
                "admitted": random.choice((True, True, False, None)),
                "related": random.choice((True, False, False, None)),
                "granted": random.random() < 0.4,
                "kind": random.choice(("model", "compute", "compute_other")),
            }
            for _ in range(random.randint(1, 4))
        ]
        for key in range(1, 400)
    ]
    found = facts_of(on_record(expenses=[cost for costs in companies for cost in costs]), TIMELINE, ON)
    kinds = found["model_costs"] + found["compute_costs"] + found["compute_other_costs"]
    for costs, total, outcome in zip(
        companies, kinds, decide([POINTS["ai_vouchers"]], found, parameters(), ON)["outcome"], strict=True
    ):
        wanted = plain_total(costs)
        assert outcome == ("unknown" if wanted is None else "eligible" if wanted else "not_eligible"), costs
        assert wanted is None or total == wanted or not wanted, costs
