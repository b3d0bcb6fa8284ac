"""What a lease costs. Pure; the relief is no business of the places."""

from datetime import date
from decimal import Decimal

from core.money import round_half_up
from core.periods import next_month


def rent_of(*, area_m2: Decimal, price_per_m2_day: Decimal, days: int) -> Decimal:
    """The rent of so many days in yuan, rounded half up to the fen, once."""
    return round_half_up(area_m2 * price_per_m2_day * days)


def days_in(month: date, first: date, until: date | None) -> int:
    """How many days of the calendar month that begins on `month` lie in `[first, until)`; `until` None = open."""
    end = next_month(month)
    return max((min(until or end, end) - max(first, month)).days, 0)
