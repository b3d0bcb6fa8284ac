"""The figures of a day as they may be printed and published: protected, as plain data that can be kept.

Every number went through `protection`; null is one that is withheld. Amounts are text, so that nothing is a float.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from core.money import to_yuan
from subsidies.rules.stages import RANKS
from zone_portal.dashboard.measures.business import Told
from zone_portal.dashboard.measures.course import TimeInStage
from zone_portal.dashboard.measures.measures import Measures
from zone_portal.dashboard.measures.protection import (
    LEAST,
    REST,
    protected_count,
    protected_groups,
    protected_share,
    protected_steps,
    protected_sum,
)
from zone_portal.dashboard.measures.support import KINDS
from zone_portal.dashboard.models import TargetFigure

FORM = 1
"""Of the sheet: counted up when its keys change, so that kept ones are still understood."""


def make_sheet(found: Measures) -> dict[str, Any]:
    """JSON. The keys are those of the template that shows it."""
    figures = _figures(found)
    return {
        "form": FORM,
        "day": found.on.isoformat(),
        "least": LEAST,
        "figures": figures,
        "stages": _groups({row.stage: row.count for row in found.stages}),
        "industries": _groups(dict(found.industries)),
        "funnel": _funnel(found),
        "times": [_time(found, row) for row in found.times],
        "effects": _effects(found),
        "targets": _targets(found, figures),
    }


def _time(found: Measures, row: TimeInStage) -> list[Any]:
    """Protected by companies: one may have been in the stage several times."""
    own = found.spells.filter(pl.col("stage") == row.stage)
    ups = own.filter("moved_up")["company"].n_unique()
    enough = own["company"].n_unique() >= LEAST
    return [row.stage, _text(row.median) if ups >= LEAST else None, row.spells if enough or not row.spells else None]


def _funnel(found: Measures) -> list[list[Any]]:
    told = protected_steps([step.count for step in found.funnel])
    return [list(step) for step in zip(RANKS, told, strict=True)]


def _figures(found: Measures) -> dict[str, Any]:
    """Each with its value as text and, where not all told it, of how many companies it is."""
    firms = found.reported
    here = found.presence
    made: dict[str, Any] = {
        "companies": {"value": _text(protected_count(here.in_zone))},
        "stayed": {"value": _text(protected_share(here.stayed, here.came_long_ago)), "told": here.came_long_ago},
        "jobs": _told(found.jobs, _sum(firms["employees"])),
        "output": _told(found.output, _yuan(_sum(firms["revenue"]))),
        "growth": {"value": _text(_growth(found)), "told": found.growth.told, "of": found.growth.of},
        "abroad": {
            "value": _text(protected_share(found.abroad.count, found.abroad.known)),
            "told": found.abroad.known,
            "of": found.abroad.of,
        },
        "exports": {"value": _text(_exports(found)), "told": found.exports.told, "of": found.exports.of},
        "anchored": {"value": _text(protected_count(found.anchors.companies))},
        "crossing_relations": {"value": _text(_crossing(found))},
        "crossing_projects": {"value": _text(_projects(found))},
        "given": {"value": _text(_given(found)), "year": found.year.year},
    }
    for figure in made.values():
        _protect_coverage(figure)
    return made


def _protect_coverage(figure: dict[str, Any]) -> None:
    """Of how many companies something is known is a number of companies as well."""
    counts = [figure[name] for name in ("told", "of") if name in figure]
    if any(protected_count(count) is None for count in counts):
        for name in ("told", "of"):
            figure.pop(name, None)


def _told(told: Told, value: Any) -> dict[str, Any]:
    return {"value": _text(value), "told": told.told, "of": told.of}


def _sum(values: pl.Series) -> int | None:
    return protected_sum(values.drop_nulls().to_list())


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else to_yuan(fen)


def _growth(found: Measures) -> Decimal | None:
    """The rate alone: with both sums a reader could subtract them from the output."""
    both = found.reported.drop_nulls("earlier")
    if _sum(both["revenue"]) is None or _sum(both["earlier"]) is None or found.growth.rate is None:
        return None
    return found.growth.rate.quantize(Decimal("0.01"))


def _exports(found: Measures) -> Decimal | None:
    both = found.reported.drop_nulls("exported")
    if _sum(both["exported"]) is None or _sum(both["revenue"]) is None or found.exports.share is None:
        return None
    return found.exports.share.quantize(Decimal("0.01"))


def _crossing(found: Measures) -> int | None:
    """Relations, where enough companies on either side have them."""
    pairs = found.crossing_relations
    few = min(pairs["company"].n_unique(), pairs["other"].n_unique()) < LEAST
    return None if few else pairs.height


def _projects(found: Measures) -> int | None:
    projects = found.crossing_projects
    return None if projects["company"].n_unique() < LEAST else projects.height


def _given(found: Measures) -> Decimal | None:
    """Of the year, over the companies that got something."""
    since = dt.date(found.on.year, 1, 1)
    each = found.given.filter(pl.col("day") >= since).group_by("company").agg(pl.col("given").sum())
    return _yuan(_sum(each["given"]))


def _effects(found: Measures) -> list[list[Any]]:
    """Outcome, companies, and what they were given in all; no total, from which one that is withheld could be told."""
    groups = protected_groups({row.outcome: row.companies for row in found.effects})
    named = [outcome for outcome, _count in groups if outcome != REST]
    made = []
    for outcome, count in groups:
        own = pl.col("outcome") == outcome if outcome != REST else ~pl.col("outcome").is_in(named)
        sums = found.supported.filter(own).select(pl.sum_horizontal(KINDS)).to_series()
        made.append([outcome, count, _text(_yuan(_sum(sums)))])
    return made


def _groups(counts: Mapping[str, int]) -> list[list[Any]]:
    return [list(group) for group in protected_groups(counts)]


def _targets(found: Measures, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Beside each target the protected figure, in the unit of the target."""
    made = []
    for aim in found.aims:
        target = aim.target
        value = figures[target.figure]["value"]
        is_share = target.figure in (TargetFigure.GROWTH, TargetFigure.ABROAD, TargetFigure.STAYED)
        reached = None if value is None else Decimal(value) * 100 if is_share else Decimal(value)
        made.append(
            {
                "figure": str(target.figure), "year": target.year, "value": _text(target.value),
                "source": target.source, "adopted_on": target.adopted_on.isoformat(), "reached": _text(reached),
            }
        )  # fmt: skip
    return made


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
