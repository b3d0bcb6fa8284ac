"""The stage of companies and the campuses where they sit, for sums by either. Two queries, by COPY."""

import polars as pl

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.rules.simulation import Premises

DAY, WHOLE, TEXT = pl.Date(), pl.Int64(), pl.String()

STAGES = "SELECT id, stage FROM companies_company WHERE {condition} ORDER BY id"
STAGE_TYPES = {"company": WHOLE, "stage": TEXT}
# Whoever has a lease or a desk sits there. The selection stands in it twice.
LEASES = """
    SELECT held.company_id, campus.code, lower(held.term), upper(held.term)
    FROM (SELECT company_id, unit_id, term FROM spaces_lease WHERE voided_at IS NULL AND {condition}
          UNION ALL
          SELECT company_id, unit_id, term FROM spaces_deskmembership WHERE voided_at IS NULL AND {condition}) AS held
    JOIN spaces_unit unit ON unit.id = held.unit_id
    JOIN spaces_building building ON building.id = unit.building_id
    JOIN spaces_campus campus ON campus.id = building.campus_id
"""
LEASE_TYPES = {"company": WHOLE, "campus": TEXT, "first_day": DAY, "until": DAY}


def premises(selection: Selection) -> Premises:
    """Of the selected companies, ordered by id."""
    return Premises(
        stages=read_frame(STAGES.format(condition=selection.condition("id")), selection.parameters, STAGE_TYPES),
        leases=read_frame(
            LEASES.format(condition=selection.condition("company_id")), selection.parameters * 2, LEASE_TYPES
        ),
    )
