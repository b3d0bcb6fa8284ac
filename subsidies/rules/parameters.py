"""Dated parameters: the numbers of the policy, each with its unit, provenance and source, and the versions that hold
them.

People and packs write a value as an exact Decimal in its unit; the rules read it as an integer of the unit's smallest
step (fen, 0.01 m², basis points, 0.01 points of a score). A value that is finer than the step is refused, and so is a
missing one. The rules never know where a parameter set comes from.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

import polars as pl

from subsidies.rules.errors import BadParameter, BadTimeline, MissingParameter

STEPS = {"CNY": 100, "USD": 100, "m2": 100, "%": 100, "score": 100}  # integers in the rules for one unit; others: 1
UNITS = frozenset(STEPS) | {"months", "years", "projects", "reports"}


class Provenance(StrEnum):
    """Who says that the value is what it is; an assumed one must be confirmed before a zone may publish it."""

    PUBLISHED = "published"
    ADOPTED = "adopted"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Since:
    """One step of a series: `value` from `day` on."""

    day: date
    value: Decimal


@dataclass(frozen=True)
class Parameter:
    """A named value of one policy version. A series holds its steps in ascending order of days."""

    name: str
    value: Decimal | tuple[Since, ...]
    unit: str
    provenance: Provenance
    source: str

    @property
    def steps(self) -> tuple[Since, ...]:
        if not isinstance(self.value, tuple):
            raise BadParameter(self.name, "is one value, not a series")
        return self.value

    @property
    def number(self) -> int:
        """The value as the rules read it."""
        if isinstance(self.value, tuple):
            raise BadParameter(self.name, "is a series; ask for its value on a day")
        return self._whole(self.value)

    def number_on(self, day: date) -> int:
        """The value of a series in force on `day`. Raises MissingParameter before its first one."""
        position = bisect_right(self.steps, day, key=lambda step: step.day)
        if not position:
            raise MissingParameter(self.name, day)
        return self._whole(self.steps[position - 1].value)

    def numbers_on(self, days: pl.Series) -> pl.Series:
        """`number_on` for many days at once; null stays null."""
        earliest = days.min()
        if isinstance(earliest, date):
            self.number_on(earliest)
        return self.numbers_known_on(days)

    def numbers_known_on(self, days: pl.Series) -> pl.Series:
        """The values of a series in force on `days`, null for a day before the first step."""
        table = pl.DataFrame(
            {"day": [step.day for step in self.steps], "number": [self._whole(s.value) for s in self.steps]}
        )
        asked = pl.DataFrame({"day": days.cast(pl.Date)}).with_row_index("row").sort("day", nulls_last=True)
        return asked.join_asof(table, on="day", strategy="backward").sort("row")["number"]

    def _whole(self, value: Decimal) -> int:
        scaled = value * STEPS.get(self.unit, 1)
        if scaled != scaled.to_integral_value():
            raise BadParameter(self.name, f"{value} {self.unit} is finer than 1/{STEPS.get(self.unit, 1)}")
        return int(scaled)


@dataclass(frozen=True)
class ParameterSet:
    """All parameters of one policy version. `set["rent_waiver.months"]` is the number as the rules read it, or an
    error.
    """

    version: str
    effective_from: date
    parameters: Mapping[str, Parameter] = field(hash=False)

    def __getitem__(self, name: str) -> int:
        return self.parameter(name).number

    def parameter(self, name: str) -> Parameter:
        try:
            return self.parameters[name]
        except KeyError:
            raise MissingParameter(name) from None

    def number_on(self, name: str, day: date) -> int:
        """The value of the series `name` in force on `day`."""
        return self.parameter(name).number_on(day)

    def numbers_on(self, name: str, days: pl.Series) -> pl.Series:
        """`number_on` for many days at once; null stays null."""
        return self.parameter(name).numbers_on(days)

    def numbers_known_on(self, name: str, days: pl.Series) -> pl.Series:
        """The values of the series `name` in force on `days`, null for a day before the first step."""
        return self.parameter(name).numbers_known_on(days)


@dataclass(frozen=True)
class Terms:
    """What a run decides with: one version of the parameters, and the day."""

    parameters: ParameterSet
    on: date

    @property
    def day(self) -> pl.Expr:
        """The day that is decided."""
        return pl.lit(self.on)


@dataclass(frozen=True)
class EachDay(Terms):
    """The terms of many days at once, of which `on` is the first: every row of the frame has its own, in the column
    `on`."""

    @property
    def day(self) -> pl.Expr:
        return pl.col("on")


@dataclass(frozen=True)
class Piece:
    """A stretch of days, half-open, on which one version (or none) is in force."""

    first: date
    until: date
    parameters: ParameterSet | None


class Timeline:
    """The versions of one policy in order of their first day. Before the first nothing is granted."""

    def __init__(self, versions: Iterable[ParameterSet]) -> None:
        self.versions = tuple(sorted(versions, key=lambda version: version.effective_from))
        for one, other in pairwise(self.versions):
            if one.effective_from == other.effective_from:
                raise BadTimeline(f"versions {one.version} and {other.version} both begin on {one.effective_from}")

    @property
    def starts_on(self) -> date | None:
        """The first day on which the policy is in force, or None without any version."""
        return self.versions[0].effective_from if self.versions else None

    def at(self, day: date) -> ParameterSet | None:
        """The version in force on `day`, or None before the first."""
        position = bisect_right(self.versions, day, key=lambda version: version.effective_from)
        return self.versions[position - 1] if position else None

    def deciding(self, day: date) -> ParameterSet:
        """The version to decide `day` with: the one in force or, before the first, that first one, whose gate then says
        that the policy is not in force. Raises BadTimeline without any version."""
        if not self.versions:
            raise BadTimeline("no version of the policy was ever published")
        return self.at(day) or self.versions[0]

    def pieces(self, first: date, until: date) -> Iterator[Piece]:
        """[first, until) cut where a version begins."""
        cuts = [v.effective_from for v in self.versions if first < v.effective_from < until]
        for start, end in zip([first, *cuts], [*cuts, until], strict=True):
            yield Piece(start, end, self.at(start))
