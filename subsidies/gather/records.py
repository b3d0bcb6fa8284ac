"""All that is on record about N companies. The number of queries does not depend on N."""

from subsidies.gather import items, register
from subsidies.gather.grants import grants
from subsidies.gather.selection import Selection
from subsidies.rules.records import Records


def records(selection: Selection) -> Records:
    """The frames that the rules take, of the selected companies, ordered by id."""
    return Records(
        companies=register.companies(selection),
        leases=register.leases(selection),
        loans=items.loans(selection),
        repayments=items.repayments(selection),
        talents=items.talents(selection),
        projects=items.projects(selection),
        expenses=items.expenses(selection),
        reports=items.reports(selection),
        grants=grants(selection),
    )
