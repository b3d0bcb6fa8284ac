"""The stretches of every lease in a month: what is waived on them, and why no more. The waived area is shared among a
company's leases.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import polars as pl

from subsidies.rules import stretches
from subsidies.rules.errors import BadFacts
from subsidies.rules.parameters import ParameterSet, Piece, Timeline
from subsidies.rules.settling import within
from subsidies.rules.windows import add_months_expr

CHANGES = ("registered_from", "registered_until", "operating_from", "operating_until", "first_settled_on")


class Reason(StrEnum):
    """Why as much of a lease is waived on a stretch as is."""

    WAIVED = "waived"
    LIMIT_REACHED = "limit_reached"  # part of the lease lies within the waived area
    LIMIT_USED_UP = "limit_used_up"  # earlier leases have taken all of it
    NO_POLICY = "no_policy"
    NOT_REGISTERED = "not_registered"
    NOT_OPERATING = "not_operating"
    BEFORE_WINDOW = "before_window"
    WINDOW_OVER = "window_over"
    REGISTRATION_UNKNOWN = "registration_unknown"
    OPERATION_UNKNOWN = "operation_unknown"


REASONS = pl.Enum([reason.value for reason in Reason])


def cut(leases: pl.DataFrame, companies: pl.DataFrame, first: date, until: date, timeline: Timeline) -> pl.DataFrame:
    """The stretches of [first, until), ordered by company, first day and number of the lease, then by day.

    Takes the frames of `rent.rent_lines`, with first_settled_on. Returns row (a number for each lease), company,
    lease, area, price, first, until (half-open), days, can (Boolean: its days count as waived), waived_area, share
    (basis points, null without a policy), reason, no_registration and no_operation (Boolean: that fact is missing and
    it matters).
    """
    pieces = list(timeline.pieces(first, until))
    running = stretches.running(leases, companies, first, until, name="lease", about=CHANGES)
    changes: list[pl.Expr] = [pl.col(name) for name in CHANGES]
    changes += [pl.lit(piece.first) for piece in pieces[1:]]
    changes += [_window_until(piece.parameters) for piece in pieces if piece.parameters]
    found = _shared(_judged(stretches.cut(running, changes, [stretches.edges(running)]), pieces))
    return stretches.join_alike(
        found,
        alike=("waived_area", "share", "reason"),
        kept=("company", "lease", "area", "price", "can"),
        any_of=("no_registration", "no_operation"),
    )


def _window_until(parameters: ParameterSet) -> pl.Expr:
    return add_months_expr(pl.col("first_settled_on"), parameters["rent_waiver.months"])


def _judged(cut: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
    """Adds cap and share of the version in force, `can` and, where it is not true, `reason` and the missing facts."""
    day = pl.col("start")
    judged = cut.with_columns(
        stretches.by_piece(pieces, lambda version: version["rent_waiver.area_m2"], pl.Int64()).alias("cap"),
        stretches.by_piece(pieces, lambda version: version["rent_waiver.share"], pl.Int64()).alias("share"),
        stretches.by_piece(pieces, _window_until, pl.Date()).alias("window_until"),
        within(day, pl.col("registered_from"), pl.col("registered_until")).alias("registered"),
        within(day, pl.col("operating_from"), pl.col("operating_until")).alias("operating"),
    )
    _refuse_lost_windows(judged)
    against = list(_against(day))
    obstacle = pl.coalesce(pl.when(holds).then(pl.lit(reason.value)) for reason, holds in against)
    return judged.with_columns(obstacle.cast(REASONS).alias("reason")).with_columns(
        pl.col("reason").is_null().alias("can"),
        *(
            (
                pl.col(fact).is_null() & pl.col("reason").is_in([Reason.REGISTRATION_UNKNOWN, Reason.OPERATION_UNKNOWN])
            ).alias(name)
            for fact, name in (("registered", "no_registration"), ("operating", "no_operation"))
        ),
    )


def _against(day: pl.Expr) -> Iterator[tuple[Reason, pl.Expr]]:
    """What speaks against a waiver, the certain before the unknown."""
    yield Reason.NO_POLICY, pl.col("cap").is_null()
    yield Reason.NOT_REGISTERED, ~pl.col("registered")
    yield Reason.NOT_OPERATING, ~pl.col("operating")
    yield Reason.BEFORE_WINDOW, day < pl.col("first_settled_on")
    yield Reason.WINDOW_OVER, day >= pl.col("window_until")
    yield Reason.REGISTRATION_UNKNOWN, pl.col("registered").is_null()
    yield Reason.OPERATION_UNKNOWN, pl.col("operating").is_null()


def _refuse_lost_windows(judged: pl.DataFrame) -> None:
    lost = judged.filter(pl.col("cap").is_not_null() & pl.col("operating") & pl.col("first_settled_on").is_null())
    if lost.height:
        raise BadFacts(
            f"company {lost['company'][0]} is settled on {lost['start'][0]}, and yet has no first_settled_on"
        )


def _shared(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds waived_area: on each stretch the leases of a company take from its cap in their order."""
    shared = stretches.share_out(judged, pl.when("can").then("area").otherwise(0), "cap", "waived_area")
    return shared.with_columns(
        pl.when(~pl.col("can"))
        .then("reason")
        .when(pl.col("waived_area") == pl.col("area"))
        .then(pl.lit(Reason.WAIVED.value, dtype=REASONS))
        .when(pl.col("waived_area") > 0)
        .then(pl.lit(Reason.LIMIT_REACHED.value, dtype=REASONS))
        .otherwise(pl.lit(Reason.LIMIT_USED_UP.value, dtype=REASONS))
        .alias("reason")
    )
