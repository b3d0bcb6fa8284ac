"""Seals of many decisions at once: the text of `seals.content` as one Polars expression, and a digest for each row.

Pure: frames in, frames out. A test holds its texts to those that `seals.content` writes one by one.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from subsidies import seals


@dataclass(frozen=True)
class Deciding:
    """What the decisions of one call have in common: the version by its row, name and digest, the day, the moment."""

    version_id: int
    version: str
    version_digest: str
    on: dt.date
    at: dt.datetime


def seals_of(rows: pl.DataFrame, deciding: Deciding) -> list[bytes]:
    """The seal of each row. `rows`: company_code, point, outcome, amount (text), criteria, unmet, missing, sealed_facts
    (JSON with sorted keys) and previous (hexadecimal seal of the decision that the row takes the place of, or null)."""
    texts = rows.select(_content(deciding)).to_series()
    return [
        seals.seal(text, bytes.fromhex(previous) if previous else None)
        for text, previous in zip(texts, rows["previous"], strict=True)
    ]


def _content(deciding: Deciding) -> pl.Expr:
    common = {
        "day": deciding.on.isoformat(),
        "decided_at": seals.moment(deciding.at),
        "format": seals.FORMAT,
        "version": deciding.version,
        "version_digest": deciding.version_digest,
    }
    members = {name: pl.lit(json.dumps(value, ensure_ascii=False)) for name, value in common.items()}
    # Codes, outcomes and names of criteria have no character that JSON escapes: the database and the rules see to it.
    for name in ("criteria", "missing", "outcome", "point", "unmet"):
        members[name] = _quoted(pl.col(name))
    members["company"] = _quoted(pl.col("company_code"))
    members["amount"] = _quoted(pl.col("amount")).fill_null("null")
    members["facts"] = pl.col("sealed_facts")
    return pl.concat_str(pl.lit("{"), *_joined(members), pl.lit("}"))


def _joined(members: dict[str, pl.Expr]) -> Iterable[pl.Expr]:
    for place, name in enumerate(sorted(members)):
        yield pl.lit(f'{", " if place else ""}"{name}": ')
        yield members[name]


def _quoted(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), text, pl.lit('"'))
