"""What a simulation found, as its pages show it: costs by year against budget, by month, stage and campus.

Reads only, with a fixed number of queries. Sums are made by the database, of the cells that the workers wrote.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from core.money import to_yuan
from subsidies import policy
from subsidies.choices import GRANTED_POINTS, PolicyChange
from subsidies.models import Budget, InterestStatement, RentStatement, Simulation, SimulationCell
from subsidies.rules.parameters import ParameterSet, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.simulation import sides
from subsidies.statement_kinds import INTEREST, RENT

ZERO = Decimal(0)


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
    simulated ones or by grants; `budget` is what the version in force at the end of the year gives it."""

    year: int
    cost: Cost
    spent: Decimal
    budget: Decimal

    @property
    def total(self) -> Decimal:
        return self.spent + self.cost.after

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
    def cost(self) -> Cost:
        return Cost(
            sum((year.cost.before for year in self.years), ZERO), sum((year.cost.after for year in self.years), ZERO)
        )

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
    spent = _spent(simulation.day)
    return [_point(simulation, code, by_year.get(code, {}), spent.get(code, {}), governing) for code in POINTS]


def _point(
    simulation: Simulation,
    code: str,
    by_year: Mapping[int, Cost],
    spent: Mapping[int, Decimal],
    governing: Timeline,
) -> PointResult:
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
        years=tuple(
            YearCost(year, by_year.get(year, Cost(ZERO, ZERO)), spent.get(year, ZERO), _budget(governing, code, year))
            for year in years_of(simulation)
        ),
    )


def years_of(simulation: Simulation) -> list[int]:
    """The calendar years that its months touch."""
    first, count = simulation.day.replace(day=1), simulation.months
    return list(range(first.year, first.year + (first.month + count - 2) // 12 + 1))


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


def _spent(day: dt.date) -> dict[str, dict[int, Decimal]]:
    """By point and year, what the months from `day` on find gone from the budget: what was billed this year for the
    months before the first simulated one, and what is committed to grants, which are not simulated once more."""
    first = day.replace(day=1)
    earlier = {"month__gte": first.replace(month=1), "month__lt": first}
    billed = {
        RENT.point: RentStatement.objects.filter(**earlier).aggregate(sum=Sum("waived"))["sum"],
        INTEREST.point: InterestStatement.objects.filter(**earlier).aggregate(sum=Sum("supported"))["sum"],
    }
    found: dict[str, dict[int, Decimal]] = {point: {first.year: sum_ or ZERO} for point, sum_ in billed.items()}
    for point, year, committed in Budget.objects.values_list("point", "year", "committed"):
        found.setdefault(point, {})[year] = committed
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
