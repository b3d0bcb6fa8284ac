from datetime import date, timedelta
from fractions import Fraction
from random import Random

import polars as pl
import pytest

from subsidies.rules.errors import BadFacts, BadLeases
from subsidies.rules.parameters import Timeline
from subsidies.rules.rent import MOST_AREA, MOST_PRICE, relief_of_month, rent_lines
from subsidies.rules.settling import first_settled
from tests.subsidies.rules.brute_force import Company, Lease, Version, bill, first_settled_day
from tests.subsidies.rules.cases import company_frame, lease_frame, parameter_set

MARCH = date(2026, 3, 1)
POLICY = Version(date(2025, 9, 25), Fraction(300), 36, Fraction(1))
LONG_AGO = date(2020, 1, 1)


def office(
    area: str = "100", price: str = "2", first: date = date(2025, 10, 1), last: date | None = None, number: str = "L1"
) -> Lease:
    return Lease(number, Fraction(area), Fraction(price), first, last)


def settled(*leases: Lease, **periods: date | None) -> Company:
    known = {"registered_from": LONG_AGO, "registered_until": None, "operating_from": LONG_AGO, "operating_until": None}
    return Company(**{**known, **periods}, leases=list(leases))


def lines_of(companies: list[Company], month: date, versions: list[Version]) -> pl.DataFrame:
    timeline = Timeline(parameter_set(version) for version in versions)
    return rent_lines(lease_frame(companies), company_frame(companies), month, timeline)


def line_of(company: Company, month: date = MARCH, versions: list[Version] | None = None, lease: str = "L1") -> dict:
    return lines_of([company], month, versions or [POLICY]).filter(lease=lease).row(0, named=True)


def differences(companies: list[Company], month: date, versions: list[Version]) -> list[tuple]:
    lines = lines_of(companies, month, versions)
    found = {
        (row["company"], row["lease"]): (
            row["days"],
            row["waived_days"],
            row["rent_fen"],
            row["waived_fen"],
            row["payable_fen"],
            set(row["missing"]),
        )
        for row in lines.iter_rows(named=True)
    }
    wanted = {
        (key, number): line
        for key, company in enumerate(companies)
        for number, line in bill(company, month, versions).items()
    }
    return [
        (key, found.get(key), wanted.get(key))
        for key in found.keys() | wanted.keys()
        if found.get(key) != wanted.get(key)
    ]


class RandomZone:
    """Companies whose leases, periods and windows crowd around the billed month, so that all happens inside it."""

    def __init__(self, seed: int, month: date, opens: list[date]) -> None:
        self.random, self.month, self.opens, self.numbers = Random(seed), month, opens, 0

    def near(self, months_away: int = 0) -> date:
        return self.month + timedelta(days=self.random.randint(-20, 50) - months_away * 30)

    def day(self) -> date:
        chance = self.random.random()
        if chance < 0.4:
            return self.near()
        if chance < 0.6:
            return self.random.choice(self.opens) + timedelta(days=self.random.randint(-5, 5))
        if chance < 0.8:  # opens a window that ends in or around the month
            return self.near(self.random.choice((6, 12, 36)))
        return self.month - timedelta(days=self.random.randint(0, 1400))

    def lease(self) -> Lease:
        self.numbers += 1
        area = Fraction(self.random.choice((self.random.randint(1, 60_000), 30_000, 30_001, 15_000)), 100)
        first = self.day()
        last = None if self.random.random() < 0.3 else max(first, self.day())
        number = f"{self.random.choice('ABab')}{self.numbers}"
        return Lease(number, area, Fraction(self.random.randint(0, 99_999), 10_000), first, last)

    def period(self) -> tuple[date | None, date | None]:
        start = None if self.random.random() < 0.15 else LONG_AGO if self.random.random() < 0.5 else self.day()
        until = None if self.random.random() < 0.6 else self.day()
        return start, until if until is None or start is None or until > start else None

    def company(self) -> Company:
        leases = [self.lease() for _ in range(self.random.choice((1, 1, 2, 3, 5)))]
        return Company(*self.period(), *self.period(), leases=leases)


@pytest.mark.parametrize(
    ("month", "versions"),
    [
        (date(2026, 3, 1), [POLICY]),
        (date(2024, 2, 1), [Version(date(2023, 7, 1), Fraction(300), 36, Fraction(1))]),
        (date(2026, 2, 1), [Version(date(2023, 2, 28), Fraction(300), 36, Fraction(1))]),
        (date(2025, 9, 1), [POLICY]),
        (date(2025, 8, 1), [POLICY]),
        (
            date(2026, 2, 1),
            [
                Version(date(2025, 6, 1), Fraction(300), 6, Fraction(1)),
                Version(date(2026, 2, 11), Fraction("250.5"), 12, Fraction("0.3333")),
            ],
        ),
        (
            date(2024, 12, 1),
            [
                Version(date(2023, 7, 1), Fraction(300), 12, Fraction("0.5")),
                Version(date(2024, 12, 5), Fraction("100.01"), 36, Fraction("0.0001")),
                Version(date(2024, 12, 20), Fraction(0), 6, Fraction(0)),
            ],
        ),
    ],
    ids=[
        "one_version",
        "leap_february",
        "short_february",
        "first_month",
        "before_the_policy",
        "second_version",
        "third_version",
    ],
)
def test_bills_equal_the_calculation_day_by_day(month, versions):
    zone = RandomZone(month.toordinal() + len(versions), month, [version.effective_from for version in versions])
    companies = [zone.company() for _ in range(700)]
    assert differences(companies, month, versions) == []


def test_consecutive_months_of_one_zone_equal_the_calculation_day_by_day():
    zone = RandomZone(7, date(2025, 12, 1), [POLICY.effective_from])
    companies = [zone.company() for _ in range(60)]
    for number in range(8):
        month = date(2025 + (8 + number) // 12, (8 + number) % 12 + 1, 1)
        assert differences(companies, month, [POLICY]) == []


def test_the_first_settled_day_equals_the_calculation_day_by_day():
    zone = RandomZone(11, MARCH, [POLICY.effective_from])
    companies = [zone.company() for _ in range(600)]
    found = first_settled(lease_frame(companies), company_frame(companies), POLICY.effective_from)
    horizon = date(2026, 6, 30)
    for key, first, ever, _ in found.iter_rows():
        wanted = first_settled_day(companies[key], [POLICY], horizon)
        assert first == wanted, companies[key]
        if wanted:
            assert ever is True


@pytest.mark.parametrize(
    ("area", "waived", "payable"),
    [
        ("299.99", 1859938, 0),
        ("300", 1860000, 0),
        ("300.01", 1860000, 62),
        ("600", 1860000, 1860000),
    ],
)
def test_up_to_300_square_metres_are_waived(area, waived, payable):
    line = line_of(settled(office(area)))
    assert (line["waived_fen"], line["payable_fen"]) == (waived, payable)


@pytest.mark.parametrize(
    ("month", "days", "waived_days"),
    [
        (date(2025, 9, 1), 6, 6),
        (date(2028, 8, 1), 31, 31),
        (date(2028, 9, 1), 30, 24),
        (date(2028, 10, 1), 31, 0),
    ],
)
def test_the_window_closes_after_the_last_day_of_month_36(month, days, waived_days):
    line = line_of(settled(office(first=date(2025, 9, 25))), month)
    assert (line["days"], line["waived_days"]) == (days, waived_days)


def test_a_lease_from_before_the_policy_is_waived_from_its_first_day_on():
    line = line_of(settled(office(first=LONG_AGO)), date(2025, 9, 1))
    assert (line["days"], line["waived_days"]) == (30, 6)
    assert [segment["reason"] for segment in line["segments"]] == ["no_policy", "waived"]


def test_moving_out_and_back_in_neither_stops_nor_restarts_the_window():
    first = office(first=date(2025, 9, 25), last=date(2025, 12, 31))
    again = office(first=date(2028, 9, 1), number="L2")
    line = line_of(settled(first, again), date(2028, 9, 1), lease="L2")
    assert line["waived_days"] == 24


def test_a_later_version_does_not_reopen_the_window():
    versions = [Version(date(2022, 1, 1), Fraction(300), 36, Fraction(1)), POLICY]
    assert line_of(settled(office(first=LONG_AGO)), versions=versions)["waived_days"] == 0


def test_a_company_that_registers_late_is_waived_from_then_on_in_the_window_that_opened_before():
    company = settled(office(first=date(2025, 9, 25)), registered_from=date(2026, 3, 10))
    line = line_of(company)
    assert line["waived_days"] == 22
    assert line_of(company, date(2028, 9, 1))["waived_days"] == 24


def test_the_earlier_lease_takes_the_area_first_and_then_the_smaller_number_as_text():
    company = settled(
        office("200", first=date(2025, 11, 1), number="L10"),
        office("200", first=date(2025, 11, 1), number="L9"),
        office("50", first=date(2025, 10, 1), number="Z"),
    )
    lines = lines_of([company], MARCH, [POLICY])
    assert lines.select("lease", "waived_fen").rows() == [("Z", 310000), ("L10", 1240000), ("L9", 310000)]
    assert [line["segments"][0]["reason"] for line in lines.to_dicts()] == ["waived", "waived", "limit_reached"]


def test_a_day_counts_as_waived_also_where_earlier_leases_have_used_the_area_up():
    company = settled(office("300"), office("10", first=date(2025, 11, 1), number="L2"))
    line = line_of(company, lease="L2")
    assert (line["waived_days"], line["waived_fen"], line["segments"][0]["reason"]) == (31, 0, "limit_used_up")


def test_area_that_an_ending_lease_sets_free_goes_to_the_next_one_the_day_after():
    company = settled(office("300", last=date(2026, 3, 10)), office("300", first=date(2025, 11, 1), number="L2"))
    line = line_of(company, lease="L2")
    assert [(s["first"], s["until"], s["waived_area"]) for s in line["segments"]] == [
        (date(2026, 3, 1), date(2026, 3, 11), 0),
        (date(2026, 3, 11), date(2026, 4, 1), 30000),
    ]


@pytest.mark.parametrize(
    ("fact", "missing"), [("registered_from", "registered_on"), ("operating_from", "operating_from")]
)
def test_nothing_is_waived_while_a_start_is_unknown_and_the_line_says_which(fact, missing):
    line = line_of(settled(office(), **{fact: None}))
    assert (line["waived_fen"], line["missing"]) == (0, [missing])


def test_an_unknown_start_does_not_matter_once_the_period_has_ended():
    company = settled(office(), registered_from=None, registered_until=date(2026, 2, 1), operating_from=None)
    assert line_of(company)["missing"] == []


def test_halves_are_rounded_up_once_for_a_lease_and_month():
    # 0.05 m² x 0.1000 yuan x 31 days = 15.5 fen; day by day it would be 31 times half a fen.
    assert line_of(settled(office("0.05", "0.1")))["rent_fen"] == 16


def test_the_largest_lease_does_not_overflow_and_a_larger_one_is_refused():
    company = settled(office(str(Fraction(MOST_AREA, 100)), str(Fraction(MOST_PRICE, 10_000))))
    versions = [Version(POLICY.effective_from, Fraction(10**6), 36, Fraction("0.9999"))]
    assert differences([company], MARCH, versions) == []
    with pytest.raises(BadLeases, match="lease L1 has an area outside"):
        line_of(settled(office(str(Fraction(MOST_AREA + 1, 100)))))
    with pytest.raises(BadLeases, match="lease L1 has a price outside"):
        line_of(settled(office(price=str(Fraction(MOST_PRICE + 1, 10_000)))))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"company": 9}, "no company among"),
        ({"area": 0}, "area outside"),
        ({"price": -1}, "price outside"),
        ({"area": None}, "area outside"),
        ({"first_day": None}, "no first day"),
        ({"until": date(2025, 10, 1)}, "ends before it begins"),
    ],
)
def test_a_lease_that_cannot_be_billed_is_refused_by_its_number(change, problem):
    companies = [settled(office())]
    leases = lease_frame(companies)
    broken = leases.with_columns(pl.lit(value, dtype=leases.schema[name]).alias(name) for name, value in change.items())
    with pytest.raises(BadLeases, match=f"lease L1 .*{problem}"):
        rent_lines(broken, company_frame(companies), MARCH, Timeline([parameter_set(POLICY)]))


def test_a_frame_of_the_wrong_shape_is_refused():
    companies, timeline = [settled(office())], Timeline([parameter_set(POLICY)])
    leases, frame = lease_frame(companies), company_frame(companies)
    with pytest.raises(BadFacts, match="leases: area is Float64"):
        rent_lines(leases.cast({"area": pl.Float64()}), frame, MARCH, timeline)
    with pytest.raises(BadFacts, match="stands twice"):
        rent_lines(leases, pl.concat([frame, frame]), MARCH, timeline)
    with pytest.raises(BadFacts, match="first day of a month"):
        rent_lines(leases, frame, date(2026, 3, 2), timeline)
    with pytest.raises(BadLeases, match="another lease has"):
        rent_lines(pl.concat([leases, leases]), frame, MARCH, timeline)


def test_a_settled_company_without_its_first_settled_day_is_refused_rather_than_paid_nothing():
    companies, timeline = [settled(office())], Timeline([parameter_set(POLICY)])
    frame = company_frame(companies).with_columns(pl.lit(None, dtype=pl.Date()).alias("first_settled_on"))
    with pytest.raises(BadFacts, match="company 0 is settled on 2026-03-01"):
        rent_lines(lease_frame(companies), frame, MARCH, timeline)


def test_no_leases_and_no_policy_bill_nothing_and_waive_nothing():
    timeline = Timeline([parameter_set(POLICY)])
    assert lines_of([settled()], MARCH, [POLICY]).height == 0
    companies = [settled(office())]
    assert rent_lines(lease_frame(companies), company_frame(companies), MARCH, Timeline([]))[
        "waived_fen"
    ].to_list() == [0]
    assert relief_of_month(lease_frame([settled()]), company_frame([settled()]), MARCH, timeline).rows() == [(0, 0)]


def test_relief_is_the_sum_of_what_is_billed_and_unknown_while_a_fact_is_missing():
    companies = [settled(office("100"), office("250", number="L2")), settled(office(number="L3"), registered_from=None)]
    relief = relief_of_month(lease_frame(companies), company_frame(companies), MARCH, Timeline([parameter_set(POLICY)]))
    assert relief.rows() == [(0, 1860000), (1, None)]
