"""What a change would bring: the same road from records to facts and the same expressions, with the change made.

Where a fact is derived, the *records* of the company are changed as little as the change demands (it registers on the
day, it operates from the day on, ...) and its facts are found anew. Any other fact takes the value that was wished
for or, where any value on one side of a threshold will do, becomes open: the amount is then a range. Nothing is
written, and nothing is decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from subsidies.rules.cascades import FOLLOWING
from subsidies.rules.criteria import Is
from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import FACTS, Fact
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points.point import Per, Point
from subsidies.rules.records import SCHEMAS, Records, facts_of
from subsidies.rules.remedies import REMEDIES
from subsidies.rules.windows import first_whole_month


@dataclass(frozen=True)
class Gain:
    """What a yes would be worth: from `low` to `high` fen (None: nothing bounds it), as of the day `on`."""

    low: int
    high: int | None
    on: date

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Question:
    """What `point` would bring if the criteria `turned` held, from `day` on (at once where it is None)."""

    point: Point
    turned: tuple[Is, ...]
    day: date | None = None


class WhatIf:
    """One company as it is on record, on the day `on`."""

    def __init__(self, records: Records, timeline: Timeline, on: date, registry: Mapping[str, Fact] = FACTS) -> None:
        if records.companies.height != 1:
            raise BadFacts(f"one company is asked about, not {records.companies.height}")
        self.records, self.timeline, self.on, self.registry = records, timeline, on, registry

    def gains(self, questions: Iterable[Question]) -> list[Gain | None]:
        """The answers in the order of the questions: None where the point would be no yes even so, and for one without
        an amount. A monthly amount is that of the first whole month. Raises the errors of the rules.
        """
        asked = list(questions)
        whole = self._gains([(one, self._first_day(one)) for one in asked])
        again = [(one, self._start(one)) for one, gain in zip(asked, whole, strict=True) if not gain]
        at_once = iter(self._gains(again))  # the first whole month may come too late: then what is left of this one
        return [gain or next(at_once) for gain in whole]

    def _start(self, question: Question) -> date:
        return max(question.day or self.on, self.on)

    def _first_day(self, question: Question) -> date:
        start = self._start(question)
        return first_whole_month(start) if question.point.per is Per.MONTH else start

    def _gains(self, asked: list[tuple[Question, date]]) -> list[Gain | None]:
        """Each question for its day. All that are asked for one day are answered with one frame of facts."""
        worlds = [self._worlds(one) if one.point.amount else () for one, _on in asked]
        facts: dict[tuple[int, int], pl.DataFrame] = {}
        for on in dict.fromkeys(on for _one, on in asked):
            places = [
                (place, nth) for place, (_, day) in enumerate(asked) if day == on for nth in range(len(worlds[place]))
            ]
            names = {name for one, day in asked if day == on for name in one.point.facts}
            if places:
                found = facts_of(_side_by_side([worlds[place][nth] for place, nth in places]), self.timeline, on, names)
                facts |= {key: found[row] for row, key in enumerate(places)}
        return [
            self._gain(one, [facts[place, nth] for nth in range(len(worlds[place]))], on)
            for place, (one, on) in enumerate(asked)
        ]

    def _worlds(self, question: Question) -> tuple[Records, ...]:
        """The records once they are changed: where that leaves something open, those that bring the least and those
        that bring the most."""
        start = self._start(question)
        version = self.timeline.deciding(start)
        worlds: tuple[Records, ...] = (self.records,)
        for remedy in dict.fromkeys(REMEDIES[n] for leaf in question.turned for n in leaf.facts if n in REMEDIES):
            least, most = (remedy(worlds[place], start, version) for place in (0, -1))
            worlds = (least[0], most[-1]) if len(least) > 1 or len(worlds) > 1 else least
        return worlds

    def _gain(self, question: Question, worlds: list[pl.DataFrame], on: date) -> Gain | None:
        point, terms = question.point, Terms(self.timeline.deciding(on), on)
        if point.amount is None:
            return None
        bounds = point.amount.bounds(terms)
        columns = {"holds": point.criteria.expr(terms), "low": bounds.low, "high": bounds.high}
        worth = [self._wished(facts, question.turned, terms).select(**columns).row(0) for facts in worlds]
        possible = [(low, high) for holds, low, high in worth if holds is not False]
        if not possible:
            return None
        lows, highs = zip(*possible, strict=True)
        return Gain(min(lows), None if None in highs else max(highs), on)

    def _wished(self, facts: pl.DataFrame, changes: tuple[Is, ...], terms: Terms) -> pl.DataFrame:
        """The facts as those criteria would have them that do not hold yet: the value itself where there is but one,
        else anything, and then anything that follows from it."""
        if not changes:
            return facts
        results = facts.select(**{leaf.key: leaf.expr(terms) for leaf in changes}).row(0, named=True)
        leaves = [leaf for leaf in changes if not results[leaf.key]]
        one_value = [leaf for leaf in leaves if isinstance(leaf.fact, str) and leaf.op == "==" and not leaf.parameter]
        names = [name for leaf in leaves if leaf not in one_value for name in leaf.left.facts]
        opened = [opened for name in names for opened in (name, *FOLLOWING.get(name, ())) if opened in facts.columns]
        return facts.with_columns(
            **{name: pl.lit(None, dtype=self.registry[name].dtype) for name in opened}
        ).with_columns(**{str(leaf.fact): leaf.right.expr(terms) for leaf in one_value})


def _side_by_side(worlds: Sequence[Records]) -> Records:
    """Several states of one company as so many companies. What is unique gets the number of its world in front, which
    keeps the order of a company's leases and loans."""
    frames = {
        name: pl.concat(_numbered(getattr(world, name), place) for place, world in enumerate(worlds))
        for name in SCHEMAS
    }
    return Records(**frames)


def _numbered(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    number: dict[str, pl.Expr] = {"company": pl.lit(place, dtype=pl.Int64)}
    number |= {key: pl.lit(f"{place} ") + pl.col(key) for key in ("lease", "loan")}
    return frame.with_columns(**{name: value for name, value in number.items() if name in frame.columns})
