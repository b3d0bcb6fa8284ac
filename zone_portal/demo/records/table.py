"""A table of a kind of file, and the companies that stand in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from zone_portal.demo.calendar import DAY, Present
from zone_portal.demo.companies import Company, arrival

Row = tuple[object, ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def chosen(register: Sequence[Company], now: Present, count: int) -> list[Company]:
    """So many incorporated companies that have come to the zone, in the order of their codes."""
    here = [
        company for company in register if company.kind == "company" and arrival(company.course, now.today) < now.today
    ]
    return sorted(now.random.sample(here, min(count, len(here))), key=lambda company: company.code)


def day_since(company: Company, now: Present, *, days: int = 0, last: dt.date | None = None) -> dt.date:
    """A day from so many days after the company came to the zone (before, where negative) to `last`, or yesterday."""
    end = last or now.today - DAY
    return min(now.between(min(arrival(company.course, now.today) + days * DAY, end), end), end)


def yuan(fen: int) -> str:
    """Fen as a decimal of yuan, exactly."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"
