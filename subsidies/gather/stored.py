"""Stored decisions, superseded ones too, in batches by the order of entry: what a replay reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection

from core.frames import read_frame

DAY, WHOLE, TEXT = pl.Date(), pl.Int64(), pl.String()

# The seal before is that of the decision before on the same company and point; whoever is superseded has one after.
# Both are found among the company's decisions: by `id + 0`, as along the index of ids the whole table might be read.
STORED = """
    SELECT d.id, d.public_id, d.company_id, d.company_code, c.code, d.point, d.version_id, d.decided_for,
           to_char(d.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           d.outcome, (d.amount * 100)::bigint, d.criteria, d.facts::text, d.unmet, d.missing, encode(d.seal, 'hex'),
           (SELECT encode(p.seal, 'hex') FROM subsidies_decision p
            WHERE p.company_id = d.company_id AND p.point = d.point AND p.id + 0 < d.id ORDER BY p.id + 0 DESC LIMIT 1),
           d.superseded_at IS NOT NULL AND NOT EXISTS (
               SELECT FROM subsidies_decision n
               WHERE n.company_id = d.company_id AND n.point = d.point AND n.id + 0 > d.id
           )
    FROM subsidies_decision d JOIN companies_company c ON c.id = d.company_id
    WHERE d.id > %s AND {condition} ORDER BY d.id LIMIT %s
"""
STORED_TYPES = {
    "id": WHOLE, "public_id": TEXT, "company_id": WHOLE, "company_code": TEXT, "code": TEXT, "point": TEXT,
    "version_id": WHOLE, "decided_for": DAY, "decided_at": TEXT, "outcome": TEXT, "amount_fen": WHOLE,
    "criteria": TEXT, "facts": TEXT, "unmet": TEXT, "missing": TEXT, "seal": TEXT, "previous": TEXT,
    "is_cut_off": pl.Boolean(),
}  # fmt: skip
EMPTY = ("criteria", "unmet", "missing", "company_code")  # text that may be empty, which reads as null
# Codes that a company has or had, for decisions that name another one than it has now.
CODES = "SELECT DISTINCT pgh_obj_id, code FROM companies_companyevent WHERE pgh_obj_id = ANY(%s)"


@dataclass(frozen=True)
class Chosen:
    """Which stored decisions: all, or those of a company (its id), a point, a public id. What is given must hold."""

    company_id: int | None = None
    point: str = ""
    public_id: str = ""

    @property
    def condition(self) -> str:
        parts = {"d.company_id": self.company_id, "d.point": self.point, "d.public_id": self.public_id}
        return " AND ".join(f"{column} = %s" for column, value in parts.items() if value) or "true"

    @property
    def parameters(self) -> Sequence[Any]:
        return [value for value in (self.company_id, self.point, self.public_id) if value]


def count(chosen: Chosen) -> int:
    """How many there are."""
    with connection.cursor() as cursor:
        query = f"SELECT count(*) FROM subsidies_decision d WHERE {chosen.condition}"  # noqa: S608
        cursor.execute(query, chosen.parameters)
        return int(cursor.fetchone()[0])


def batches(chosen: Chosen, size: int) -> Iterator[pl.DataFrame]:
    """Frames of up to `size` decisions: id, public_id, company_id, company_code (as it was sealed), code (as it is),
    point, version_id, decided_for, decided_at (text in UTC), outcome, amount_fen, criteria, facts (JSON), unmet,
    missing, seal and previous (hexadecimal; the seal before, or null), is_cut_off (superseded, and by nothing that is
    there)."""
    last = 0
    query = STORED.format(condition=chosen.condition)
    while (frame := read_frame(query, [last, *chosen.parameters, size], STORED_TYPES)).height:
        yield frame.with_columns(pl.col(*EMPTY).fill_null(""))
        last = frame["id"][-1]


def codes_ever(company_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(company, code) for every code that these companies have had, by the audit trail."""
    with connection.cursor() as cursor:
        cursor.execute(CODES, [list(company_ids)])
        return set(cursor.fetchall())
