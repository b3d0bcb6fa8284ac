"""The stretches of every loan in a month: what is owed on them, how much of it is supported at which rate, and why no
more. The supported principal is shared among a company's loans.
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

CHANGES = ("registered_from", "registered_until", "operating_from", "operating_until", "first_loan_on")
RATE_STEPS = 100  # steps of a loan's rate (0.0001 %) in one of the reference rate (basis points)


class Reason(StrEnum):
    """Why as much of a loan is supported on a stretch as is."""

    SUPPORTED = "supported"
    LIMIT_REACHED = "limit_reached"  # part of the balance lies within the supported principal
    LIMIT_USED_UP = "limit_used_up"  # earlier loans have taken all of it
    PAID_BACK = "paid_back"
    NO_POLICY = "no_policy"
    NOT_REGISTERED = "not_registered"
    NO_PREMISES = "no_premises"
    NOT_OPERATING = "not_operating"
    WINDOW_OVER = "window_over"
    REGISTRATION_UNKNOWN = "registration_unknown"
    OPERATION_UNKNOWN = "operation_unknown"
    REFERENCE_UNKNOWN = "reference_unknown"  # drawn before the first fixing that the policy knows


REASONS = pl.Enum([reason.value for reason in Reason])
UNKNOWN = (Reason.REGISTRATION_UNKNOWN, Reason.OPERATION_UNKNOWN, Reason.REFERENCE_UNKNOWN)


def accrue(
    loans: pl.DataFrame,
    repayments: pl.DataFrame,
    premises: pl.DataFrame,
    companies: pl.DataFrame,
    first: date,
    until: date,
    timeline: Timeline,
) -> pl.DataFrame:
    """The stretches of [first, until), ordered by company, drawdown and number of the loan, then by day.

    Takes the frames of `interest.interest_lines`, with first_loan_on. Returns row (a number for each loan), company,
    loan, rate, first, until (half-open), days, owing (Boolean: its days bear interest), can (Boolean: they count as
    supported), balance, counted (fen), reference (0.0001 %, null while unknown), share (basis points, null without a
    policy), reason, no_registration, no_operation and no_reference (Boolean: that fact is missing and it matters).
    """
    pieces = list(timeline.pieces(first, until))
    running = _with_references(
        stretches.running(
            loans.rename({"drawn_on": "first_day", "due_on": "until"}),
            companies,
            first,
            until,
            name="loan",
            about=CHANGES,
        ),
        pieces,
    )
    premises = premises.select("company", "first_day", "until").join(running, on="company", how="semi")
    changes: list[pl.Expr] = [pl.col(name) for name in CHANGES]
    changes += [pl.lit(piece.first) for piece in pieces[1:]]
    changes += [_window_until(piece.parameters) for piece in pieces if piece.parameters]
    events = [stretches.edges(running), _ends_of(premises), _paid_in(running, repayments)]
    cut = _owing(_occupied(stretches.cut(running, changes, events), premises), repayments)
    return stretches.join_alike(
        _counted(_judged(cut, pieces)),
        alike=("owing", "can", "balance", "counted", "reference", "share", "reason"),
        kept=("company", "loan", "rate"),
        any_of=("no_registration", "no_operation", "no_reference"),
    )


def _with_references(running: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
    """Adds, for each version in force, the reference rate on the day of drawdown (0.0001 %)."""
    versions = {piece.parameters.version: piece.parameters for piece in pieces if piece.parameters}
    return running.with_columns(
        (version.numbers_known_on("lpr_1y", running["first_day"]) * RATE_STEPS).alias(_reference(version))
        for version in versions.values()
    )


def _reference(version: ParameterSet) -> str:
    return f"reference of {version.version}"


def _window_until(parameters: ParameterSet) -> pl.Expr:
    return add_months_expr(pl.col("first_loan_on"), parameters["loan_interest.months"])


def _ends_of(premises: pl.DataFrame) -> pl.DataFrame:
    ends = [premises.select("company", start="first_day"), premises.select("company", start="until")]
    return pl.concat(ends).unique()


def _paid_in(running: pl.DataFrame, repayments: pl.DataFrame) -> pl.DataFrame:
    paid = repayments.join(running.select("loan", "company"), on="loan")
    return paid.select("company", start="paid_on").unique()


def _occupied(cut: pl.DataFrame, premises: pl.DataFrame) -> pl.DataFrame:
    """Adds occupied: whether the company has a lease in force where a stretch starts."""
    held = (
        cut.select("company", "start")
        .unique()
        .join(premises, on="company")
        .filter(within(pl.col("start"), pl.col("first_day"), pl.col("until")))
        .select("company", "start", pl.lit(value=True).alias("occupied"))
        .unique()
    )
    found = cut.join(held, on=["company", "start"], how="left", maintain_order="left")
    return found.with_columns(pl.col("occupied").fill_null(value=False))


def _owing(cut: pl.DataFrame, repayments: pl.DataFrame) -> pl.DataFrame:
    """Adds balance: what is left of the principal where a stretch starts; and owing: whether that is anything."""
    paid = (
        cut.select("row", "start", "loan")
        .join(repayments, on="loan")
        .filter(pl.col("paid_on") <= pl.col("start"))
        .group_by("row", "start")
        .agg(pl.col("amount").sum().alias("paid"))
    )
    found = cut.join(paid, on=["row", "start"], how="left", maintain_order="left")
    balance = pl.col("principal") - pl.col("paid").fill_null(0)
    return found.with_columns(balance.alias("balance"), (balance > 0).alias("owing"))


def _judged(cut: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
    """Adds cap, share and reference of the version in force, `registered`, `operating`, and `obstacle`: what certainly
    speaks against support."""
    day = pl.col("start")
    judged = cut.with_columns(
        stretches.by_piece(pieces, lambda version: version["loan_interest.principal_cap"], pl.Int64()).alias("cap"),
        stretches.by_piece(pieces, lambda version: version["loan_interest.share"], pl.Int64()).alias("share"),
        stretches.by_piece(pieces, lambda version: pl.col(_reference(version)), pl.Int64()).alias("reference"),
        stretches.by_piece(pieces, _window_until, pl.Date()).alias("window_until"),
        within(day, pl.col("registered_from"), pl.col("registered_until")).alias("registered"),
        within(day, pl.col("operating_from"), pl.col("operating_until")).alias("operating"),
    )
    lost = judged.filter(pl.col("cap").is_not_null() & pl.col("first_loan_on").is_null())
    if lost.height:
        raise BadFacts(f"company {lost['company'][0]} has a loan on {lost['start'][0]}, and yet no first_loan_on")
    return judged.with_columns(_first_that_holds(_against(day)).alias("obstacle"))


def _against(day: pl.Expr) -> Iterator[tuple[Reason, pl.Expr]]:
    yield Reason.PAID_BACK, ~pl.col("owing")
    yield Reason.NO_POLICY, pl.col("cap").is_null()
    yield Reason.NOT_REGISTERED, ~pl.col("registered")
    yield Reason.NO_PREMISES, ~pl.col("occupied")
    yield Reason.NOT_OPERATING, ~pl.col("operating")
    yield Reason.WINDOW_OVER, day >= pl.col("window_until")


def _first_that_holds(reasons: Iterator[tuple[Reason, pl.Expr]]) -> pl.Expr:
    return pl.coalesce(pl.when(holds).then(pl.lit(reason.value)) for reason, holds in reasons).cast(REASONS)


def _counted(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds counted, reason and what is missing. What is unknown is asked for only where a part of the loan would count
    and it bears interest at all."""
    wanted = pl.when(pl.col("obstacle").is_null()).then("balance").otherwise(0)
    shared = stretches.share_out(judged, wanted, "cap", "within_cap")
    reason = pl.coalesce("obstacle", _first_that_holds(_within_cap()))
    known = pl.col("obstacle").is_null() & pl.col("registered") & pl.col("operating")
    unknown = pl.col("reason").is_in([reason.value for reason in UNKNOWN])
    return shared.with_columns(reason.alias("reason"), known.fill_null(value=False).alias("can")).with_columns(
        pl.when(unknown).then(0).otherwise("within_cap").alias("counted"),
        (unknown & pl.col("registered").is_null()).alias("no_registration"),
        (unknown & pl.col("operating").is_null()).alias("no_operation"),
        (unknown & pl.col("reference").is_null()).alias("no_reference"),
    )


def _within_cap() -> Iterator[tuple[Reason, pl.Expr]]:
    counts, free = pl.col("within_cap"), pl.col("rate") == 0
    yield Reason.LIMIT_USED_UP, counts == 0
    yield Reason.REGISTRATION_UNKNOWN, pl.col("registered").is_null() & ~free
    yield Reason.OPERATION_UNKNOWN, pl.col("operating").is_null() & ~free
    yield Reason.REFERENCE_UNKNOWN, pl.col("reference").is_null() & ~free
    yield Reason.LIMIT_REACHED, counts < pl.col("balance")
    yield Reason.SUPPORTED, pl.lit(value=True)
