"""The least that a company's records must change for a criterion to hold: it registers, it operates, it proposes a
project, ...

A remedy gives the changed records; where more than one value would do (a score, a class), those that bring the least
and those that bring the most.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from subsidies.rules.catalogue import TALENT_CLASSES
from subsidies.rules.facts import HUNDRED_POINTS
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.records import SCHEMAS, Records
from subsidies.rules.windows import add_months

Remedy = Callable[[Records, date, ParameterSet], tuple[Records, ...]]

NEW = "new"  # the key of a record that does not exist yet; keys on record are never compared with it


def register(records: Records, on: date, _version: ParameterSet) -> tuple[Records, ...]:
    """Registered from the day on, or from earlier where it is."""
    return (_begin(records, "registered", on),)


def operate(records: Records, on: date, _version: ParameterSet) -> tuple[Records, ...]:
    """Operating from the day on; whether it has premises is not for this to say."""
    return (_begin(records, "operating", on),)


def _begin(records: Records, period: str, on: date) -> Records:
    start, until = pl.col(f"{period}_from"), pl.col(f"{period}_until")
    has_ended = (until <= on).fill_null(value=False)
    begun = pl.when(start.is_null() | (start > on) | has_ended).then(pl.lit(on)).otherwise(start)
    lasting = pl.when(~has_ended).then(until)
    changed = {f"{period}_from": begun, f"{period}_until": lasting}
    return replace(records, companies=records.companies.with_columns(**changed))


def propose(kind: str, least: str, cap: str = "") -> Remedy:
    """A project of a kind that the panel scores from the parameter `least` up to the highest: one that waits for its
    score, else the best so far, else a new one. What it requests, if nobody said, is up to the parameter `cap`."""

    def remedy(records: Records, _on: date, version: ParameterSet) -> tuple[Records, ...]:
        waiting = records.projects.filter((pl.col("kind") == kind) & ~pl.col("awarded"))
        known = _first(waiting.sort("score", descending=True, nulls_last=False), {"kind": kind, "awarded": False})
        low = max(known["score"] or 0, version[least])
        asked = known["requested"]
        most = version[cap] if cap and asked is None else asked
        worst = {"score": low, "requested": 0 if asked is None else asked}
        best = {"score": max(low, HUNDRED_POINTS), "requested": most}
        return tuple(_with(records, "projects", "project", known | change) for change in (worst, best))

    return remedy


def employ(records: Records, on: date, version: ParameterSet) -> tuple[Records, ...]:
    """A talent who has served the months, of the class with the smallest award up to that with the largest: one who
    waits for a class or whose start is not known, else a new one."""
    served = add_months(on, -version["talent.employment_months"])
    has_left = (pl.col("employed_until") <= on).fill_null(value=False)
    there = records.talents.filter(~pl.col("awarded") & ~has_left)
    waiting = there.filter(pl.col("grade").is_null() | pl.col("employed_from").is_null())
    known = _first(waiting.sort("employed_from", nulls_last=True), {"awarded": False})
    start = known["employed_from"]
    known["employed_from"] = served if start is None or start > on else start
    by_award = sorted(TALENT_CLASSES, key=lambda grade: version[f"talent.award_{grade}"])
    grades = dict.fromkeys([known["grade"]] if known["grade"] else [by_award[0], by_award[-1]])
    return tuple(_with(records, "talents", "talent", known | {"grade": grade}) for grade in grades)


def admit(records: Records, _on: date, _version: ParameterSet) -> tuple[Records, ...]:
    """The zone admits the suppliers of what was paid already; one that nobody named is no related party."""
    admitted = {"admitted": pl.lit(value=True), "related": pl.col("related").fill_null(value=False)}
    return (replace(records, expenses=records.expenses.with_columns(**admitted)),)


def _first(frame: pl.DataFrame, new: Mapping[str, Any]) -> dict[str, Any]:
    """The first row, or a new one with nothing known but `new`."""
    return frame.row(0, named=True) if frame.height else dict.fromkeys(frame.columns) | dict(new)


def _with(records: Records, name: str, key: str, row: Mapping[str, Any]) -> Records:
    """The records with a row in place of the one with its key, or added."""
    frame: pl.DataFrame = getattr(records, name)
    company = records.companies["company"][0]
    whole = {**row, key: row[key] or NEW, "company": company}
    one = pl.DataFrame([whole], schema={column: frame.schema[column] for column in SCHEMAS[name]})
    others = frame.select(*SCHEMAS[name]).filter(pl.col(key) != whole[key])
    return replace(records, **{name: pl.concat([others, one])})


LEADING = propose("leading", "leading_project.score")
ANGEL = propose("angel", "angel_fund.score", "angel_fund.project_cap")

REMEDIES: Mapping[str, Remedy] = {
    "registered": register,
    "settled": operate,
    **dict.fromkeys(("talents", "talents_unawarded", "talents_recognised"), employ),
    **dict.fromkeys(("leading_projects", "leading_unawarded", "leading_score"), LEADING),
    **dict.fromkeys(("angel_projects", "angel_uninvested", "angel_score"), ANGEL),
    "voucher_costs_admitted": admit,
}
