"""The file `rounds`: its columns, what contradicts itself or the zone's books, its way in and out."""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _

from core.frames import read_frame
from core.interchange import checking, problems, spellings, staging
from core.interchange.columns import Column, Day, Exact, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import YUAN
from funding import bulk
from funding.models.rounds import (
    CURRENCY_FORM,
    CURRENCY_PATTERN,
    INVESTORS_LENGTH,
    MOST,
    MOST_RATE,
    RATE_PLACES,
)

MONEY = pl.Decimal(18, 2)

OF_CURRENCY = ("amount", "post_money_valuation", "cny_rate")

ROUNDS: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32, is_narrow=True),
    Day(name="closed_on", required=True, key=True),
    numbered("round"),
    Exact(name="amount", places=2, above_minimum=True, maximum=MOST, money="currency"),
    Text(
        name="currency",
        max_length=3,
        pattern=CURRENCY_PATTERN,
        form=CURRENCY_FORM,
        spelling=spellings.currency,
        nicknames=("RMB",),
    ),
    Text(name="investors", max_length=INVESTORS_LENGTH),
    Exact(name="post_money_valuation", places=2, above_minimum=True, maximum=MOST, money="currency"),
    Exact(name="cny_rate", places=RATE_PLACES, above_minimum=True, maximum=MOST_RATE),
)


def check_rounds(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, amounts, valuations and rates without a currency, and yuan that are not worth a yuan."""
    found = [checking.unknown_company(rows)]
    whole = checking.with_stored(rows, _held_rounds(rows), ["company", "closed_on", "round"])
    named = [name for name in OF_CURRENCY if name in rows.columns]
    for name in named:
        alone = pl.col("currency").is_null() & pl.col(name).is_not_null()
        found.append(problems.where(whole, alone, name, _("needs the code of the currency in currency")))
    kept = [name for name in whole.columns if name in OF_CURRENCY and name not in named]
    if "currency" in rows.columns and kept:
        lost = pl.col("currency").is_null() & pl.any_horizontal(pl.col(name).is_not_null() for name in kept)
        reason = _("is empty, and the round has an amount, a valuation or a rate")
        found.append(problems.where(whole, lost, "currency", reason))
    strange = (pl.col("currency") == YUAN) & (pl.col("cny_rate") != 1)
    column = "cny_rate" if "cny_rate" in rows.columns else "currency"
    if {"cny_rate", "currency"} & set(rows.columns):
        found.append(problems.where(whole, strange, column, _("is not 1, and the currency is CNY")))
    return problems.together(found)


def _held_rounds(rows: pl.DataFrame) -> pl.DataFrame:
    kinds = {"amount": MONEY, "post_money_valuation": MONEY, "cny_rate": pl.Decimal(18, RATE_PLACES)}
    text = dict.fromkeys(kinds, pl.String())
    held = read_frame(
        """SELECT company.code, held.closed_on, held.round, nullif(held.currency, ''), held.amount::text,
                  held.post_money_valuation::text, held.cny_rate::text
           FROM funding_round held JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL AND company.code = ANY(%s)""",
        [rows["company"].unique().to_list()],
        {"company": pl.String(), "closed_on": pl.Date(), "round": pl.String(), "currency": pl.String(), **text},
    )
    return held.with_columns(pl.col(name).cast(dtype) for name, dtype in kinds.items())


def store_rounds(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the rounds."""
    del on
    return bulk.upsert_rounds(rows.drop(LINE), tick)


def all_rounds(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All rounds that are not void, by company, day and name."""
    del on, month
    return staging.frames_of(
        """SELECT company.code, held.closed_on, held.round, held.amount, held.currency, held.investors,
                  held.post_money_valuation, held.cny_rate
           FROM funding_round held JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL
           ORDER BY company.code COLLATE "C", held.closed_on, held.round COLLATE "C" """,
        {column.name: column.dtype for column in ROUNDS},
    )


register(
    ImportKind("rounds", ROUNDS, check=check_rounds, store=store_rounds, about="company"),
    ExportKind("rounds", all_rounds, ROUNDS),
)
