"""Decisions as rows to write: amounts in yuan, the facts that each one saw as JSON, and a fingerprint of it all.

Pure: frames in, frames out. The fingerprint rests on nothing but the row's own text and BLAKE2, so that it is the same
on every machine and in every version of the libraries.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from subsidies.choices import Outcome
from subsidies.rules.evaluate import decide
from subsidies.rules.facts import FACTS, Fact, seen_by
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.points import POINTS


def decisions(facts: pl.DataFrame, parameters: ParameterSet, on: dt.date) -> pl.DataFrame:
    """One row for each point and company: company_id, point, outcome, amount (text in yuan; null unless eligible and
    known), criteria, facts (JSON of those that are known), unmet, missing, fingerprint (Int64), sealed_facts (the facts
    in the order of their names, as the seal wants them)."""
    decided = decide(POINTS.values(), facts, parameters, on)
    seen = pl.concat([facts.select(_seen(seen_by(point.facts), facts.columns)) for point in POINTS.values()])
    rows = decided.select(
        pl.col("company").alias("company_id"),
        pl.col("point").cast(pl.String),
        pl.col("outcome").cast(pl.String),
        pl.when(pl.col("outcome") == Outcome.ELIGIBLE.value).then(yuan(pl.col("amount_fen"))).alias("amount"),
        pl.col("results").alias("criteria"),
        seen["facts"],
        "unmet",
        "missing",
    )
    marks = fingerprints(rows.select(pl.exclude("company_id")), parameters.version)
    return rows.with_columns(marks, seen["sealed_facts"])


def yuan(fen: pl.Expr) -> pl.Expr:
    """Integer fen as the text of an exact decimal, such as `-12.05`."""
    whole, rest = fen.abs() // 100, fen.abs() % 100
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    text = pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), rest.cast(pl.String).str.zfill(2))
    return pl.when(fen.is_not_null()).then(text)


def fingerprints(rows: pl.DataFrame, *salt: str) -> pl.Series:
    """64 bits of BLAKE2b of each row's columns, in their order. Null differs from every text."""
    columns = [pl.col(name).cast(pl.String).fill_null("\x00") for name in rows.columns]
    texts = rows.select(pl.concat_str(*columns, *map(pl.lit, salt), separator="\x1f")).to_series()
    return pl.Series("fingerprint", _digests(texts), dtype=pl.Int64)


def _digests(texts: Iterable[str]) -> list[int]:
    blake, read = hashlib.blake2b, int.from_bytes
    return [read(blake(text.encode(), digest_size=8).digest(), "big", signed=True) for text in texts]


def _seen(names: Iterable[str], held: Iterable[str]) -> list[pl.Expr]:
    """The facts among `names` that are `held`, as the point lists them and in the order of their names."""
    present = set(held)
    listed = [name for name in names if name in present]
    return [as_json(listed).alias("facts"), as_json(sorted(listed)).alias("sealed_facts")]


def as_json(names: Iterable[str], registry: Mapping[str, Fact] = FACTS) -> pl.Expr:
    """The facts that are known, as a JSON object; one that is not there is unknown."""
    members = [_member(name, registry[name].dtype) for name in names]
    inside = pl.concat_str(*members, separator=", ", ignore_nulls=True)
    return pl.concat_str(pl.lit("{"), inside, pl.lit("}"))


def _member(name: str, dtype: pl.DataType) -> pl.Expr:
    """`"name": value`, null for an unknown fact."""
    value = pl.col(name)
    if dtype == pl.Date:
        text = pl.concat_str(pl.lit('"'), value.cast(pl.String), pl.lit('"'))
    elif dtype == pl.String:
        text = pl.concat_str(pl.lit('"'), value.str.replace_all(r'(["\\])', r"\\$1"), pl.lit('"'))
    else:
        text = value.cast(pl.String)
    return pl.concat_str(pl.lit(f'"{name}": '), text)
