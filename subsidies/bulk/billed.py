"""Rent statements as frames: lines, corrections of closed months, and what each statement comes to.

Pure: frames in, frames out. Amounts are integer fen. What was issued is never touched: where a closed month comes out
differently now, the difference to all that was posted for it goes into the open month.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from subsidies.bulk.decided import fingerprints
from subsidies.corrections import Reform, reason
from subsidies.rules.parameters import Timeline
from subsidies.rules.rent import rent_lines
from subsidies.rules.settling import first_settled

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KEY = ["company", "lease_id", "month"]


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


def lines(companies: pl.DataFrame, leases: pl.DataFrame, months: Iterable[dt.date], timeline: Timeline) -> pl.DataFrame:
    """What each lease comes to in each of `months` (one at least): company, lease_id, month, days, waived_days, rent,
    waived (fen), missing (names, `;` between), segments (JSON)."""
    settled = first_settled(leases, companies, timeline.starts_on).select("company", "first_settled_on")
    known = companies.join(settled, on="company", how="left", maintain_order="left")
    names = leases.select("lease", "lease_id")
    return pl.concat(_written(rent_lines(leases, known, month, timeline), names) for month in months)


def _written(found: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    segments = pl.col("segments").list.eval(pl.element().struct.json_encode()).list.join(", ")
    return found.join(names, on="lease", how="left", maintain_order="left").select(
        *KEY,
        pl.col("days", "waived_days").cast(pl.Int64),
        pl.col("rent_fen").alias("rent"),
        pl.col("waived_fen").alias("waived"),
        pl.col("missing").list.join(";"),
        pl.concat_str(pl.lit("["), segments, pl.lit("]")).alias("segments"),
    )


def differences(computed: pl.DataFrame, posted: pl.DataFrame) -> pl.DataFrame:
    """Where a closed month comes out differently: KEY, rent, waived (fen, what is to be added), segments (JSON of the
    new arithmetic, `[]` for a lease that is gone)."""
    amounts = computed.select(*KEY, "rent", "waived", "segments")
    return (
        amounts.join(posted, on=KEY, how="full", coalesce=True)
        .select(
            *KEY,
            pl.col("rent").fill_null(0) - pl.col("posted_rent").fill_null(0),
            pl.col("waived").fill_null(0) - pl.col("posted_waived").fill_null(0),
            pl.col("segments").fill_null("[]"),
        )
        .filter((pl.col("rent") != 0) | (pl.col("waived") != 0))
        .sort(KEY)
    )


def with_reasons(found: pl.DataFrame, shown: pl.DataFrame, reforms: Sequence[Reform]) -> pl.DataFrame:
    """`found` (of `differences`) with the reason: what is different from the arithmetic that was last shown, and which
    `reforms` of the relief were published since."""
    known = found.join(shown, on=KEY, how="left", maintain_order="left")
    rows = zip(known["shown"].fill_null("[]"), known["segments"], known["shown_at"].fill_null(0), strict=True)
    reasons = [
        reason(json.loads(before), json.loads(after), [one for one in reforms if one.published_at > _moment(at)])
        for before, after, at in rows
    ]
    return found.with_columns(pl.Series("reason", reasons, dtype=pl.String))


def _moment(microseconds: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=microseconds)


def totals(lines: pl.DataFrame, corrections: pl.DataFrame, month: dt.date | None) -> pl.DataFrame:
    """What each statement comes to: company, month, rent, waived, adjustment, payable (fen) and the fingerprint of all
    that it consists of. `corrections` belong to the statements of `month`."""
    marks = pl.concat(
        [
            lines.select("company", "month", pl.lit(0).alias("kind"), "lease_id", mark=fingerprints(lines)),
            corrections.select(
                "company", pl.lit(month, dtype=pl.Date).alias("month"), pl.lit(1).alias("kind"), "lease_id",
                mark=fingerprints(corrections),
            ),
        ]
    )  # fmt: skip
    whole = (
        marks.sort("company", "month", "kind", "lease_id", "mark")
        .group_by("company", "month", maintain_order=True)
        .agg(pl.col("mark").cast(pl.String).str.join(",").alias("marks"))
    )
    whole = whole.select("company", "month", fingerprints(whole.select("marks")))
    sums = lines.group_by("company", "month").agg(pl.col("rent", "waived").sum())
    adjusted = corrections.group_by("company").agg((pl.col("rent") - pl.col("waived")).sum().alias("adjustment"))
    adjusted = adjusted.with_columns(pl.lit(month, dtype=pl.Date).alias("month"))
    return (
        whole.join(sums, on=["company", "month"], how="left")
        .join(adjusted, on=["company", "month"], how="left")
        .with_columns(pl.col("rent", "waived", "adjustment").fill_null(0))
        .with_columns((pl.col("rent") - pl.col("waived") + pl.col("adjustment")).alias("payable"))
        .sort("company", "month")
    )
