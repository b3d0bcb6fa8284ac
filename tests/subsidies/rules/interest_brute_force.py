"""Interest support day by day, in plain Python with fractions: the policy's words turned into loops, slow and
independent.

It shares no code with `subsidies.rules`; of the other calculator it takes the calendar and the common condition.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.subsidies.rules.brute_force import (
    DAY,
    Company,
    fen,
    in_period,
    runs,
    same_day_later,
)

Repayment = tuple[date, Fraction]


@dataclass
class Loan:
    number: str
    principal: Fraction  # yuan
    rate: Fraction  # a year, 1 is the whole
    drawn_on: date
    due_on: date | None  # not a day of interest
    repayments: list[Repayment] = field(default_factory=list)


@dataclass
class Terms:
    effective_from: date
    cap: Fraction  # yuan
    months: int
    share: Fraction
    fixings: list[tuple[date, Fraction]]


@dataclass
class Support:
    days: int = 0
    supported_days: int = 0
    support: Fraction = Fraction(0)
    missing: set[str] = field(default_factory=set)


Line = tuple[int, int, int, set[str]]


def terms_on(day: date, versions: list[Terms]) -> Terms | None:
    in_force = [version for version in versions if version.effective_from <= day]
    return max(in_force, key=lambda version: version.effective_from) if in_force else None


def is_drawn(loan: Loan, day: date) -> bool:
    return loan.drawn_on <= day and (loan.due_on is None or day < loan.due_on)


def balance_on(loan: Loan, day: date) -> Fraction:
    return loan.principal - sum((amount for paid_on, amount in loan.repayments if paid_on <= day), Fraction(0))


def first_loan_day(loans: list[Loan], versions: list[Terms], last: date) -> date | None:
    """The first day up to `last` on which the policy is in force and a loan runs."""
    day = max(min(version.effective_from for version in versions), min(loan.drawn_on for loan in loans))
    while day <= last:
        if any(is_drawn(loan, day) for loan in loans):
            return day
        day += DAY
    return None


def reference(terms: Terms, drawn_on: date) -> Fraction | None:
    fixed = [rate for day, rate in sorted(terms.fixings) if day <= drawn_on]
    return fixed[-1] if fixed else None


def conditions(company: Company, day: date) -> list[bool | None]:
    """Registered, operating, in premises."""
    return [
        in_period(day, company.registered_from, company.registered_until),
        in_period(day, company.operating_from, company.operating_until),
        any(runs(lease, day) for lease in company.leases),
    ]


def day_of_loan(line: Support, counted: Fraction, loan: Loan, terms: Terms, holds: list[bool | None]) -> None:
    """What one day adds, given how much of the balance counts and that nothing certainly speaks against it."""
    known = None not in holds
    line.supported_days += known
    lpr = reference(terms, loan.drawn_on)
    if not counted or not loan.rate:
        return
    if known and lpr is not None:
        line.support += terms.share * counted * min(loan.rate, lpr) / 360
    gaps = {"registered_on": holds[0], "operating_from": holds[1], "reference_rates": lpr}
    line.missing |= {name for name, value in gaps.items() if value is None}


def support(company: Company, loans: list[Loan], first: date, versions: list[Terms]) -> dict[str, Line]:
    """By number of the loan: days, supported days, support (fen), missing facts."""
    last = same_day_later(first, 1) - DAY
    opened = first_loan_day(loans, versions, last) if loans else None
    lines: dict[str, Support] = {}
    day = first
    while day <= last:
        terms, holds = terms_on(day, versions), conditions(company, day)
        in_window = terms is not None and opened is not None and day < same_day_later(opened, terms.months)
        left = terms.cap if terms else Fraction(0)
        for loan in sorted(loans, key=lambda loan: (loan.drawn_on, loan.number)):
            balance = balance_on(loan, day)
            if not is_drawn(loan, day) or not balance:
                continue
            line = lines.setdefault(loan.number, Support())
            line.days += 1
            if terms is not None and in_window and False not in holds:
                counted = min(balance, left)
                left -= counted
                day_of_loan(line, counted, loan, terms, holds)
        day += DAY
    return {number: (line.days, line.supported_days, fen(line.support), line.missing) for number, line in lines.items()}
