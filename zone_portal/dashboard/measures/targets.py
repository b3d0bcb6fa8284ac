"""The targets of the plan that stand on a day, against what was reached by it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zone_portal.dashboard.models import Target, TargetFigure

MONEY = frozenset({TargetFigure.OUTPUT})
PERCENT = frozenset({TargetFigure.GROWTH, TargetFigure.ABROAD, TargetFigure.STAYED})


@dataclass(frozen=True)
class Aim:
    """A target, and the figure as it was on the day, in the same unit; None while nothing tells it."""

    target: Target
    reached: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """What was reached, as a share of the target, to three decimals."""
        if self.reached is None or not self.target.value:
            return None
        return (self.reached / self.target.value).quantize(Decimal("0.001"))


def standing(on: dt.date) -> QuerySet[Target]:
    """For each figure and year the target that was adopted last by the day."""
    found = Target.objects.filter(voided_at=None, adopted_on__lte=on)
    return found.order_by("figure", "year", "-adopted_on", "-pk").distinct("figure", "year")


def aims(on: dt.date, reached: Mapping[str, Decimal | None]) -> Sequence[Aim]:
    """For each figure the target of the year of the day or of the next year that has one; where none is to come, that
    of the last year that had one. In the order of the figures."""
    by_figure: dict[str, list[Target]] = {}
    for target in standing(on):
        by_figure.setdefault(target.figure, []).append(target)
    chosen = (_next(by_figure[figure], on.year) for figure in TargetFigure.values if figure in by_figure)
    return [Aim(target, reached.get(target.figure)) for target in chosen]


def _next(targets: Iterable[Target], year: int) -> Target:
    ahead = sorted(targets, key=lambda target: (target.year < year, abs(target.year - year)))
    return ahead[0]


def unit_of(figure: Any) -> str:
    """How a value of the figure is written: `money`, `percent` or `count`."""
    return "money" if figure in MONEY else "percent" if figure in PERCENT else "count"
