"""All that is on record about N companies. The number of queries does not depend on N.

The companies are read last: whatever was seen before belongs to one of them, also when somebody enters another
company, with leases and loans, between two of the queries.
"""

import polars as pl

from subsidies.gather import items, register
from subsidies.gather.grants import grants
from subsidies.gather.selection import Selection
from subsidies.rules.records import Records


def records(selection: Selection) -> Records:
    """The frames that the rules take, of the selected companies, ordered by id."""
    frames = {
        **_billable(selection),
        "talents": items.talents(selection),
        "projects": items.projects(selection),
        "expenses": items.expenses(selection),
        "reports": items.reports(selection),
        "grants": grants(selection),
    }
    return Records(companies=register.companies(selection), **frames)


def for_bills(selection: Selection) -> Records:
    """What the rent and the interest of the selected companies rest on: premises, loans and repayments alone."""
    frames = _billable(selection)
    return Records(companies=register.companies(selection), **frames)


def _billable(selection: Selection) -> dict[str, pl.DataFrame]:
    """leases, desks, loans, repayments."""
    loans, repayments = items.loans(selection)
    return {**premises_of(selection), "loans": loans, "repayments": repayments}


def premises_of(selection: Selection) -> dict[str, pl.DataFrame]:
    """leases, desks."""
    return {"leases": register.leases(selection), "desks": register.desks(selection)}
