"""What comes after a monthly relief: what the company then pays itself, and what the policy still gives it.

Reckoned for the first whole month, and beside it for that same month as if the relief had gone on, so that the two
differ by the relief alone. Everything else is as it is on record and agreed today.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from subsidies.rules.borrowing import first_loan
from subsidies.rules.errors import BadFacts
from subsidies.rules.interest import accrued, interest_lines
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import Records, facts_of
from subsidies.rules.rent import rent_lines
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import first_whole_month

# Where the common condition begins and ends; both hold throughout a month in which the relief goes on.
_STARTS = ("registered_from", "operating_from")
_ENDS = ("registered_until", "operating_until")


@dataclass(frozen=True)
class Aftermath:
    """`borne`: what the company pays itself in the month that begins on `month`, in fen; None where nothing is agreed
    for it (no lease, no loan). `before`: what it would pay of that with the relief. `eligible` and `unknown`: the codes
    of the other points that are so on the first day without the relief, as far as is known today."""

    month: date
    borne: int | None
    before: int | None
    eligible: tuple[str, ...]
    unknown: tuple[str, ...]


def aftermath(code: str, known: Records, timeline: Timeline, day: date) -> Aftermath:
    """After the point `code` (one of RELIEFS) of one company, whose first day without it is `day`. Raises BadFacts for
    another point or another number of companies, and the errors of the rules."""
    if code not in RELIEFS:
        raise BadFacts(f"{code} is no monthly relief")
    if known.companies.height != 1:
        raise BadFacts(f"one company is asked about, not {known.companies.height}")
    month = first_whole_month(day)
    borne = RELIEFS[code]
    others = _outcomes(code, known, timeline, day)
    return Aftermath(
        month,
        borne(known, timeline, month),
        borne(_as_if_it_went_on(known, month), timeline, month, opened_on=month),
        tuple(other for other, outcome in others.items() if outcome),
        tuple(other for other, outcome in others.items() if outcome is None),
    )


def _outcomes(code: str, known: Records, timeline: Timeline, day: date) -> dict[str, bool | None]:
    points = [point for point in POINTS.values() if point.code != code]
    names = {name for point in points for leaf in point.leaves for name in leaf.facts}
    terms = Terms(timeline.deciding(day), day)
    facts = facts_of(known, timeline, day, names)
    return facts.select(**{point.code: point.criteria.expr(terms) for point in points}).row(0, named=True)


def _as_if_it_went_on(known: Records, month: date) -> Records:
    """The common condition holds throughout `month`."""
    starts = {name: pl.lit(month) for name in _STARTS}
    ends = {name: pl.lit(None, dtype=pl.Date()) for name in _ENDS}
    return replace(known, companies=known.companies.with_columns(**starts, **ends))


def _rent(known: Records, timeline: Timeline, month: date, *, opened_on: date | None = None) -> int | None:
    opened = pl.lit(opened_on) if opened_on else _first_settled(known, timeline)
    companies = known.companies.with_columns(opened.alias("first_settled_on"))
    return _sum(rent_lines(known.leases, companies, month, timeline)["payable_fen"])


def _first_settled(known: Records, timeline: Timeline) -> pl.Series:
    return first_settled(known.premises, known.companies, timeline.starts_on)["first_settled_on"]


def _interest(known: Records, timeline: Timeline, month: date, *, opened_on: date | None = None) -> int | None:
    opened = first_loan(known.loans, known.companies, timeline.starts_on)["first_loan_on"]
    companies, premises = known.companies.with_columns(opened), known.premises
    if opened_on:
        companies = companies.with_columns(first_loan_on=pl.lit(opened_on))
        premises = pl.DataFrame(
            {"company": companies["company"], "first_day": [opened_on], "until": [None]}, schema=premises.schema
        )
    lines = interest_lines(known.loans, known.repayments, premises, companies, month, timeline)
    return _sum(accrued(lines) - lines["supported_fen"])


def _sum(amounts: pl.Series) -> int | None:
    return int(amounts.sum()) if amounts.len() else None


RELIEFS: dict[str, Callable[..., int | None]] = {"rent_waiver": _rent, "loan_interest": _interest}
