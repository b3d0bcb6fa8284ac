"""Which signals a company shows, by what is known about it. Pure: a frame in, a frame out.

Three values: a signal is there, is not, or is not known, where there is nothing to see it by. What is not known has no
points.
"""

import datetime as dt

import polars as pl

from zone_portal.dashboard.leaving.values import (
    BOOKINGS,
    BOOKINGS_FALL_TO,
    CONTACT,
    CONTACT_DAYS,
    FEWEST_BOOKINGS,
    LEASE,
    LEASE_DAYS,
    RELIEF,
    RELIEF_DAYS,
    REPORT,
    SIGNALS,
)

SCHEMA = {
    "company": pl.Int64(),
    "ends_on": pl.Date(),  # the last day with a lease or a desk; null = open
    "is_offered": pl.Boolean(),  # an offer of a lease is open or accepted
    "relief_until": pl.Date(),  # the last day of the window; null = no relief, or not known
    "is_decided": pl.Boolean(),  # whether it is known if it has relief
    "late": pl.Int64(),  # reports that were due and are not there; null = the schedule never asked for one
    "due_on": pl.Date(),  # the day on which the newest of these was due
    "booked": pl.Int64(),  # rooms booked in the last days
    "booked_before": pl.Int64(),  # and in the days before
    "contact_on": pl.Date(),  # the last contact; null = none is on record
}
KEYED_BY_DAY = {LEASE: "ends_on", RELIEF: "relief_until", REPORT: "due_on"}
"""A signal about another day is another signal: a task that was done is opened again by it."""


def judged(known: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """`known` (the columns of SCHEMA) with a Boolean column for each signal, null where it is not known; and points."""
    days = dt.timedelta(days=1)
    ends, relief = pl.col("ends_on"), pl.col("relief_until")
    shows = {
        LEASE: ends.is_not_null() & ends.is_between(on, on + LEASE_DAYS * days) & ~pl.col("is_offered"),
        RELIEF: pl.when("is_decided").then(relief.is_between(on, on + RELIEF_DAYS * days).fill_null(value=False)),
        REPORT: pl.col("late") > 0,
        BOOKINGS: pl.when(pl.col("booked_before") >= FEWEST_BOOKINGS).then(
            pl.col("booked") * BOOKINGS_FALL_TO <= pl.col("booked_before")
        ),
        CONTACT: pl.col("contact_on") < on - CONTACT_DAYS * days,
    }
    seen = known.with_columns(shown.alias(code) for code, shown in shows.items())
    points = pl.sum_horizontal(
        pl.col(code).fill_null(value=False).cast(pl.Int64) * signal.points for code, signal in SIGNALS.items()
    )
    return seen.with_columns(points.alias("points"))


def keys(seen: pl.DataFrame) -> pl.DataFrame:
    """company and key, a row for each signal that a company shows, of a frame of `judged`."""
    frames = [
        seen.filter(pl.col(code)).select("company", _key(code).alias("key")) for code in SIGNALS
    ]  # fmt: skip
    return pl.concat(frames).sort("company", "key")


def _key(code: str) -> pl.Expr:
    day = KEYED_BY_DAY.get(code)
    return pl.format("{}:{}", pl.lit(code), day) if day else pl.lit(code)


def code_of(key: str) -> str:
    """The signal that a key is about."""
    return key.partition(":")[0]
