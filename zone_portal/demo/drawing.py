"""Columns of random values for large files, deterministic, and how they become the text of a cell."""

import datetime as dt
from dataclasses import dataclass
from random import Random

import polars as pl

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Draw:
    """Columns of random values, `size` long each, in the order in which they are asked for."""

    random: Random
    size: int

    def whole(self, low: int, high: int) -> pl.Series:
        """Integers from low to high, both included."""
        span = high - low + 1
        return pl.Series([low + int(self.random.random() * span) for _row in range(self.size)], dtype=pl.Int64)

    def chance(self, share: float) -> pl.Series:
        return pl.Series([self.random.random() < share for _row in range(self.size)])

    def one_of(self, values: tuple[str, ...], weights: tuple[int, ...] | None = None) -> pl.Series:
        return pl.Series(self.random.choices(values, weights, k=self.size))


def decimal_text(name: str, places: int) -> pl.Expr:
    """An integer column of the smallest unit as a decimal with so many places, exactly."""
    whole, rest = pl.col(name) // 10**places, pl.col(name) % 10**places
    return pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(places)).alias(name)


def as_day(days: pl.Expr) -> pl.Expr:
    """Days since 1970 as a date."""
    return days.cast(pl.Int32).cast(pl.Date)
