"""The register, the leases and the desks as the frames that the rules take. A query for each, by COPY."""

import polars as pl

from core.frames import read_frame
from subsidies.gather.selection import Selection

DAY, WHOLE, FLAG, TEXT = pl.Date(), pl.Int64(), pl.Boolean(), pl.String()

COMPANIES = """
    SELECT id, kind, lower(registration), upper(registration), lower(operation), upper(operation),
           founded_on, listed, bad_credit
    FROM companies_company WHERE {condition} ORDER BY id
"""
COMPANY_TYPES = {
    "company": WHOLE, "kind": TEXT, "registered_from": DAY, "registered_until": DAY, "operating_from": DAY,
    "operating_until": DAY, "founded_on": DAY, "listed": FLAG, "bad_credit": FLAG,
}  # fmt: skip

# Every lease that a company ever had, for the window opens on the first settled day; void ones were never leases.
LEASES = """
    SELECT company_id, id, number, (area_m2 * 100)::bigint, (price_per_m2_day * 10000)::bigint, lower(term), upper(term)
    FROM spaces_lease WHERE voided_at IS NULL AND {condition}
"""
LEASE_TYPES = {
    "company": WHOLE, "lease_id": WHOLE, "lease": TEXT, "area": WHOLE, "price": WHOLE, "first_day": DAY, "until": DAY,
}  # fmt: skip

# Likewise every membership; a resident's has no company.
DESKS = """
    SELECT company_id, lower(term), upper(term) FROM spaces_deskmembership
    WHERE voided_at IS NULL AND company_id IS NOT NULL AND {condition}
"""
DESK_TYPES = {"company": WHOLE, "first_day": DAY, "until": DAY}


def companies(selection: Selection) -> pl.DataFrame:
    """company (id), kind, registered_from, registered_until, operating_from, operating_until, founded_on, listed,
    bad_credit, ordered by id. Ends are half-open; an unknown first day is null, and so is an open or unknown end."""
    query = COMPANIES.format(condition=selection.condition("id"))
    return read_frame(query, selection.parameters, COMPANY_TYPES)


def leases(selection: Selection) -> pl.DataFrame:
    """company (id), lease_id, lease (number), area (0.01 m²), price (0.0001 yuan), first_day, until (half-open)."""
    query = LEASES.format(condition=selection.condition("company_id"))
    return read_frame(query, selection.parameters, LEASE_TYPES)


def desks(selection: Selection) -> pl.DataFrame:
    """company (id), first_day, until (half-open) of each desk membership."""
    return read_frame(DESKS.format(condition=selection.condition("company_id")), selection.parameters, DESK_TYPES)
