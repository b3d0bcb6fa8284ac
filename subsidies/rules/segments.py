"""Cut the month of every lease into stretches on which all days are alike, and share the waived area out among a
company's leases.

A stretch begins where the lease begins or where something of its company changes. There are at most 31 in a month, for
most leases one.
"""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum

import polars as pl

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
    running = _running(leases, companies, first, until)
    starts = _starts(running, pieces)
    stretches = running[starts["row"]].with_columns(starts["start"])
    same_lease = pl.col("row") == pl.col("row").shift(-1)
    stretches = stretches.with_columns(pl.when(same_lease).then(pl.col("start").shift(-1)).otherwise("to").alias("end"))
    return _alike(_shared(_judged(stretches, pieces)))


def _running(leases: pl.DataFrame, companies: pl.DataFrame, first: date, until: date) -> pl.DataFrame:
    """Leases with a day in [first, until), clipped to it as [from, to), with what their companies are, numbered in the
    order in which they share the waived area.
    """
    return (
        leases.lazy()
        .filter((pl.col("first_day") < until) & (pl.col("until").is_null() | (pl.col("until") > first)))
        .with_columns(
            pl.max_horizontal("first_day", pl.lit(first)).alias("from"),
            pl.min_horizontal("until", pl.lit(until)).alias("to"),
        )
        .join(companies.lazy().select("company", *CHANGES), on="company", how="left", validate="m:1")
        .sort("company", "first_day", "lease")
        .with_row_index("row")
        .collect()
    )


def _starts(running: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
    """row, start: where each stretch of each lease begins, in order."""
    changes: list[pl.Expr] = [pl.col(name) for name in CHANGES]
    changes += [pl.lit(piece.first) for piece in pieces[1:]]
    changes += [_window_until(piece.parameters) for piece in pieces if piece.parameters]
    inside = [
        running.lazy()
        .select("row", "from", "to", change.alias("start"))
        .filter((pl.col("start") > pl.col("from")) & (pl.col("start") < pl.col("to")))
        .select("row", "start")
        for change in changes
    ]
    inside.append(_edges_of_others(running.lazy()))
    own = running.lazy().select("row", pl.col("from").alias("start"))
    return pl.concat([own, *inside]).unique().sort("row", "start").collect()


def _edges_of_others(running: pl.LazyFrame) -> pl.LazyFrame:
    """row, start: the days on which another lease of the same company begins or ends. At most 32 for a company."""
    company = pl.col("company")
    several = running.filter((company == company.shift(1)) | (company == company.shift(-1)))
    edges = pl.concat([several.select("company", start="from"), several.select("company", start="to")]).unique()
    return (
        several.select("row", "company", "from", "to")
        .join(edges, on="company")
        .filter((pl.col("start") > pl.col("from")) & (pl.col("start") < pl.col("to")))
        .select("row", "start")
    )


def _window_until(parameters: ParameterSet) -> pl.Expr:
    return add_months_expr(pl.col("first_settled_on"), parameters["rent_waiver.months"])


def _by_piece(pieces: list[Piece], value: Callable[[ParameterSet], pl.Expr | int], dtype: pl.DataType) -> pl.Expr:
    """`value` of the version in force where a stretch starts; null without one."""

    def at(piece: Piece) -> pl.Expr:
        found = value(piece.parameters) if piece.parameters else None
        return found if isinstance(found, pl.Expr) else pl.lit(found, dtype=dtype)

    chosen = at(pieces[0])
    for piece in pieces[1:]:
        chosen = pl.when(pl.col("start") >= piece.first).then(at(piece)).otherwise(chosen)
    return chosen


def _judged(stretches: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
    """Adds cap and share of the version in force, `can` and, where it is not true, `reason` and the missing facts."""
    day = pl.col("start")
    judged = stretches.with_columns(
        _by_piece(pieces, lambda version: version["rent_waiver.area_m2"], pl.Int64()).alias("cap"),
        _by_piece(pieces, lambda version: version["rent_waiver.share"], pl.Int64()).alias("share"),
        _by_piece(pieces, _window_until, pl.Date()).alias("window_until"),
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
    taking = pl.when("can").then("area").otherwise(0)
    shared = judged.sort("company", "start", "row").with_columns(
        taking.cum_sum().alias("taken"), taking.alias("taking")
    )
    before = pl.col("taken") - pl.col("taking")
    new = (pl.col("company") != pl.col("company").shift(1)) | (pl.col("start") != pl.col("start").shift(1))
    begun = (
        pl.when(new.fill_null(value=True)).then(before).forward_fill()
    )  # what was taken before this company and stretch
    left = (pl.col("cap").fill_null(0) - (before - begun)).clip(lower_bound=0)
    waived = pl.min_horizontal("taking", left)
    return (
        shared.with_columns(waived.alias("waived_area"))
        .with_columns(
            pl.when(~pl.col("can"))
            .then("reason")
            .when(pl.col("waived_area") == pl.col("area"))
            .then(pl.lit(Reason.WAIVED.value, dtype=REASONS))
            .when(pl.col("waived_area") > 0)
            .then(pl.lit(Reason.LIMIT_REACHED.value, dtype=REASONS))
            .otherwise(pl.lit(Reason.LIMIT_USED_UP.value, dtype=REASONS))
            .alias("reason")
        )
        .sort("row", "start")
    )


def _alike(stretches: pl.DataFrame) -> pl.DataFrame:
    """Joins neighbouring stretches of a lease that do not differ, so that only what matters is shown."""
    alike = ("row", "waived_area", "share", "reason")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in alike)
    return (
        stretches.lazy()
        .with_columns(differs.cum_sum().alias("stretch"))
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col("row", "company", "lease", "area", "price").first(),
            pl.col("start").first().alias("first"),
            pl.col("end").last().alias("until"),
            pl.col("can", "waived_area", "share", "reason").first(),
            pl.col("no_registration", "no_operation").any(),
        )
        .with_columns((pl.col("until") - pl.col("first")).dt.total_days().alias("days"))
        .collect()
    )
