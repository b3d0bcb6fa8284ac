from datetime import date

import pytest

from subsidies.rules.errors import BadFacts
from subsidies.rules.evaluate import Outcome
from subsidies.rules.explain import Explanation, explain
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Provenance
from subsidies.rules.points import POINTS
from tests.subsidies.rules.cases import DAY_OF_CASES, ENTITLED, START, parameters


def explained(code: str, on: date = DAY_OF_CASES, **changes) -> Explanation:
    return explain(POINTS[code], {**ENTITLED, **changes}, parameters(), on)


def test_a_criterion_shows_value_threshold_clause_and_provenance():
    found = {seen.key: seen for seen in explained("leading_project", leading_score=79_50).criteria.leaves()}
    seen = found["recognised"]
    assert (seen.value, seen.op, seen.threshold, seen.unit, seen.result) == (79_50, ">=", 80_00, "score", False)
    assert seen.clause == "leading_project"
    assert [(p.name, p.provenance) for p in seen.parameters] == [("leading_project.score", Provenance.ASSUMED)]


def test_a_window_shows_its_last_day_against_the_day_decided():
    found = {seen.key: seen for seen in explained("rent_waiver").criteria.leaves()}
    assert (found["window_open"].value, found["window_open"].threshold) == (date(2028, 9, 24), DAY_OF_CASES)


def test_the_arithmetic_of_an_amount_is_shown_step_by_step():
    steps = explained("settlement", setup_costs=300_000_00).steps
    assert [(step.kind, step.inputs, step.value) for step in steps] == [
        ("of", (), 300_000_00),
        ("share", (300_000_00,), 150_000_00),
        ("fixed", (), 100_000_00),
        ("least", (150_000_00, 100_000_00), 100_000_00),
    ]
    assert [parameter.name for parameter in steps[1].parameters] == ["settlement.share"]


def test_the_last_step_is_the_amount_that_is_decided():
    for code in POINTS:
        found = explained(code)
        assert found.outcome == Outcome.ELIGIBLE
        assert found.steps[-1].value == found.amount_fen
        assert found.nearest == ()


def test_an_unknown_names_the_facts_and_who_supplies_them():
    found = explained("rent_waiver", registered=None, registered_on=None, relief_of_month=None)
    assert [(fact.name, fact.supplier) for fact in found.missing] == [("registered_on", "founder")]


def test_advice_names_the_day_on_which_time_alone_brings_the_change():
    found = explained("talent", talents_employed_from=date(2026, 1, 20))
    assert [(advice.key, advice.by, advice.day) for advice in found.nearest] == [
        ("employed_long_enough", By.TIME, date(2026, 7, 20)),
    ]


def test_before_the_policy_the_advice_is_to_wait_for_its_first_day():
    advice = explained("activities", on=date(2025, 9, 1)).nearest
    assert [(change.key, change.day) for change in advice] == [("policy_in_force", START)]


def test_a_company_that_left_is_told_to_settle_and_no_more():
    found = explained("rent_waiver", settled=False)
    assert [(advice.key, advice.by) for advice in found.nearest] == [("settled", By.FOUNDER)]


def test_a_window_that_is_over_has_no_nearest_change():
    found = explained("rent_waiver", first_settled_on=date(2020, 1, 1))
    assert found.nearest is None
    assert found.unmet == ("window_open",)


def test_a_row_without_a_fact_that_the_portal_holds_is_refused():
    row = {name: value for name, value in ENTITLED.items() if name != "settled"}
    with pytest.raises(BadFacts, match="lacks settled"):
        explain(POINTS["talent"], row, parameters(), DAY_OF_CASES)
