"""The stage of companies and the campuses where they sit, for sums by either. Two queries, by COPY."""

import polars as pl

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.rules.simulation import Premises

DAY, WHOLE, TEXT = pl.Date(), pl.Int64(), pl.String()

STAGES = "SELECT id, stage FROM companies_company WHERE {condition} ORDER BY id"
STAGE_TYPES = {"company": WHOLE, "stage": TEXT}
LEASES = """
    SELECT lease.company_id, campus.code, lower(lease.term), upper(lease.term)
    FROM spaces_lease lease JOIN spaces_unit unit ON unit.id = lease.unit_id
    JOIN spaces_building building ON building.id = unit.building_id
    JOIN spaces_campus campus ON campus.id = building.campus_id
    WHERE lease.voided_at IS NULL AND {condition}
"""
LEASE_TYPES = {"company": WHOLE, "campus": TEXT, "first_day": DAY, "until": DAY}


def premises(selection: Selection) -> Premises:
    """Of the selected companies, ordered by id."""
    return Premises(
        stages=read_frame(STAGES.format(condition=selection.condition("id")), selection.parameters, STAGE_TYPES),
        leases=read_frame(
            LEASES.format(condition=selection.condition("lease.company_id")), selection.parameters, LEASE_TYPES
        ),
    )
