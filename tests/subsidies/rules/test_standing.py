from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from subsidies.rules.evaluate import decide
from subsidies.rules.facts import FACTS
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import SCHEMAS, Records, facts_of
from subsidies.rules.rent import rent_lines
from subsidies.rules.settling import first_settled
from subsidies.rules.standing import standing
from tests.subsidies.rules.brute_force import Company, Lease
from tests.subsidies.rules.cases import START, company_frame, lease_frame, parameters

ON = date(2026, 3, 15)
EARLY = date(2020, 1, 1)
NEXT_DAY = date(2026, 3, 16)


def lease(first: date = EARLY, last: date | None = None, number: str = "L1") -> Lease:
    return Lease(number, Fraction(100), Fraction(2), first, last)


def company(*leases: Lease, registered=(EARLY, None), operating=(EARLY, None)) -> Company:
    return Company(*registered, *operating, leases=list(leases))


def standing_of(one: Company) -> tuple:
    leases = lease_frame([one])
    return standing(leases, leases, company_frame([one]), ON).row(0)[1:]


@pytest.mark.parametrize(
    ("period", "registered"),
    [
        ((ON, None), True),
        ((NEXT_DAY, None), False),
        ((EARLY, NEXT_DAY), True),
        ((EARLY, ON), False),
        ((None, None), None),
        ((None, NEXT_DAY), None),
        ((None, ON), False),
    ],
)
def test_registered_is_whether_the_day_lies_in_the_period(period, registered):
    assert standing_of(company(registered=period))[0] is registered


@pytest.mark.parametrize(
    ("one", "settled"),
    [
        (company(lease()), True),
        (company(), False),
        (company(lease(last=ON)), True),
        (company(lease(last=date(2026, 3, 14))), False),
        (company(lease(first=NEXT_DAY)), False),
        (company(lease(), operating=(None, None)), None),
        (company(operating=(None, None)), False),
        (company(lease(), operating=(None, ON)), False),
        (company(lease(), operating=(NEXT_DAY, None)), False),
    ],
)
def test_settled_is_a_lease_in_force_and_operation(one, settled):
    assert standing_of(one)[1] is settled


def test_leases_in_force_are_counted_and_their_area_added_up():
    one = company(lease(), lease(number="L2"), lease(first=NEXT_DAY, number="L3"))
    assert standing_of(one)[2:] == (2, 200_00)


@pytest.mark.parametrize(
    ("one", "first", "ever", "moved_in"),
    [
        (company(lease()), START, True, EARLY),
        (company(lease(first=ON)), ON, True, ON),
        (company(lease(), operating=(ON, None)), ON, True, ON),
        (company(lease(last=date(2025, 9, 24))), None, False, EARLY),
        (company(lease(last=START)), START, True, EARLY),
        (company(lease(), operating=(None, None)), None, None, None),
        (company(lease(last=date(2025, 9, 24)), operating=(None, None)), None, False, None),
        (company(lease(), operating=(None, EARLY)), None, False, None),
        (company(operating=(None, None)), None, False, None),
        (company(lease(), registered=(None, None)), START, True, EARLY),
        (company(lease(first=date(2027, 1, 1))), date(2027, 1, 1), True, date(2027, 1, 1)),
    ],
)
def test_the_first_settled_day_needs_policy_lease_and_operation_but_no_registration(one, first, ever, moved_in):
    assert first_settled(lease_frame([one]), company_frame([one]), START).row(0) == (0, first, ever, moved_in)


def register(*companies: Company) -> pl.DataFrame:
    return company_frame(companies).with_columns(
        pl.lit("company").alias("kind"),
        pl.lit(EARLY).alias("founded_on"),
        pl.lit(value=False).alias("listed"),
        pl.lit(value=False).alias("bad_credit"),
    )


def test_the_facts_of_the_register_decide_the_rent_waiver_as_it_is_billed():
    companies = [company(lease(), lease(number="L2")), company(), company(lease(number="L3"), operating=(None, None))]
    leases, frame, timeline = lease_frame(companies), register(*companies), Timeline([parameters()])
    facts = facts_of(Records(frame, leases), timeline, ON)
    assert {name for name, fact in FACTS.items() if fact.held} <= set(facts.columns)
    found = decide([POINTS["rent_waiver"]], facts, parameters(), ON)
    billed = rent_lines(leases, frame, date(2026, 3, 1), timeline)
    assert found["outcome"].to_list() == ["eligible", "not_eligible", "unknown"]
    assert found["amount_fen"].to_list() == [billed.filter(company=0)["waived_fen"].sum(), 0, None]
    assert found["missing"].to_list() == ["", "", "operating_from"]


def test_facts_come_in_the_order_of_the_companies():
    companies = [company(lease(number=f"L{place}")) if place % 3 else company() for place in range(20)]
    shuffled = register(*companies).sample(fraction=1.0, shuffle=True, seed=1)
    facts = facts_of(Records(shuffled, lease_frame(companies)), Timeline([parameters()]), ON)
    assert facts["company"].to_list() == shuffled["company"].to_list()
    assert facts["settled"].to_list() == [bool(key % 3) for key in shuffled["company"]]


def test_facts_before_the_policy_decide_nothing_in_favour():
    companies = [company(lease())]
    timeline, before = Timeline([parameters()]), date(2025, 9, 24)
    facts = facts_of(Records(register(*companies), lease_frame(companies)), timeline, before)
    assert decide(POINTS.values(), facts, timeline.deciding(before), before)["outcome"].unique().to_list() == [
        "not_eligible"
    ]


@pytest.mark.parametrize(
    ("first", "until", "settled"),
    [(ON, None, True), (NEXT_DAY, None, False), (EARLY, NEXT_DAY, True), (EARLY, ON, False)],
)
def test_a_desk_occupies_premises_without_any_area(first, until, settled):
    one = company()
    desks = pl.DataFrame([{"company": 0, "first_day": first, "until": until}], schema=SCHEMAS["desks"])
    assert standing(lease_frame([one]), desks, company_frame([one]), ON).row(0)[2:] == (settled, 0, 0)
