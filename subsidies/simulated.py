"""What a simulation found, as its pages show it: costs by year against budget, by month, stage and campus, and what
becomes of months that are billed already.

Reads only, with a fixed number of queries. Sums are made by the database, of the cells that the workers wrote.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, Sum
from django.db.models.functions import ExtractYear

from core.money import to_yuan
from core.periods import month_start
from subsidies import policy
from subsidies.choices import GRANTED_POINTS, PolicyChange
from subsidies.models import (
    Budget,
    InterestAdjustment,
    InterestStatement,
    RentAdjustment,
    RentStatement,
    Simulation,
    SimulationCell,
    SimulationCorrection,
)
from subsidies.rules.parameters import ParameterSet, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.simulation import months_from, sides
from subsidies.statement_kinds import INTEREST, RENT, Kind

ZERO = Decimal(0)
BILLED: Mapping[Kind, tuple[Any, ...]] = {
    RENT: (RentStatement, RentAdjustment),
    INTEREST: (InterestStatement, InterestAdjustment),
}


@dataclass(frozen=True)
class Cost:
    """What something costs by the law and with the draft."""

    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class YearCost:
    """A calendar year of one point. `spent` is gone from its budget already, by bills of the months before the
    simulated ones or by grants; `corrected` is what the draft makes of those months, each counted for itself as
    everywhere, though it is posted later; `budget` is what the version in force at the end of the year gives it."""

    year: int
    cost: Cost
    spent: Decimal
    budget: Decimal
    corrected: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.spent + self.corrected + self.cost.after

    @property
    def is_over(self) -> bool:
        return self.total > self.budget

    @property
    def left(self) -> Decimal:
        return self.budget - self.total


@dataclass(frozen=True)
class PointResult:
    """One point: the simulated day (companies eligible and unknown, companies by change) and the years after it."""

    code: str
    name: str
    eligible: tuple[int, int]
    unknown: tuple[int, int]
    amount: Cost
    changes: tuple[tuple[str, str, int], ...]  # code, words, companies
    years: tuple[YearCost, ...]

    @property
    def corrected(self) -> Decimal:
        return sum((year.corrected for year in self.years), ZERO)

    @property
    def cost(self) -> Cost:
        """Over all months, with what billed months before them are corrected by."""
        before, after = (sum((getattr(year.cost, side) for year in self.years), ZERO) for side in ("before", "after"))
        return Cost(before, after + self.corrected)

    @property
    def is_granted(self) -> bool:
        """Whether it is granted, rather than billed by the month."""
        return self.code in GRANTED_POINTS

    @property
    def is_touched(self) -> bool:
        return bool(self.changes) or self.cost.difference != 0


def points_of(simulation: Simulation) -> list[PointResult]:
    """All eight, in the order of the policy."""
    _law, governing = sides(policy.timeline(), policy.parameter_set(simulation.version))
    by_year = _by_year(simulation)
    corrected, years = _corrected(simulation), years_of(simulation)
    spent = _spent(simulation.day, years[0])

    def year_cost(code: str, year: int) -> YearCost:
        cost = by_year.get(code, {}).get(year, Cost(ZERO, ZERO))
        gone, later = (found.get(code, {}).get(year, ZERO) for found in (spent, corrected))
        return YearCost(year, cost, gone, _budget(governing, code, year), later)

    return [_point(simulation, code, tuple(year_cost(code, year) for year in years)) for code in POINTS]


def _point(simulation: Simulation, code: str, years: tuple[YearCost, ...]) -> PointResult:
    sums = simulation.result.get(code, {})

    def both(name: str) -> tuple[int, int]:
        return int(sums.get(f"{name}_before", 0)), int(sums.get(f"{name}_after", 0))

    found = ((kind.value, str(kind.label), int(sums.get(kind.value, 0))) for kind in PolicyChange)
    return PointResult(
        code=code,
        name=policy.words(simulation.version, code, "name"),
        eligible=both("eligible"),
        unknown=both("unknown"),
        amount=Cost(*(to_yuan(fen) for fen in both("amount"))),
        changes=tuple((kind, words, count) for kind, words, count in found if count),
        years=years,
    )


def months_of(simulation: Simulation) -> list[dt.date]:
    """The first days of its months."""
    return months_from(simulation.day, simulation.months)


def years_of(simulation: Simulation) -> list[int]:
    """The calendar years that its months touch, and those of earlier months that it corrects."""
    months = months_of(simulation)
    earliest = simulation.corrections.aggregate(month=Min("month"))["month"]
    return list(range(min(months[0], earliest or months[0]).year, months[-1].year + 1))


def _budget(governing: Timeline, code: str, year: int) -> Decimal:
    version: ParameterSet = governing.deciding(dt.date(year, 12, 31))
    value = version.parameter(f"{code}.yearly_budget").value
    return value if isinstance(value, Decimal) else ZERO


def _by_year(simulation: Simulation) -> dict[str, dict[int, Cost]]:
    found: dict[str, dict[int, Cost]] = {}
    for row in _sums(simulation, "point", year=ExtractYear("month")):
        found.setdefault(row["point"], {})[row["year"]] = Cost(row["before"], row["after"])
    return found


def _sums(simulation: Simulation, *names: str, **more: Any) -> Iterable[dict[str, Any]]:
    cells = SimulationCell.objects.filter(simulation=simulation).order_by()
    grouped = cells.annotate(**more).values(*names, *more)
    return grouped.annotate(before=Sum("cost_before"), after=Sum("cost_after")).order_by(*names, *more)


def _spent(day: dt.date, since: int) -> dict[str, dict[int, Decimal]]:
    """By point and year, what the months from `day` on find gone from the budget: what is billed for the months before
    the first simulated one, from the year `since` on, and what is committed to grants, which are not simulated once
    more."""
    earlier = {"month__gte": dt.date(since, 1, 1), "month__lt": month_start(day)}
    found: dict[str, dict[int, Decimal]] = {}
    for kind, models in BILLED.items():
        years = found.setdefault(kind.point, {})
        for model in models:
            by_year = model.objects.filter(**earlier).order_by().values(year=ExtractYear("month"))
            for row in by_year.annotate(sum=Sum(kind.granted)):
                years[row["year"]] = years.get(row["year"], ZERO) + row["sum"]
    granted = Budget.objects.filter(point__in=GRANTED_POINTS)
    for point, year, committed in granted.values_list("point", "year", "committed"):
        found.setdefault(point, {})[year] = committed
    return found


def _corrected(simulation: Simulation) -> dict[str, dict[int, Decimal]]:
    """By point and year, what the draft makes of the billed months before the simulated ones; what it makes of later
    ones is among the cells."""
    earlier = SimulationCorrection.objects.filter(simulation=simulation, month__lt=month_start(simulation.day))
    found: dict[str, dict[int, Decimal]] = {}
    by_year = earlier.order_by().values("point", year=ExtractYear("month"))
    for row in by_year.annotate(sum=Sum(F("after") - F("before"))):
        found.setdefault(row["point"], {})[row["year"]] = row["sum"]
    return found


def by_month(simulation: Simulation) -> list[tuple[dt.date, Cost]]:
    """All points together, month by month."""
    return [(row["month"], Cost(row["before"], row["after"])) for row in _sums(simulation, "month")]


def by_dimension(simulation: Simulation, name: str) -> list[tuple[str, Cost]]:
    """All months and points together by `stage` or `campus`, what costs most first; "" for companies with none."""
    found = [(row["of"], Cost(row["before"], row["after"])) for row in _sums(simulation, of=F(name))]
    return sorted(found, key=lambda row: (-row[1].after, row[0]))


def is_current(simulation: Simulation, *, mark: str, content: str) -> bool:
    """Whether it stands for what its version says now (`content`, its hash) and for the facts of now (`mark`)."""
    return simulation.facts_mark == mark and simulation.content_hash == content
