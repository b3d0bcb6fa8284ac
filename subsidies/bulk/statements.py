"""Write statements of either kind: those whose content changed with all their lines, and remove open ones that came to
nothing.

The caller holds the companies' locks and `statements` shared (nobody issues meanwhile) in the present transaction; the
unique constraint and the triggers of the tables are the guard behind it. Running it again writes nothing. Expects up to
some hundred thousand lines at once.
"""

from dataclasses import dataclass

import polars as pl
from django.db import connection

from core import audit
from core.frames import read_frame, write_frame
from subsidies.bulk.billed import comes_to
from subsidies.bulk.decided import yuan
from subsidies.statement_kinds import KINDS, Kind

PLACE = ["company", "month"]
STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS {stage} (company_id bigint, month date, {columns}, fingerprint bigint)
    ON COMMIT DELETE ROWS
"""
UPSERT = """
    INSERT INTO {statement} AS s (company_id, month, state, {names}, fingerprint, computed_at)
    SELECT company_id, month, 'open', {names}, fingerprint, statement_timestamp()
    FROM {stage} ORDER BY company_id, month
    ON CONFLICT (company_id, month) DO UPDATE SET
        {updates}, fingerprint = EXCLUDED.fingerprint, computed_at = EXCLUDED.computed_at
    WHERE s.state = 'open'
"""
WRITTEN = """
    SELECT s.id, s.company_id, s.month FROM {statement} s
    JOIN {stage} USING (company_id, month) WHERE s.state = 'open'
"""
WRITTEN_TYPES = {"statement_id": pl.Int64(), "company": pl.Int64(), "month": pl.Date()}


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

    def __add__(self, other: "Billed") -> "Billed":
        """Both together."""
        return Billed(**{name: count + other.counts[name] for name, count in self.counts.items()})


def record_statements(
    kind: Kind, totals: pl.DataFrame, lines: pl.DataFrame, corrections: pl.DataFrame, stored: pl.DataFrame
) -> tuple[int, int]:
    """Make the open statements of a kind what `totals` (of `billed.totals`) says, with their `lines` and `corrections`
    (which name the month of their statement as `posted_in`); `stored` are the statements as they are. Returns how many
    were written and how many removed."""
    open_ones = stored.filter(pl.col("state") == "open")
    before = open_ones.select(*PLACE, pl.col("fingerprint").alias("before"))
    changed = totals.join(before, on=PLACE, how="left").filter(
        pl.col("before").is_null() | (pl.col("before") != pl.col("fingerprint"))
    )
    gone = open_ones.join(totals, on=PLACE, how="anti")["statement_id"].to_list()
    _remove(kind, gone)
    if changed.height:
        _rewrite(kind, changed, lines, corrections)
    return changed.height, len(gone)


def _remove(kind: Kind, ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            for table in (kind.line, kind.adjustment):
                cursor.execute(f"DELETE FROM {table} WHERE statement_id = ANY(%s)", [ids])  # noqa: S608
            cursor.execute(f"DELETE FROM {kind.statement} WHERE id = ANY(%s)", [ids])  # noqa: S608


def _rewrite(kind: Kind, changed: pl.DataFrame, lines: pl.DataFrame, corrections: pl.DataFrame) -> None:
    audit.prepare_for_bulk()
    written = _upserted(kind, changed)
    known = written.join(changed.filter(pl.col("before").is_not_null()), on=PLACE, how="semi")
    with connection.cursor() as cursor:
        for table in (kind.line, kind.adjustment):
            cursor.execute(f"DELETE FROM {table} WHERE statement_id = ANY(%s)", [known["statement_id"].to_list()])  # noqa: S608
    money = [yuan(pl.col(name)).alias(name) for name in kind.amounts]
    if kind.line_total:
        money.append(yuan(comes_to(kind)).alias(kind.line_total))
    item = pl.col("item_id").alias(kind.item)
    own = lines.join(written, on=PLACE, how="inner")
    write_frame(own.select("statement_id", item, *kind.days, *money, "segments", "missing"), kind.line)
    later = corrections.join(
        written.rename({"month": "posted_in"}), on=["company", "posted_in"], how="inner"
    ).with_columns(pl.lit("now").alias("created_at"))
    write_frame(
        later.select("statement_id", item, "month", *money, "reason", "segments", "created_at"), kind.adjustment
    )


def _upserted(kind: Kind, changed: pl.DataFrame) -> pl.DataFrame:
    """The statements as they are now; returns statement_id, company, month of each."""
    names = (*kind.amounts, "adjustment", "payable")
    words = {
        "stage": f"{kind.statement}_stage",
        "names": ", ".join(names),
        "columns": ", ".join(f"{name} numeric(18, 2)" for name in names),
        "updates": ", ".join(f"{name} = EXCLUDED.{name}" for name in names),
        "statement": kind.statement,
    }
    amounts = [yuan(pl.col(name)).alias(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(STAGE.format(**words))
        cursor.execute("TRUNCATE {stage}".format(**words))
        staged = changed.select(pl.col("company").alias("company_id"), "month", *amounts, "fingerprint")
        write_frame(staged, words["stage"])
        cursor.execute(UPSERT.format(**words))
    return read_frame(WRITTEN.format(**words), [], WRITTEN_TYPES)


def analyze() -> None:
    """Call once a month was issued: what asks for issued statements next would be planned as if there were none, and
    read all of them for each line."""
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(f"ANALYZE {kind.statement}")
