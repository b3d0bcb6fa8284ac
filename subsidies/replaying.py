"""Decide stored decisions again, from the facts that each one kept and the version that decided it.

Pure: a frame of `gather.stored` in, differences out. Decisions of one version, point and day are decided in one pass.
Where the kept facts of a group cannot be decided any more, it is halved until the rows that stop it stand alone.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from subsidies import seals
from subsidies.rules.errors import RuleError
from subsidies.rules.evaluate import Outcome, decide
from subsidies.rules.facts import FACTS, seen_by
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.points import POINTS

COMPARED = ("outcome", "amount_fen", "criteria", "unmet", "missing")


@dataclass(frozen=True)
class Law:
    """A version of the policy as decisions rest on it: what the rules read, its name, the digest of its content."""

    parameters: ParameterSet
    version: str
    digest: str


@dataclass(frozen=True)
class Difference:
    """What is wrong with one stored decision (its public id). `what` names the field that differs, or says `seal`,
    `chain`, `facts`, `point` or `company`."""

    decision: str
    company: str
    point: str
    what: str
    told: str


def differences(stored: pl.DataFrame, laws: Mapping[int, Law]) -> Iterator[Difference]:
    """All that is wrong with the decisions of a frame of `gather.stored.batches`; none where all is as it was."""
    for group in stored.partition_by("version_id", "point", "decided_for", maintain_order=True):
        law, point = laws[group["version_id"][0]], group["point"][0]
        if point in POINTS:
            yield from _replayed(group, law, point)
        else:
            yield from (_difference(row, "point", "no such point") for row in group.iter_rows(named=True))
    for row in stored.iter_rows(named=True):
        yield from _unsealed(row, laws[row["version_id"]])


def _replayed(group: pl.DataFrame, law: Law, point: str) -> Iterator[Difference]:
    try:
        again = _decided(group, law, point)
    except (PolarsError, RuleError) as error:
        if group.height == 1:
            yield _difference(group.row(0, named=True), "facts", f"cannot be decided: {error}")
            return
        half = group.height // 2
        yield from _replayed(group[:half], law, point)
        yield from _replayed(group[half:], law, point)
        return
    joined = group.join(again, on="id", suffix="_again", maintain_order="left")
    same = [pl.col(name).eq_missing(pl.col(f"{name}_again")) for name in COMPARED]
    for row in joined.filter(~pl.all_horizontal(same)).iter_rows(named=True):
        for name in COMPARED:
            if row[name] != row[f"{name}_again"]:
                yield _difference(row, name, f"stored {row[name]!r}, decided again {row[f'{name}_again']!r}")


def _decided(group: pl.DataFrame, law: Law, point: str) -> pl.DataFrame:
    """id and the columns COMPARED, as the kept facts decide them."""
    found = decide([POINTS[point]], _kept(group, point), law.parameters, group["decided_for"][0])
    granted = pl.col("outcome") == Outcome.ELIGIBLE.value
    return found.select(
        pl.col("company").alias("id"),
        pl.col("outcome").cast(pl.String),
        pl.when(granted).then("amount_fen"),
        pl.col("results").alias("criteria"),
        "unmet",
        "missing",
    )


def _kept(group: pl.DataFrame, point: str) -> pl.DataFrame:
    """The facts as `decide` takes them; the decision's id stands for the company."""
    names = seen_by(POINTS[point].facts)
    days = [name for name in names if FACTS[name].dtype == pl.Date]
    as_written = {name: pl.String() if name in days else FACTS[name].dtype for name in names}
    parts = group.select(pl.col("id").alias("company"), pl.col("facts").str.json_decode(pl.Struct(as_written)))
    return parts.unnest("facts").with_columns(pl.col(name).str.to_date("%Y-%m-%d") for name in days)


def _unsealed(row: Mapping[str, Any], law: Law) -> Iterator[Difference]:
    previous = bytes.fromhex(row["previous"]) if row["previous"] else None
    if seals.seal(content_of(row, law), previous).hex() != row["seal"]:
        yield _difference(row, "seal", "does not fit what the decision says and the seal before it")
    if row["is_cut_off"]:
        yield _difference(row, "chain", "superseded, but the decision that took its place is not there")


def content_of(row: Mapping[str, Any], law: Law) -> str:
    """What was sealed, from a row of `gather.stored.batches`."""
    fen = row["amount_fen"]
    return seals.content(
        company=row["company_code"],
        point=row["point"],
        version=law.version,
        version_digest=law.digest,
        day=row["decided_for"],
        decided_at=dt.datetime.fromisoformat(row["decided_at"]),
        outcome=row["outcome"],
        amount=None if fen is None else f"{fen // 100}.{fen % 100:02}",
        criteria=row["criteria"],
        facts=json.loads(row["facts"]),
        unmet=row["unmet"],
        missing=row["missing"],
    )


def _difference(row: Mapping[str, Any], what: str, told: str) -> Difference:
    return Difference(row["public_id"], row["code"], row["point"], what, told)
