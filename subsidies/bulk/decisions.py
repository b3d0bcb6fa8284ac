"""Write the decisions of many companies: supersede what changed, add what is new, leave the rest alone.

The caller holds the companies' locks (`Selection.lock`) in the present transaction, which is what keeps two runs from
writing twice; the partial unique constraint of the table is the guard behind it. Running it again writes nothing.
Expects up to some hundred thousand rows at once.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl
from django.db import connection

from core.frames import read_frame, write_frames
from subsidies.bulk.sealing import Deciding, seals_of
from subsidies.gather.selection import Selection
from subsidies.models import PolicyVersion
from subsidies.policy import digest_of

TABLE = "subsidies_decision"
KEY = ["company_id", "point"]
IN_FORCE = """
    SELECT id, company_id, point, fingerprint FROM subsidies_decision WHERE superseded_at IS NULL AND {condition}
"""
AT_ONCE = 25_000  # rows that are sealed while PostgreSQL takes those before them
WRITTEN = (
    "company_id", "company_code", "point", "outcome", "amount", "criteria", "facts", "unmet", "missing", "fingerprint",
    "seal", "version_id", "decided_for", "decided_at",
)  # fmt: skip
CODES = "SELECT id, code FROM companies_company WHERE {condition}"
CODE_TYPES = {"company_id": pl.Int64(), "company_code": pl.String()}
IN_FORCE_TYPES = {"id": pl.Int64(), "company_id": pl.Int64(), "point": pl.String(), "fingerprint": pl.Int64()}


@dataclass(frozen=True)
class Recorded:
    """What a call did, in decisions, and the ids of the companies that have new ones."""

    decided: int
    added: int
    superseded: int
    companies: tuple[int, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        return {"decided": self.decided, "added": self.added, "superseded": self.superseded}


def record_decisions(selection: Selection, decisions: pl.DataFrame, *, version: PolicyVersion, on: dt.date) -> Recorded:
    """Make `decisions` (a frame of `decided.decisions` on all of `selection`) the ones in force, found for `on`."""
    stored = read_frame(
        IN_FORCE.format(condition=selection.condition("company_id")), selection.parameters, IN_FORCE_TYPES
    )
    joined = decisions.join(stored.rename({"fingerprint": "stored"}), on=KEY, how="left", maintain_order="left")
    changed = joined.filter(pl.col("stored").is_null() | (pl.col("stored") != pl.col("fingerprint")))
    superseded = changed["id"].drop_nulls().to_list()
    previous = _supersede(superseded)
    if changed.height:
        deciding = Deciding(version.pk, version.version, digest_of(version), on, _moment())
        _add(changed.join(previous, on="id", how="left", maintain_order="left"), selection, deciding)
    return Recorded(decisions.height, changed.height, len(superseded), tuple(changed["company_id"].unique().sort()))


def _supersede(ids: list[int]) -> pl.DataFrame:
    """id, previous: the seals (hexadecimal) that those which take their places follow."""
    rows: list[tuple[int, str]] = []
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {TABLE} SET superseded_at = statement_timestamp() WHERE id = ANY(%s)"  # noqa: S608
                " RETURNING id, encode(seal, 'hex')",
                [ids],
            )
            rows = cursor.fetchall()
    return pl.DataFrame(rows, schema={"id": pl.Int64(), "previous": pl.String()}, orient="row")


def _moment() -> dt.datetime:
    """Now, by the clock of the database, which all that is told of decisions goes by. It is sealed with them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        at: dt.datetime = cursor.fetchone()[0]
    return at


def _add(changed: pl.DataFrame, selection: Selection, deciding: Deciding) -> None:
    codes = read_frame(CODES.format(condition=selection.condition("id")), selection.parameters, CODE_TYPES)
    # A company's decisions side by side: they are read together, and the indexes are filled in order.
    rows = changed.join(codes, on="company_id", how="left", maintain_order="left").sort(
        "company_id", maintain_order=True
    )
    write_frames((_sealed(part, deciding) for part in rows.iter_slices(AT_ONCE)), TABLE, WRITTEN)


def _sealed(rows: pl.DataFrame, deciding: Deciding) -> pl.DataFrame:
    return rows.with_columns(
        pl.Series("seal", [f"\\x{seal.hex()}" for seal in seals_of(rows, deciding)], dtype=pl.String),
        pl.lit(deciding.version_id).alias("version_id"),
        pl.lit(deciding.on).alias("decided_for"),
        pl.lit(deciding.at.isoformat()).alias("decided_at"),
    )
