"""The file `payments`: rent that came in, as the bank lists it. A row is known by the bank's number of the transaction.

A payment stands as the bank told it: a row that says something else of a transaction that is on record is refused, and
one that says the same changes nothing. New ones that name the number of a statement pay it at once; the others wait for
a person, and the summary says how many.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import markup, outbox
from core.frames import read_frame, write_frame
from core.interchange import problems, staging
from core.interchange.columns import Column, Day, Exact, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import MOST_YUAN, YUAN
from subsidies.models import RentPayment
from subsidies.services.payments import match_by_number

AT_ONCE = 2_000  # payments that are matched together: their statements are held meanwhile

PAYMENTS: tuple[Column, ...] = (
    numbered("transaction"),
    Day(name="paid_on", required=True),
    Exact(name="amount", required=True, places=2, above_minimum=True, maximum=MOST_YUAN, money=YUAN),
    Text(name="payer", max_length=200),
    Text(name="reference", max_length=300),
)
HELD = """
    SELECT transaction, paid_on, amount::text, nullif(payer, ''), nullif(reference, '')
    FROM subsidies_rentpayment WHERE transaction = ANY(%s)
"""
HELD_TYPES = {name: pl.String() for name in ("transaction", "paid_on", "amount", "payer", "reference")} | {
    "paid_on": pl.Date()
}


def check_payments(rows: pl.DataFrame) -> pl.DataFrame:
    """Transactions that are on record with something else."""
    told = [column.name for column in PAYMENTS if column.name in rows.columns and not column.key]
    both = rows.join(_held(rows), on="transaction", suffix="_held", how="inner")
    differs = (
        problems.where(
            both,
            ~pl.col(name).eq_missing(pl.col(f"{name}_held")),
            name,
            _("is not what is on record of this transaction: reverse that payment, if it is wrong"),
        )
        for name in told
    )
    return problems.together(list(differs))


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    found = read_frame(HELD, [rows["transaction"].to_list()], HELD_TYPES)
    return found.with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))


def store_payments(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Enter the new ones, and match them by the numbers that they name."""
    del on
    new = rows.join(_held(rows), on="transaction", how="anti").sort(LINE)
    write_frame(new.select(*_stored(new)), RentPayment._meta.db_table)
    added = RentPayment.objects.filter(transaction__in=new["transaction"].to_list())
    ids = list(added.order_by("pk").values_list("pk", flat=True))
    matched = 0
    for start in range(0, len(ids), AT_ONCE):
        tick(start, len(ids))
        matched += match_by_number(ids[start : start + AT_ONCE])
    tick(len(ids), len(ids))
    outbox.record_import("payments", len(ids), 0)
    return Stored(len(ids), 0, rows.height - len(ids), _told_of(matched, len(ids) - matched))


def _stored(rows: pl.DataFrame) -> Iterator[pl.Expr]:
    yield from (pl.col(name) for name in ("transaction", "paid_on", "amount"))
    for name in ("payer", "reference"):
        given = pl.col(name) if name in rows.columns else pl.lit(None, pl.String)
        yield given.fill_null("").alias(name)
    yield pl.lit("").alias("reversal_reason")


def _told_of(matched: int, waiting: int) -> tuple[str, ...]:
    told = []
    if matched:
        told.append(
            ngettext(
                "%(count)s payment names a statement, and pays it.",
                "%(count)s payments name a statement, and pay it.",
                matched,
            )
            % {"count": markup.count(matched)}
        )
    if waiting:
        told.append(
            ngettext(
                "%(count)s payment waits to be matched by a person.",
                "%(count)s payments wait to be matched by a person.",
                waiting,
            )
            % {"count": markup.count(waiting)}
        )
    return tuple(told)


def all_payments(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All payments, reversed ones too, by day and transaction."""
    del on, month
    return staging.frames_of(
        """SELECT transaction, paid_on, amount, nullif(payer, ''), nullif(reference, '')
           FROM subsidies_rentpayment ORDER BY paid_on, transaction COLLATE "C" """,
        {column.name: column.dtype for column in PAYMENTS},
    )


register(
    ImportKind("payments", PAYMENTS, check=check_payments, store=store_payments),
    ExportKind("payments", all_payments, PAYMENTS),
)
