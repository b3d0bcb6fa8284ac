"""What comes after a monthly relief: by head for whole months, and never more than the relief itself apart."""

from datetime import date
from decimal import Decimal

import pytest

from subsidies.rules.aftermath import RELIEFS, Aftermath, aftermath
from subsidies.rules.errors import BadFacts
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS, Per
from subsidies.rules.records import Records, facts_of
from subsidies.rules.windows import first_whole_month
from tests.subsidies.rules.cases import START, parameters
from tests.subsidies.rules.test_whatif import LEASE, TIMELINE, frame, records, with_

OVER = date(2028, 9, 25)  # the first day after 36 months
OCTOBER = date(2028, 10, 1)
LOAN = {"loan": "K-1", "principal": 1_000_000_00, "rate": 3_0000, "drawn_on": START}
PROJECT = {"project": "J-1", "kind": "leading", "score": 85_00, "awarded": False}


def after(code: str, known: Records, day: date = OVER, timeline: Timeline = TIMELINE) -> Aftermath:
    return aftermath(code, known, timeline, day)


def paid(found: Aftermath) -> tuple[int | None, int | None]:
    return found.borne, found.before


def test_every_point_by_the_month_and_no_other_is_a_relief():
    assert set(RELIEFS) == {code for code, point in POINTS.items() if point.per is Per.MONTH}
    with pytest.raises(BadFacts, match="talent is no monthly relief"):
        after("talent", records(LEASE))


def test_the_first_whole_month_is_the_one_that_begins_on_the_day_or_the_next():
    assert [first_whole_month(date(2028, 9, day)) for day in (1, 2, 30)] == [date(2028, 9, 1), OCTOBER, OCTOBER]


@pytest.mark.parametrize(("area", "before"), [(299_99, 0), (300_00, 0), (300_01, 31), (400_00, 3_100_00)])
def test_the_part_of_the_rent_above_the_waived_area_is_paid_already(area, before):
    found = after("rent_waiver", records(LEASE | {"area": area}))
    assert (found.month, paid(found)) == (OCTOBER, (area * 31, before))


def test_several_leases_are_one_rent():
    assert paid(after("rent_waiver", records(LEASE, LEASE | {"lease": "L-2"}))) == (800_00 * 31, 500_00 * 31)


@pytest.mark.parametrize(("until", "borne"), [(date(2028, 9, 11), None), (OCTOBER, None), (date(2028, 10, 2), 400_00)])
def test_a_lease_that_ends_before_that_month_leaves_nothing_to_pay(until, borne):
    found = after("rent_waiver", records(LEASE | {"until": until}))
    assert found.borne == borne
    assert (found.before is None) == (borne is None)


def test_when_registration_ends_the_whole_rent_is_paid_too():
    known = records(LEASE, registered_until=date(2026, 7, 1))
    found = after("rent_waiver", known, date(2026, 7, 1))
    assert (found.month, paid(found)) == (date(2026, 7, 1), (400_00 * 31, 100_00 * 31))
    assert found.eligible == found.unknown == ()


def test_where_the_relief_goes_on_after_a_gap_both_are_alike():
    known = records(LEASE | {"until": date(2027, 3, 11)}, LEASE | {"lease": "L-2", "first_day": date(2027, 4, 1)})
    assert paid(after("rent_waiver", known, date(2027, 3, 11))) == (100_00 * 30, 100_00 * 30)


def test_the_interest_is_what_the_bank_charges_and_half_of_it_was_supported():
    found = after("loan_interest", with_(records(LEASE), loans=[LOAN]))
    whole = Decimal(1_000_000) * 3 / 100 * 31 / 360
    assert paid(found) == (round(whole * 100), round(whole * 100) - round(whole * 50))


@pytest.mark.parametrize(
    ("principal", "expected"),
    [(2_000_000_00, (5_166_67, 2_583_34)), (2_001_000_00, (5_169_25, 2_585_92))],  # supported: 2,583.33 of either
)
def test_the_interest_above_the_supported_principal_is_borne_already(principal, expected):
    assert paid(after("loan_interest", with_(records(LEASE), loans=[LOAN | {"principal": principal}]))) == expected


@pytest.mark.parametrize("due", [date(2028, 9, 11), OCTOBER])
def test_a_loan_that_is_due_before_leaves_no_interest(due):
    assert paid(after("loan_interest", with_(records(LEASE), loans=[LOAN | {"due_on": due}]))) == (None, None)


def test_what_was_paid_back_bears_no_interest():
    known = with_(records(LEASE), loans=[LOAN])
    repaid = Records(
        known.companies,
        known.leases,
        known.loans,
        frame("repayments", {"loan": "K-1", "paid_on": date(2026, 1, 5), "amount": 500_000_00}),
    )
    assert after("loan_interest", repaid).borne == round(Decimal(500_000) * 3 * 31 / 360)


def test_interest_without_premises_is_borne_whole_though_it_was_supported():
    known = with_(records(LEASE | {"until": date(2027, 1, 1)}), loans=[LOAN])
    found = after("loan_interest", known, date(2027, 1, 1))
    assert paid(found) == (2_583_33, 1_291_66)


def test_a_version_that_is_published_for_that_month_counts():
    half = Timeline([parameters(), parameters(date(2028, 9, 1), rent_waiver__share="50")])
    assert paid(after("rent_waiver", records(LEASE), timeline=half)) == (400_00 * 31, 400_00 * 31 - 150_00 * 31)


def test_other_points_are_told_as_they_are_on_that_day():
    projects = [PROJECT, PROJECT | {"project": "J-2", "kind": "angel", "score": None}]
    known = with_(records(LEASE), loans=[LOAN | {"drawn_on": date(2026, 1, 1)}], projects=projects)
    found = after("rent_waiver", known)
    assert (found.eligible, found.unknown) == (("leading_project", "loan_interest"), ("angel_fund",))
    assert after("loan_interest", known, date(2029, 1, 1)).eligible == ("leading_project",)


@pytest.mark.parametrize(("until", "eligible"), [(None, ("leading_project",)), (date(2028, 9, 25), ())])
def test_what_ends_with_the_same_lease_is_not_among_them(until, eligible):
    known = with_(records(LEASE | {"until": until}), projects=[PROJECT])
    assert after("rent_waiver", known).eligible == eligible


def test_the_difference_is_the_relief_of_a_month_within_the_window():
    known = with_(records(LEASE), loans=[LOAN])
    day = date(2028, 3, 1)
    facts = facts_of(known, TIMELINE, day).row(0, named=True)
    for code, relief in (("rent_waiver", "relief_of_month"), ("loan_interest", "interest_support_of_month")):
        # October and March both have 31 days.
        borne, before = paid(after(code, known))
        assert (borne or 0) - (before or 0) == facts[relief] > 0
