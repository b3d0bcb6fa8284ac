"""Exact money: Decimal yuan with two places outside the rules, integer fen inside them. Never a float."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models

YUAN = "CNY"  # what all amounts are in, but for those of financing rounds
FEN = Decimal("0.01")
# No single loan, cost or request is larger: sums of many stay far below 2**63 fen, and typing errors stay out.
MOST_YUAN = Decimal(10_000_000_000)
# A company's revenue of a year; the rules take up to as much.
MOST_YEARLY_YUAN = Decimal(1_000_000_000_000)


def to_fen(yuan: Decimal) -> int:
    """Yuan to integer fen; raises ValueError for a fraction of a fen (nothing is rounded here)."""
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"¥{yuan} has fractions of a fen")
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """Integer fen to yuan with exactly two places."""
    return (Decimal(fen) / 100).quantize(FEN)


def round_half_up(yuan: Decimal) -> Decimal:
    """To the fen, half up (away from zero for negative amounts): the one rounding that the policy knows."""
    return yuan.quantize(FEN, rounding=ROUND_HALF_UP)


class MoneyField(models.DecimalField):
    """Yuan as numeric(18,2). Amounts may not be negative unless `signed=True` (adjustments)."""

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any):
        self.signed = signed
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        if not signed:
            kwargs.setdefault("validators", [MinValueValidator(Decimal(0))])
        super().__init__(*args, **kwargs)
