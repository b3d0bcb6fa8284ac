"""Rent and relief day by day, in plain Python with fractions: the policy's words turned into loops, slow and
independent.

It shares no code with `subsidies.rules` and knows no frames, segments or windows of the engine.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

DAY = timedelta(days=1)


@dataclass
class Lease:
    number: str
    area: Fraction  # m²
    price: Fraction  # yuan per m² and day
    first_day: date
    last_day: date | None  # included


@dataclass
class Company:
    registered_from: date | None
    registered_until: date | None  # half-open
    operating_from: date | None
    operating_until: date | None  # half-open
    leases: list[Lease] = field(default_factory=list)


@dataclass
class Version:
    effective_from: date
    area: Fraction
    months: int
    share: Fraction


@dataclass
class Line:
    days: int = 0
    waived_days: int = 0
    waived: Fraction = Fraction(0)
    missing: set[str] = field(default_factory=set)


Bill = tuple[int, int, int, int, int, set[str]]


def fen(yuan: Fraction) -> int:
    return floor(yuan * 100 + Fraction(1, 2))


def same_day_later(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def runs(lease: Lease, day: date) -> bool:
    return lease.first_day <= day and (lease.last_day is None or day <= lease.last_day)


def in_period(day: date, start: date | None, until: date | None) -> bool | None:
    if until is not None and day >= until:
        return False
    return None if start is None else day >= start


def version_on(day: date, versions: list[Version]) -> Version | None:
    in_force = [version for version in versions if version.effective_from <= day]
    return max(in_force, key=lambda version: version.effective_from) if in_force else None


def first_settled_day(company: Company, versions: list[Version], last: date) -> date | None:
    """The first day up to `last` on which the policy is in force and the company settled."""
    day = max(min(version.effective_from for version in versions), min(lease.first_day for lease in company.leases))
    while day <= last:
        if any(runs(lease, day) for lease in company.leases) and in_period(
            day, company.operating_from, company.operating_until
        ):
            return day
        day += DAY
    return None


def window_holds(day: date, opened: date | None, months: int) -> bool | None:
    if opened is None:
        return None
    return opened <= day < same_day_later(opened, months)


def bill(company: Company, first: date, versions: list[Version]) -> dict[str, Bill]:
    """By number of the lease: days, waived days, rent, waived, payable (fen), missing facts."""
    last = same_day_later(first, 1) - DAY
    opened = first_settled_day(company, versions, last)
    queue = sorted(company.leases, key=lambda lease: (lease.first_day, lease.number))
    lines: dict[str, Line] = {}
    day = first
    while day <= last:
        version = version_on(day, versions)
        registered = in_period(day, company.registered_from, company.registered_until)
        operating = in_period(day, company.operating_from, company.operating_until)
        window = window_holds(day, opened, version.months) if version else False
        holds = [registered, operating, window]
        left = version.area if version else Fraction(0)
        for lease in queue:
            if not runs(lease, day):
                continue
            line = lines.setdefault(lease.number, Line())
            line.days += 1
            if all(holds):
                assert version is not None
                waived_area = min(lease.area, left)
                left -= waived_area
                line.waived_days += 1
                line.waived += version.share * waived_area * lease.price
            elif False not in holds:
                line.missing |= {"registered_on"} if registered is None else set()
                line.missing |= {"operating_from"} if operating is None else set()
        day += DAY
    found = {}
    for lease in queue:
        if lease.number in lines:
            line = lines[lease.number]
            rent, waived = fen(lease.area * lease.price * line.days), fen(line.waived)
            found[lease.number] = (line.days, line.waived_days, rent, waived, rent - waived, line.missing)
    return found
