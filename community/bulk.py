"""Set-based writes of talents: what an import brings, in a fixed number of statements whatever its size."""

import polars as pl

from core import outbox
from core.interchange.kinds import Stored, Tick
from core.interchange.upserting import Upsert, given, given_period


def upsert_talents(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change talents, matched by `talent`, and record `talents.imported` when something changed. The frame has
    the columns of the interchange format, typed and checked (`community.interchange`)."""
    company = "company.id" if "company" in frame.columns else "held.company_id"
    stored = Upsert(
        "community_talent",
        """LEFT JOIN companies_company company ON company.code = incoming.company
           LEFT JOIN community_talent held ON held.code = incoming.talent"""
        if "company" in frame.columns
        else "LEFT JOIN community_talent held ON held.code = incoming.talent",
        key={"code": "incoming.talent"},
        values={
            "name": "incoming.name",
            "grade": given(frame, "class", unknown="''", stored="grade"),
            "company_id": company,
            "employment": given_period(frame, "employed_from", "employed_until", "employment"),
        },
        concerned=(company, "held.company_id"),
    ).write(frame, tick)
    outbox.record_import("talents", stored.new, stored.changed, companies=stored.named)
    return stored
