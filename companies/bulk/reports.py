"""Reports from a frame, in the columns of the interchange format, typed and checked (`companies.interchange`)."""

import polars as pl

from core import outbox
from core.interchange.kinds import Stored, Tick
from core.interchange.upserting import Upsert, given

FIGURES = ("revenue", "profit", "rd_spend", "employees", "export_revenue", "product_in_use")


def upsert_reports(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change reports, matched by `company` and `period_end` among those that are not void, and record
    `reports.imported` when something changed.

    One that becomes verified is so from now on, by nobody in person; one that was keeps its day and its verifier. Wants
    the caller's transaction.
    """
    verified = "verified" in frame.columns
    stored = Upsert(
        "companies_report",
        """JOIN companies_company company ON company.code = incoming.company
           LEFT JOIN companies_report held
               ON held.company_id = company.id AND held.period_end = incoming.period_end AND held.voided_at IS NULL""",
        key={"company_id": "company.id", "period_end": "incoming.period_end"},
        values={
            "months": "incoming.months::smallint",
            **{name: given(frame, name) for name in FIGURES},
            "verified_at": _while_verified("coalesce(held.verified_at, now())") if verified else "held.verified_at",
            "verified_by_id": _while_verified("held.verified_by_id") if verified else "held.verified_by_id",
        },
        concerned=("company.id",),
    ).write(frame, tick)
    outbox.record_import("reports", stored.new, stored.changed, companies=stored.named)
    return stored


def _while_verified(value: str) -> str:
    return f"CASE WHEN incoming.verified THEN {value} END"
