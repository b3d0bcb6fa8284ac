"""Geometry of the charts that the server draws as SVG. Pure: numbers in, coordinates out; CSS has the colours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

Number = int | Decimal
Step = tuple[float, float, float, float]
"""From a place on the axis on: a share of one, and the bounds of its band."""

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 58, 4, 10, 24


@dataclass(frozen=True)
class Sparkline:
    """`line` and `area` are SVG point lists in a box of `width` by `height`."""

    line: str
    area: str
    width: int = 84
    height: int = 28


@dataclass(frozen=True)
class Bar:
    label: str
    value: Number
    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    value: Number
    y: float


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[tuple[str, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


@dataclass(frozen=True)
class Stairs:
    """A curve of steps as SVG paths: its `line`, and the `band` around it. `series` numbers it from 1."""

    line: str
    band: str
    series: int


@dataclass(frozen=True)
class StepChart:
    stairs: tuple[Stairs, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[tuple[int, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def sparkline(values: Sequence[Number]) -> Sparkline | None:
    """The course of a few values; None for fewer than two, which have no course."""
    if len(values) < 2:
        return None
    width, height = Sparkline.width, Sparkline.height
    low, high = min(values), max(values)
    span = float(high - low) or 1.0
    step = width / (len(values) - 1)
    line = " ".join(
        f"{index * step:.1f},{height - 3 - float(value - low) / span * (height - 6):.1f}"
        for index, value in enumerate(values)
    )
    return Sparkline(line=line, area=f"0,{height} {line} {width},{height}")


def top_of_axis(highest: Number) -> Decimal:
    """The smallest of 1, 2, 2.5, 4, 5 and 10 times a power of ten that is not below the highest value."""
    value = Decimal(highest)
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(step * power for step in map(Decimal, ("1", "2", "2.5", "4", "5", "10")) if step * power >= value)


def bar_chart(labels: Sequence[str], series: Sequence[Sequence[Number]]) -> BarChart:
    """Bars in groups, one group a label. Values may not be negative; ValueError when the lengths differ."""
    if any(len(values) != len(labels) for values in series):
        raise ValueError("each series needs one value a label")
    top = top_of_axis(max((value for values in series for value in values), default=0))
    group = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    room = HEIGHT - TOP - BOTTOM
    width = min(group * 0.7 / max(len(series), 1), 26.0)
    bars = []
    for place, label in enumerate(labels):
        start = LEFT + place * group + (group - width * len(series)) / 2
        for number, values in enumerate(series):
            height = float(Decimal(values[place]) / top) * room
            bars.append(
                Bar(label, values[place], number + 1, round(start + number * width, 1),
                    round(HEIGHT - BOTTOM - height, 1), round(width * 0.92, 1), round(height, 1))
            )  # fmt: skip
    ticks = tuple(Tick(top * step / 4, round(HEIGHT - BOTTOM - room * step / 4, 1)) for step in range(5))
    fit = 12 if len(labels) <= 24 else 6  # on a phone: of longer rows fewer, as theirs are months
    every = max(1, -(-len(labels) // fit))
    names = tuple(
        (label, round(LEFT + (place + 0.5) * group, 1)) for place, label in enumerate(labels) if place % every == 0
    )
    return BarChart(tuple(bars), ticks, names)


STEP = 3.0  # units of the drawing: of steps that lie closer the last one is drawn
MOST_LABELS = 8


def step_chart(curves: Sequence[Sequence[Step]], *, every: int) -> StepChart:
    """Shares of one that fall step by step from all at 0, each in its band. A curve has its steps in order, the last
    one where it ends. The axis ends at a multiple of `every`, and has its multiples as labels: fewer where they are
    many. ValueError for steps that go back."""
    last = max((curve[-1][0] for curve in curves if curve), default=0)
    end = max(every, -(-math.ceil(last) // every) * every)
    drawn = tuple(_stairs(curve, end, number) for number, curve in enumerate(curves, start=1))
    ticks = tuple(Tick(Decimal(step) / 4, _down(step / 4)) for step in range(5))
    apart = every * max(1, -(-end // every // MOST_LABELS))
    return StepChart(drawn, ticks, tuple((place, _across(place, end)) for place in range(0, end + 1, apart)))


def _stairs(curve: Sequence[Step], end: int, series: int) -> Stairs:
    if any(later[0] < sooner[0] for sooner, later in pairwise(curve)):
        raise ValueError("the steps of a curve go on, never back")
    steps = [(_across(0, end), _down(1), _down(1), _down(1))]
    for number, (place, share, low, high) in enumerate(curve, start=1):
        x, levels = _across(place, end), (_down(share), _down(low), _down(high))
        if len(steps) > 1 and number < len(curve) and x - steps[-1][0] < STEP:
            steps[-1] = (steps[-1][0], *levels)
        else:
            steps.append((x, *levels))
    start, *rest = steps
    line = f"M{start[0]:g} {start[1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y, _low, _high in rest)
    above = f"M{start[0]:g} {start[3]:g}" + "".join(f"H{x:g}V{high:g}" for x, _y, _low, high in rest)
    # Back below: from each step's own low level to where it began, and up to the level of the one before
    below = f"V{steps[-1][2]:g}" + "".join(
        f"H{later[0]:g}V{sooner[2]:g}" for sooner, later in reversed(list(pairwise(steps)))
    )
    return Stairs(line, above + below + "Z", series)


def _across(place: float, end: int) -> float:
    return round(LEFT + place / end * (WIDTH - LEFT - RIGHT), 1)


def _down(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
