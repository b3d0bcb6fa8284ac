"""What a lease costs. Pure; the relief is no business of the places."""

from decimal import Decimal

from core.money import round_half_up


def rent_of(*, area_m2: Decimal, price_per_m2_day: Decimal, days: int) -> Decimal:
    """The rent of so many days in yuan, rounded half up to the fen, once."""
    return round_half_up(area_m2 * price_per_m2_day * days)
