"""Statements of either kind as frames: lines, corrections of closed months, and what each statement comes to.

Pure: frames in, frames out. Amounts are integer fen. What was issued is never touched: where a closed month comes out
differently now, the difference to all that was posted for it goes into the open month.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from subsidies.bulk.decided import fingerprints
from subsidies.corrections import Reform
from subsidies.rules.borrowing import first_loan
from subsidies.rules.interest import interest_lines
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import Records
from subsidies.rules.rent import rent_lines
from subsidies.rules.settling import first_settled
from subsidies.statement_kinds import INTEREST, RENT, Kind

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KEY = ["company", "item_id", "month"]


@dataclass(frozen=True)
class Months:
    """The months that are billed: closed ones, of which statements were issued, and open ones."""

    closed: tuple[dt.date, ...]
    open: tuple[dt.date, ...]

    @classmethod
    def of(cls, billed: Mapping[dt.date, bool], *more: dt.date) -> "Months":
        """Of what is billed (month -> whether it is closed) and the months to be billed now."""
        closed = tuple(month for month, is_closed in billed.items() if is_closed)
        return cls(closed, tuple(sorted({*billed, *more} - set(closed))))

    @property
    def correcting(self) -> dt.date | None:
        """The month that takes corrections: the earliest that is open, which will be issued next. None: they wait."""
        return self.open[0] if self.open else None


def lines(records: Records, months: Iterable[dt.date], timeline: Timeline) -> dict[Kind, pl.DataFrame]:
    """What all that is on record comes to in each of `months` (one at least), by kind of statement."""
    wanted = tuple(months)
    return {
        RENT: rent(records, wanted, timeline),
        INTEREST: interest(records, wanted, timeline),
    }


def rent(records: Records, months: Iterable[dt.date], timeline: Timeline) -> pl.DataFrame:
    """What each lease comes to in each of `months` (one at least): company, item_id (of the lease), month, days,
    waived_days, rent, waived (fen), missing (names, `;` between), segments (JSON)."""
    leases, companies = records.leases, records.companies
    settled = first_settled(records.premises, companies, timeline.starts_on).select("company", "first_settled_on")
    known = companies.join(settled, on="company", how="left", maintain_order="left")
    ids = leases.select("lease", item_id="lease_id")
    return pl.concat(_written(RENT, rent_lines(leases, known, month, timeline), ids, "lease") for month in months)


def interest(records: Records, months: Iterable[dt.date], timeline: Timeline) -> pl.DataFrame:
    """What each loan comes to in each of `months` (one at least): company, item_id (of the loan), month, days,
    supported_days, supported (fen), missing (names, `;` between), segments (JSON)."""
    opened = first_loan(records.loans, records.companies, timeline.starts_on).select("company", "first_loan_on")
    known = records.companies.join(opened, on="company", how="left", maintain_order="left")
    ids = records.loans.select("loan", item_id="loan_id")
    frames = (records.loans, records.repayments, records.premises, known)
    return pl.concat(_written(INTEREST, interest_lines(*frames, month, timeline), ids, "loan") for month in months)


def _written(kind: Kind, found: pl.DataFrame, ids: pl.DataFrame, name: str) -> pl.DataFrame:
    segments = pl.col("segments").list.eval(pl.element().struct.json_encode()).list.join(", ")
    return found.join(ids, on=name, how="left", maintain_order="left").select(
        *KEY,
        pl.col(*kind.days).cast(pl.Int64),
        *(pl.col(f"{amount}_fen").alias(amount) for amount in kind.amounts),
        pl.col("missing").list.join(";"),
        pl.concat_str(pl.lit("["), segments, pl.lit("]")).alias("segments"),
    )


def differences(kind: Kind, computed: pl.DataFrame, posted: pl.DataFrame) -> pl.DataFrame:
    """Where a closed month comes out differently: KEY, the amounts of the kind (fen, what is to be added), segments
    (JSON of the new arithmetic, `[]` for a lease or loan that is gone)."""
    amounts = computed.select(*KEY, *kind.amounts, "segments")
    return (
        amounts.join(posted, on=KEY, how="full", coalesce=True)
        .select(
            *KEY,
            *(pl.col(name).fill_null(0) - pl.col(f"posted_{name}").fill_null(0) for name in kind.amounts),
            pl.col("segments").fill_null("[]"),
        )
        .filter(pl.any_horizontal(pl.col(*kind.amounts) != 0))
        .sort(KEY)
    )


def with_reasons(kind: Kind, found: pl.DataFrame, shown: pl.DataFrame, reforms: Sequence[Reform]) -> pl.DataFrame:
    """`found` (of `differences`) with the reason: what is different from the arithmetic that was last shown, and which
    `reforms` of the point were published since."""
    known = found.join(shown, on=KEY, how="left", maintain_order="left")
    rows = zip(known["shown"].fill_null("[]"), known["segments"], known["shown_at"].fill_null(0), strict=True)
    reasons = [
        kind.reason(json.loads(before), json.loads(after), [one for one in reforms if one.published_at > _moment(at)])
        for before, after, at in rows
    ]
    return found.with_columns(pl.Series("reason", reasons, dtype=pl.String))


def _moment(microseconds: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=microseconds)


def comes_to(kind: Kind) -> pl.Expr:
    """The first amount less the others."""
    first, *others = (pl.col(name) for name in kind.amounts)
    for other in others:
        first = first - other
    return first


def totals(kind: Kind, lines: pl.DataFrame, corrections: pl.DataFrame, month: dt.date | None) -> pl.DataFrame:
    """What each statement comes to: company, month, the amounts of the kind, adjustment, payable (fen) and the
    fingerprint of all that it consists of. `corrections` belong to the statements of `month`."""
    marks = pl.concat(
        [
            lines.select("company", "month", pl.lit(0).alias("kind"), "item_id", mark=fingerprints(lines)),
            corrections.select(
                "company", pl.lit(month, dtype=pl.Date).alias("month"), pl.lit(1).alias("kind"), "item_id",
                mark=fingerprints(corrections),
            ),
        ]
    )  # fmt: skip
    whole = (
        marks.sort("company", "month", "kind", "item_id", "mark")
        .group_by("company", "month", maintain_order=True)
        .agg(pl.col("mark").cast(pl.String).str.join(",").alias("marks"))
    )
    whole = whole.select("company", "month", fingerprints(whole.select("marks")))
    sums = lines.group_by("company", "month").agg(pl.col(*kind.amounts).sum())
    adjusted = corrections.group_by("company").agg(comes_to(kind).sum().alias("adjustment"))
    adjusted = adjusted.with_columns(pl.lit(month, dtype=pl.Date).alias("month"))
    return (
        whole.join(sums, on=["company", "month"], how="left")
        .join(adjusted, on=["company", "month"], how="left")
        .with_columns(pl.col(*kind.amounts, "adjustment").fill_null(0))
        .with_columns((comes_to(kind) + pl.col("adjustment")).alias("payable"))
        .sort("company", "month")
    )
