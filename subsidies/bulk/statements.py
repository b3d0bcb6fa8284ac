"""Write rent statements: those whose content changed with all their lines, and remove open ones that came to nothing.

The caller holds the companies' locks and `statements` shared (nobody issues meanwhile) in the present transaction; the
unique constraint and the triggers of the tables are the guard behind it. Running it again writes nothing. Expects up to
some hundred thousand lines at once.
"""

from dataclasses import dataclass

import polars as pl
from django.db import connection

from core.frames import read_frame, write_frame
from subsidies.bulk.decided import yuan

PLACE = ["company", "month"]
STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS statement_stage (
        company_id bigint, month date, rent numeric(18, 2), waived numeric(18, 2), adjustment numeric(18, 2),
        payable numeric(18, 2), fingerprint bigint
    ) ON COMMIT DELETE ROWS
"""
UPSERT = """
    INSERT INTO subsidies_rentstatement AS s
        (company_id, month, state, rent, waived, adjustment, payable, fingerprint, computed_at)
    SELECT company_id, month, 'open', rent, waived, adjustment, payable, fingerprint, statement_timestamp()
    FROM statement_stage ORDER BY company_id, month
    ON CONFLICT (company_id, month) DO UPDATE SET
        rent = EXCLUDED.rent, waived = EXCLUDED.waived, adjustment = EXCLUDED.adjustment, payable = EXCLUDED.payable,
        fingerprint = EXCLUDED.fingerprint, computed_at = EXCLUDED.computed_at
    WHERE s.state = 'open'
"""
WRITTEN = """
    SELECT s.id, s.company_id, s.month FROM subsidies_rentstatement s
    JOIN statement_stage USING (company_id, month) WHERE s.state = 'open'
"""
WRITTEN_TYPES = {"statement_id": pl.Int64(), "company": pl.Int64(), "month": pl.Date()}
PARTS = ("subsidies_rentline", "subsidies_rentadjustment")


@dataclass(frozen=True)
class Billed:
    """What a call did, in statements."""

    statements: int
    written: int
    removed: int
    adjustments: int
    waiting: int

    @property
    def counts(self) -> dict[str, int]:
        return vars(self)


def record_statements(
    totals: pl.DataFrame, lines: pl.DataFrame, corrections: pl.DataFrame, stored: pl.DataFrame
) -> tuple[int, int]:
    """Make the open statements what `totals` (of `billed.totals`) says, with their `lines` and `corrections` (which
    name the month of their statement as `posted_in`); `stored` are the statements as they are. Returns how many were
    written and how many removed."""
    open_ones = stored.filter(pl.col("state") == "open")
    before = open_ones.select(*PLACE, pl.col("fingerprint").alias("before"))
    changed = totals.join(before, on=PLACE, how="left").filter(
        pl.col("before").is_null() | (pl.col("before") != pl.col("fingerprint"))
    )
    gone = open_ones.join(totals, on=PLACE, how="anti")["statement_id"].to_list()
    _remove(gone)
    if changed.height:
        _rewrite(changed, lines, corrections)
    return changed.height, len(gone)


def _remove(ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            for table in PARTS:
                cursor.execute(f"DELETE FROM {table} WHERE statement_id = ANY(%s)", [ids])  # noqa: S608
            cursor.execute("DELETE FROM subsidies_rentstatement WHERE id = ANY(%s)", [ids])


def _rewrite(changed: pl.DataFrame, lines: pl.DataFrame, corrections: pl.DataFrame) -> None:
    amounts = [yuan(pl.col(name)).alias(name) for name in ("rent", "waived", "adjustment", "payable")]
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute("TRUNCATE statement_stage")
        staged = changed.select(pl.col("company").alias("company_id"), "month", *amounts, "fingerprint")
        write_frame(staged, "statement_stage")
        cursor.execute(UPSERT)
        written = read_frame(WRITTEN, [], WRITTEN_TYPES)
        known = written.join(changed.filter(pl.col("before").is_not_null()), on=PLACE, how="semi")
        for table in PARTS:
            cursor.execute(f"DELETE FROM {table} WHERE statement_id = ANY(%s)", [known["statement_id"].to_list()])  # noqa: S608
    payable = yuan(pl.col("rent") - pl.col("waived")).alias("payable")
    money = [yuan(pl.col("rent")).alias("rent"), yuan(pl.col("waived")).alias("waived"), payable]
    own = lines.join(written, on=PLACE, how="inner")
    write_frame(own.select("statement_id", "lease_id", "days", "waived_days", *money, "segments", "missing"), PARTS[0])
    later = corrections.join(
        written.rename({"month": "posted_in"}), on=["company", "posted_in"], how="inner"
    ).with_columns(pl.lit("now").alias("created_at"))
    write_frame(later.select("statement_id", "lease_id", "month", *money, "reason", "segments", "created_at"), PARTS[1])
