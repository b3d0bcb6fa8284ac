"""Interest support: against a calculation day by day, on both sides of each threshold, and at the bounds."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import polars as pl
import pytest

from subsidies.rules.borrowing import balances, first_loan
from subsidies.rules.errors import BadFacts, BadLoans
from subsidies.rules.interest import MOST_PRINCIPAL, MOST_RATE, interest_lines, support_of_month
from subsidies.rules.parameters import Timeline
from tests.subsidies.rules.brute_force import Company, Lease
from tests.subsidies.rules.cases import company_frame, lease_frame, loan_frames, loan_parameters
from tests.subsidies.rules.interest_brute_force import Loan, Terms, first_loan_day, support

MARCH = date(2026, 3, 1)
LONG_AGO = date(2020, 1, 1)
FIXINGS = [(date(2019, 8, 20), Fraction("0.0425")), (date(2025, 5, 20), Fraction("0.03"))]
POLICY = Terms(date(2025, 9, 25), Fraction(2_000_000), 36, Fraction(1, 2), FIXINGS)
MILLION = Fraction(10**6)

Zone = list[tuple[Company, list[Loan]]]


def borrowed(
    principal: str = "1000000",
    rate: str = "0.03",
    drawn_on: date = date(2025, 10, 1),
    due_on: date | None = None,
    number: str = "K1",
    repayments: tuple[tuple[date, str], ...] = (),
) -> Loan:
    paid = [(day, Fraction(amount)) for day, amount in repayments]
    return Loan(number, Fraction(principal), Fraction(rate), drawn_on, due_on, paid)


def office(first: date = LONG_AGO, last: date | None = None, number: str = "L1") -> Lease:
    return Lease(number, Fraction(100), Fraction(2), first, last)


def tenant(*leases: Lease, **periods: date | None) -> Company:
    known = {"registered_from": LONG_AGO, "registered_until": None, "operating_from": LONG_AGO, "operating_until": None}
    return Company(**{**known, **periods}, leases=list(leases or [office()]))


def lines_of(zone: Zone, month: date = MARCH, versions: list[Terms] | None = None) -> pl.DataFrame:
    companies = [company for company, _ in zone]
    loans, repayments = loan_frames({key: loans for key, (_, loans) in enumerate(zone)})
    timeline = Timeline(loan_parameters(version) for version in versions or [POLICY])
    return interest_lines(loans, repayments, lease_frame(companies), company_frame(companies), month, timeline)


def line_of(*loans: Loan, company: Company | None = None, month: date = MARCH, versions: list[Terms] | None = None):
    """The line of the last of these loans."""
    lines = lines_of([(company or tenant(), list(loans))], month, versions)
    return lines.filter(loan=loans[-1].number).row(0, named=True)


def differences(zone: Zone, month: date, versions: list[Terms]) -> list[tuple]:
    names = ("days", "supported_days", "supported_fen")
    found = {
        (row["company"], row["loan"]): (*(row[name] for name in names), set(row["missing"]))
        for row in lines_of(zone, month, versions).iter_rows(named=True)
    }
    wanted = {
        (key, number): line
        for key, (company, loans) in enumerate(zone)
        for number, line in support(company, loans, month, versions).items()
    }
    return [
        (key, found.get(key), wanted.get(key))
        for key in found.keys() | wanted.keys()
        if found.get(key) != wanted.get(key)
    ]


class RandomZone:
    """Companies whose loans, repayments, leases, periods and windows crowd around the month, so that all happens in
    it."""

    def __init__(self, seed: int, month: date, opens: list[date]) -> None:
        self.random, self.month, self.opens, self.numbers = Random(seed), month, opens, 0

    def day(self) -> date:
        chance = self.random.random()
        if chance < 0.45:
            return self.month + timedelta(days=self.random.randint(-20, 50))
        if chance < 0.6:
            return self.random.choice(self.opens) + timedelta(days=self.random.randint(-5, 5))
        if chance < 0.8:  # opens a window that ends in or around the month
            months = self.random.choice((6, 12, 36))
            return self.month + timedelta(days=self.random.randint(-20, 50) - months * 30)
        return self.month - timedelta(days=self.random.randint(0, 3000))

    def number(self) -> str:
        self.numbers += 1
        return f"{self.random.choice('ABab')}{self.numbers}"

    def loan(self) -> Loan:
        fen = self.random.choice((self.random.randint(1, 4 * 10**8), 2 * 10**8, 2 * 10**8 + 1, 10**8, 5 * 10**7))
        rate = Fraction(self.random.choice((0, 30_000, 42_500, self.random.randint(1, 90_000))), 10**6)
        drawn = self.day()
        due = None if self.random.random() < 0.4 else drawn + timedelta(days=self.random.choice((1, 20, 400, 1100)))
        loan = Loan(self.number(), Fraction(fen, 100), rate, drawn, due)
        for day in {max(drawn, self.day()) for _ in range(self.random.choice((0, 0, 1, 2, 4)))}:
            left = fen - sum(int(amount * 100) for _, amount in loan.repayments)
            if left:
                loan.repayments.append((day, Fraction(self.random.choice((left, self.random.randint(1, left))), 100)))
        return loan

    def lease(self) -> Lease:
        first = LONG_AGO if self.random.random() < 0.5 else self.day()
        return office(first, None if self.random.random() < 0.5 else max(first, self.day()), self.number())

    def period(self) -> tuple[date | None, date | None]:
        start = None if self.random.random() < 0.15 else LONG_AGO if self.random.random() < 0.6 else self.day()
        until = None if self.random.random() < 0.7 else self.day()
        return start, until if until is None or start is None or until > start else None

    def companies(self, count: int) -> Zone:
        return [
            (self.company(), [self.loan() for _ in range(self.random.choice((0, 1, 2, 3, 5)))]) for _ in range(count)
        ]

    def company(self) -> Company:
        leases = [self.lease() for _ in range(self.random.choice((0, 1, 1, 2)))]
        return Company(*self.period(), *self.period(), leases=leases)


LATER_FIXINGS = [*FIXINGS, (date(2026, 2, 20), Fraction("0.0295"))]
OTHER_TERMS = [
    Terms(date(2025, 6, 1), Fraction(2_000_000), 6, Fraction(1, 2), FIXINGS),
    Terms(date(2026, 2, 11), Fraction("1500000.01"), 12, Fraction("0.3333"), LATER_FIXINGS),
    Terms(date(2026, 2, 20), Fraction(0), 36, Fraction(1), LATER_FIXINGS),
    Terms(date(2026, 2, 24), Fraction(3_000_000), 36, Fraction("0.0001"), LATER_FIXINGS),
]


@pytest.mark.parametrize(
    ("month", "versions"),
    [
        (MARCH, [POLICY]),
        (date(2025, 9, 1), [POLICY]),
        (date(2025, 8, 1), [POLICY]),
        (date(2028, 9, 1), [POLICY]),
        (date(2026, 2, 1), OTHER_TERMS),
        (date(2024, 2, 1), [Terms(date(2021, 2, 28), Fraction(2_000_000), 36, Fraction(1), FIXINGS)]),
    ],
    ids=["one_version", "first_month", "before_the_policy", "month_36", "four_versions", "leap_february"],
)
def test_support_equals_the_calculation_day_by_day(month, versions):
    zone = RandomZone(month.toordinal() + len(versions), month, [version.effective_from for version in versions])
    companies = zone.companies(500)
    assert sum(len(loans) for _, loans in companies) > 1000
    assert differences(companies, month, versions) == []


def test_consecutive_months_of_one_zone_equal_the_calculation_day_by_day():
    companies = RandomZone(5, date(2026, 1, 1), [POLICY.effective_from]).companies(60)
    for number in range(8):
        month = date(2025 + (8 + number) // 12, (8 + number) % 12 + 1, 1)
        assert differences(companies, month, [POLICY]) == []


def test_the_first_day_of_a_loan_equals_the_calculation_day_by_day():
    zone = RandomZone(11, MARCH, [POLICY.effective_from]).companies(300)
    loans, _ = loan_frames({key: loans for key, (_, loans) in enumerate(zone)})
    found = first_loan(loans, company_frame([company for company, _ in zone]), POLICY.effective_from)
    for key, first, ever in found.iter_rows():
        own = zone[key][1]
        assert first == (first_loan_day(own, [POLICY], date(2026, 6, 30)) if own else None)
        assert ever is (first is not None)


@pytest.mark.parametrize(
    ("principal", "fen"),
    [
        # 31 days x 3 % / 360 x 50 % of the principal
        ("1999999.99", 258_333),
        ("2000000.00", 258_333),
        ("2000000.01", 258_333),
        ("4000000.00", 258_333),
        ("1000000.00", 129_167),
    ],
)
def test_up_to_two_million_yuan_are_supported(principal, fen):
    assert line_of(borrowed(principal))["supported_fen"] == fen


def test_one_fen_above_the_principal_is_told_and_not_supported():
    (segment,) = line_of(borrowed("2000000.01"))["segments"]
    assert (segment["balance"], segment["counted"], segment["reason"]) == (200_000_001, 200_000_000, "limit_reached")
    (segment,) = line_of(borrowed("2000000.00"))["segments"]
    assert segment["reason"] == "supported"


@pytest.mark.parametrize(
    ("drawn_on", "due_on", "days"),
    [
        (date(2026, 3, 31), None, 1),
        (date(2026, 3, 1), date(2026, 3, 2), 1),
        (date(2026, 2, 1), date(2026, 3, 31), 30),
        (date(2026, 2, 1), date(2026, 4, 1), 31),
        (date(2026, 2, 1), None, 31),
    ],
)
def test_the_day_of_drawdown_bears_interest_and_the_due_day_does_not(drawn_on, due_on, days):
    line = line_of(borrowed("3600000", drawn_on=drawn_on, due_on=due_on))
    assert (line["days"], line["supported_days"]) == (days, days)
    # 2,000,000 x 3 % / 360 x 50 % = 83.333... a day
    assert line["supported_fen"] == (days * 25_000 + 1) // 3


def test_a_loan_that_is_due_on_the_first_or_drawn_after_the_last_day_has_no_line():
    ended, later = borrowed(due_on=MARCH), borrowed(drawn_on=date(2026, 4, 1), number="K2")
    assert lines_of([(tenant(), [ended, later])]).is_empty()


def test_a_repayment_lowers_the_balance_from_its_own_day_on():
    line = line_of(borrowed("360000", repayments=((date(2026, 3, 11), "180000"), (date(2026, 3, 21), "180000"))))
    assert (line["days"], line["supported_fen"]) == (20, 10 * 15_00 + 10 * 7_50)
    assert [(segment["balance"], segment["reason"]) for segment in line["segments"]] == [
        (360_000_00, "supported"),
        (180_000_00, "supported"),
        (0, "paid_back"),
    ]


def test_a_loan_that_was_paid_back_before_the_month_has_no_line():
    assert lines_of([(tenant(), [borrowed("100", repayments=((date(2026, 2, 28), "100"),))])]).is_empty()


@pytest.mark.parametrize(
    ("rate", "drawn_on", "fen"),
    [
        ("0.0299", date(2025, 10, 1), 1_287_36),
        ("0.03", date(2025, 10, 1), 1_291_67),
        ("0.0301", date(2025, 10, 1), 1_291_67),
        ("0.05", date(2025, 5, 19), 1_829_86),
        ("0.05", date(2025, 5, 20), 1_291_67),
        ("0", date(2025, 10, 1), 0),
    ],
)
def test_the_rate_is_the_loans_but_no_more_than_the_reference_rate_of_its_drawdown(rate, drawn_on, fen):
    assert line_of(borrowed(rate=rate, drawn_on=drawn_on))["supported_fen"] == fen


def test_the_earlier_drawdown_counts_first_and_then_the_smaller_number_as_text():
    loans = [
        borrowed("1500000", number="K9", drawn_on=date(2025, 11, 1)),
        borrowed("1500000", number="K10", drawn_on=date(2025, 11, 1)),
        borrowed("300000", number="Z", drawn_on=date(2025, 10, 1)),
    ]
    lines = lines_of([(tenant(), loans)])
    counted = {row["loan"]: row["segments"][0]["counted"] for row in lines.iter_rows(named=True)}
    assert counted == {"Z": 300_000_00, "K10": 1_500_000_00, "K9": 200_000_00}


def test_what_an_earlier_loan_pays_back_makes_room_for_a_later_one():
    first = borrowed("2000000", repayments=((date(2026, 3, 16), "500000"),))
    line = line_of(first, borrowed("900000", drawn_on=date(2025, 12, 1), number="K2"))
    assert [(segment["counted"], segment["reason"]) for segment in line["segments"]] == [
        (0, "limit_used_up"),
        (500_000_00, "limit_reached"),
    ]
    assert (line["days"], line["supported_days"]) == (31, 31)


@pytest.mark.parametrize(
    ("drawn_on", "month", "supported_days"),
    [
        (date(2026, 3, 16), date(2029, 3, 1), 15),
        (date(2026, 3, 16), date(2029, 4, 1), 0),
        (LONG_AGO, date(2028, 9, 1), 24),
        (LONG_AGO, date(2028, 10, 1), 0),
        (LONG_AGO, date(2028, 8, 1), 31),
    ],
)
def test_the_window_ends_the_day_before_the_same_day_36_months_later(drawn_on, month, supported_days):
    assert line_of(borrowed(drawn_on=drawn_on), month=month)["supported_days"] == supported_days


def test_the_window_opens_on_the_first_loan_under_the_policy_whatever_else_holds():
    early = borrowed("10", drawn_on=date(2024, 1, 1), due_on=date(2025, 9, 26))
    company = tenant(office(first=date(2028, 9, 1)), registered_from=date(2028, 9, 1))
    line = line_of(early, borrowed(drawn_on=date(2028, 9, 1), number="K2"), company=company, month=date(2028, 9, 1))
    assert line["supported_days"] == 24
    before = borrowed("10", drawn_on=date(2024, 1, 1), due_on=date(2025, 9, 25))
    line = line_of(before, borrowed(drawn_on=date(2028, 9, 1), number="K2"), company=company, month=date(2028, 9, 1))
    assert line["supported_days"] == 30


@pytest.mark.parametrize(
    ("company", "days", "reason"),
    [
        (tenant(registered_from=date(2026, 3, 10)), 22, "not_registered"),
        (tenant(registered_until=date(2026, 3, 10)), 9, "not_registered"),
        (tenant(operating_from=date(2026, 3, 10)), 22, "not_operating"),
        (tenant(office(first=date(2026, 3, 10))), 22, "no_premises"),
        (tenant(office(last=date(2026, 3, 9)), office(date(2026, 3, 12), number="L2")), 29, "no_premises"),
        (tenant(office(last=date(2026, 3, 9)), office(date(2026, 3, 10), number="L2")), 31, None),
    ],
)
def test_only_days_on_which_the_common_condition_holds_are_supported(company, days, reason):
    line = line_of(borrowed("360000"), company=company)
    assert (line["days"], line["supported_days"], line["supported_fen"]) == (31, days, days * 15_00)
    assert ({segment["reason"] for segment in line["segments"]} - {"supported"}) == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("company", "missing"),
    [
        (tenant(registered_from=None), ["registered_on"]),
        (tenant(operating_from=None), ["operating_from"]),
        (tenant(registered_from=None, operating_from=None), ["registered_on", "operating_from"]),
        (tenant(registered_from=None, operating_until=date(2020, 5, 1)), []),
        (tenant(office(last=date(2025, 1, 1)), operating_from=None), []),
    ],
)
def test_an_unknown_start_is_missing_where_it_matters(company, missing):
    line = line_of(borrowed(), company=company)
    assert (line["supported_fen"], line["missing"]) == (0, missing)


def test_a_loan_from_before_the_first_fixing_is_unknown_and_spoils_no_other():
    loans = [borrowed(drawn_on=date(2019, 8, 19), number="K0"), borrowed("360000")]
    lines = lines_of([(tenant(), loans)]).sort("loan")
    assert lines["missing"].to_list() == [["reference_rates"], []]
    assert lines["supported_fen"].to_list() == [0, 31 * 15_00]
    assert [segment["reason"] for segment in lines["segments"][0]] == ["reference_unknown"]


@pytest.mark.parametrize(
    "loans",
    [
        [borrowed(rate="0", drawn_on=date(2019, 8, 19))],
        [borrowed("2000000"), borrowed(drawn_on=date(2025, 10, 2), number="K2")],
    ],
    ids=["without interest", "beyond the principal"],
)
def test_nothing_is_missing_of_a_loan_that_could_not_be_supported_anyway(loans):
    company = tenant(registered_from=None) if len(loans) > 1 else tenant()
    assert line_of(*loans, company=company)["missing"] == []


def test_halves_are_rounded_up_once_for_a_loan_and_month():
    # 240.00 x 3 % / 360 x 50 % = 1 fen a day; of 120.00 it is half a fen: 15.5 fen in 31 days.
    assert line_of(borrowed("120"))["supported_fen"] == 16
    parts = line_of(borrowed("240", repayments=((date(2026, 3, 11), "120"),)))
    assert parts["supported_fen"] == 21  # 10 + 10.5


@pytest.mark.parametrize("share", ["0.9999", "1"])
def test_the_largest_loans_do_not_overflow(share):
    fixings = [(date(2019, 8, 20), Fraction(1))]
    versions = [Terms(POLICY.effective_from, Fraction(MOST_PRINCIPAL, 100), 36, Fraction(share), fixings)]
    most = str(Fraction(MOST_PRINCIPAL, 100))
    zone = [(tenant(), [borrowed(most, rate="1", number=f"K{place}-{key}") for place in range(3)]) for key in range(4)]
    assert differences(zone, MARCH, versions) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"company": 9}, "no company among"),
        ({"principal": 0}, "principal outside"),
        ({"principal": MOST_PRINCIPAL + 1}, "principal outside"),
        ({"rate": -1}, "rate outside"),
        ({"rate": MOST_RATE + 1}, "rate outside"),
        ({"rate": None}, "rate outside"),
        ({"drawn_on": None}, "no drawdown day"),
        ({"due_on": date(2025, 10, 1)}, "due before"),
    ],
)
def test_a_loan_that_cannot_be_reckoned_with_is_refused_by_its_number(change, problem):
    loans, repayments = loan_frames({0: [borrowed()]})
    broken = loans.with_columns(pl.lit(value, dtype=loans.schema[name]).alias(name) for name, value in change.items())
    with pytest.raises(BadLoans, match=f"loan K1 .*{problem}"):
        interest_lines(broken, repayments, lease_frame([]), company_frame([tenant()]), MARCH, Timeline([]))


@pytest.mark.parametrize(
    ("repayments", "problem"),
    [
        (((date(2026, 1, 1), "0.01"), (date(2026, 1, 2), "1000000")), "more than was drawn"),
        (((date(2025, 9, 30), "1"),), "before it was drawn"),
        (((date(2026, 1, 1), "0"),), "repayment outside"),
    ],
)
def test_an_impossible_repayment_is_refused_by_the_number_of_its_loan(repayments, problem):
    with pytest.raises(BadLoans, match=f"loan K1 .*{problem}"):
        line_of(borrowed(repayments=repayments))


def test_a_repayment_of_no_loan_and_two_loans_of_one_number_are_refused():
    loans, repayments = loan_frames({0: [borrowed(repayments=((MARCH, "1"),))]})
    leases, companies = lease_frame([]), company_frame([tenant()])
    with pytest.raises(BadLoans, match="K1 is paid back, and yet not among"):
        interest_lines(loans.clear(), repayments, leases, companies, MARCH, Timeline([]))
    with pytest.raises(BadLoans, match="another loan has"):
        interest_lines(pl.concat([loans, loans]), repayments, leases, companies, MARCH, Timeline([]))


def test_a_frame_of_the_wrong_shape_is_refused():
    loans, repayments = loan_frames({0: [borrowed()]})
    leases, companies = lease_frame([tenant()]), company_frame([tenant()])
    with pytest.raises(BadFacts, match="loans: principal is Float64"):
        interest_lines(loans.cast({"principal": float}), repayments, leases, companies, MARCH, Timeline([]))
    with pytest.raises(BadFacts, match="first day of a month"):
        interest_lines(loans, repayments, leases, companies, date(2026, 3, 2), Timeline([]))
    lost = companies.with_columns(pl.lit(None, dtype=pl.Date()).alias("first_loan_on"))
    with pytest.raises(BadFacts, match="company 0 has a loan on 2026-03-01"):
        interest_lines(loans, repayments, leases, lost, MARCH, Timeline([loan_parameters(POLICY)]))


def test_without_a_policy_nothing_is_supported():
    loans, repayments = loan_frames({0: [borrowed()]})
    frames = (loans, repayments, lease_frame([tenant()]), company_frame([tenant()]))
    assert interest_lines(*frames, MARCH, Timeline([]))["supported_fen"].to_list() == [0]


def test_the_support_of_a_month_is_the_sum_of_its_lines_and_unknown_while_a_fact_is_missing():
    zone = [
        (tenant(), [borrowed("360000"), borrowed("360000", number="K2")]),
        (tenant(), []),
        (tenant(registered_from=None), [borrowed(number="K3")]),
        (tenant(), [borrowed(drawn_on=date(2019, 1, 1), number="K4")]),
    ]
    found = support_of_month(lines_of(zone), company_frame([company for company, _ in zone]))
    assert found.rows() == [(0, 2 * 31 * 15_00, True), (1, 0, True), (2, None, True), (3, None, None)]


def test_the_balance_on_a_day_is_that_of_the_loans_that_run():
    loans, repayments = loan_frames(
        {
            0: [
                borrowed("100", repayments=((MARCH, "40"), (date(2026, 3, 2), "1"))),
                borrowed("7", number="K2", due_on=MARCH),
                borrowed("5", number="K3", drawn_on=MARCH),
                borrowed("3", number="K4", drawn_on=date(2026, 3, 2)),
            ]
        }
    )
    companies = company_frame([tenant(), tenant()])
    assert balances(loans, repayments, companies, MARCH).rows() == [(0, 65_00), (1, 0)]
