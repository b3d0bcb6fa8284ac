"""What is on record about the companies of the demo zone, so that all eight points have something to decide.

A table for each kind of file, on both sides of every threshold of the default policy. Each draws on a chance of its
own: one more loan moves no talent.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

from zone_portal.demo.calendar import Present
from zone_portal.demo.companies import Company
from zone_portal.demo.records import costs, loans, projects, reports, rounds, talents
from zone_portal.demo.records.table import Table


def tables(register: Sequence[Company], today: dt.date, seed: str) -> dict[str, Table]:
    """The tables by kind, in the order of their import."""

    def made(name: str, make: Callable[[Sequence[Company], Present], Table]) -> Table:
        return make(register, Present(today, Random(f"{seed}: {name}")))

    lent = made("loans", loans.loans)
    return {
        "suppliers": made("suppliers", costs.suppliers),
        "projects": made("projects", projects.projects),
        "loans": lent,
        "repayments": loans.repayments(lent, Present(today, Random(f"{seed}: repayments"))),
        "talents": made("talents", talents.talents),
        "reports": made("reports", reports.reports),
        "expenses": made("expenses", costs.expenses),
        "rounds": made("rounds", rounds.rounds),
    }


__all__ = ["Table", "tables"]
