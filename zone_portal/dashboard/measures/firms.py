"""The names of many companies at once, for rows that are counted outside of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from companies.models import Company
from core.frames import read_frame
from core.money import to_yuan

# What is not known is "", which CSV could not tell from null: each has a sign before it.
FIRMS = f"""
    SELECT id, code, '=' || name, '=' || name_zh, '=' || name_key, '=' || btrim(industry), '=' || country, kind
    FROM {Company._meta.db_table}
"""  # noqa: S608
TEXTS = ("name", "name_zh", "name_key", "industry", "country")
SCHEMA = {"company": pl.Int64(), "code": pl.String(), **dict.fromkeys(TEXTS, pl.String()), "kind": pl.String()}


@dataclass(frozen=True)
class Firm:
    """A company as far as a row names it."""

    code: str
    name: str
    name_zh: str


def firms() -> pl.DataFrame:
    """company, code, name, name_zh, name_key, industry, country and kind of all; "" where it is not known."""
    return read_frame(FIRMS, [], SCHEMA).with_columns(pl.col(name).str.strip_prefix("=") for name in TEXTS)


def in_yuan(fen: pl.Series) -> Decimal:
    """The sum of whole fen as yuan."""
    return to_yuan(int(fen.sum()))


def named_rows(
    frame: pl.DataFrame, *, money: Sequence[str] = (), known: Sequence[str] = ("company",)
) -> list[dict[str, Any]]:
    """The rows with a Firm, and its `<name>_key` to sort by, in the place of each id in `known`; `money` are columns of
    fen, which become yuan."""
    register = {row["company"]: row for row in firms().iter_rows(named=True)}
    return [_named(row, register, money, known) for row in frame.iter_rows(named=True)]


def _named(row: dict[str, Any], register: dict[int, Any], money: Sequence[str], known: Sequence[str]) -> dict[str, Any]:
    made = dict(row)
    for name in known:
        firm = register[row[name]]
        made[name] = Firm(firm["code"], firm["name"], firm["name_zh"])
        made[f"{name}_key"] = firm["name_key"]
    for name in money:
        made[name] = None if row[name] is None else to_yuan(row[name])
    return made
