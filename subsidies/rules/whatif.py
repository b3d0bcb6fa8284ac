"""What a change would bring: the same road from records to facts and the same expressions, with the change made.

Where a fact is derived, the *records* of the company are changed as little as the change demands (it registers on the
day, it operates from the day on, ...) and its facts are found anew. Any other fact takes the value that was wished
for or, where any value on one side of a threshold will do, becomes open: the amount is then a range. Nothing is
written, and nothing is decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from subsidies.rules import facts as fact_registry
from subsidies.rules.cascades import FOLLOWING
from subsidies.rules.criteria import Is
from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import FACTS, Fact
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points.point import Per, Point
from subsidies.rules.records import Records, facts_of
from subsidies.rules.remedies import REMEDIES, Remedy
from subsidies.rules.windows import month_of


@dataclass(frozen=True)
class Gain:
    """What a yes would be worth: from `low` to `high` fen (None: nothing bounds it), as of the day `on`."""

    low: int
    high: int | None
    on: date

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


class WhatIf:
    """One company as it is on record, on the day `on`."""

    def __init__(self, records: Records, timeline: Timeline, on: date, registry: Mapping[str, Fact] = FACTS) -> None:
        if records.companies.height != 1:
            raise BadFacts(f"one company is asked about, not {records.companies.height}")
        self.records, self.timeline, self.on, self.registry = records, timeline, on, registry

    def gain(self, point: Point, turned: Iterable[Is], day: date | None = None) -> Gain | None:
        """What `point` would bring if the criteria `turned` held, from `day` on (at once where it is None).

        None where it would be no yes even so, and for a point without an amount. A monthly amount is that of the first
        whole month. Raises the errors of the rules.
        """
        changes = tuple(turned)
        start = max(day or self.on, self.on)
        days = dict.fromkeys((_first_whole_month(start), start) if point.per is Per.MONTH else (start,))
        return next((gain for on in days if (gain := self._gain(point, changes, start, on))), None)

    def _gain(self, point: Point, changes: tuple[Is, ...], start: date, on: date) -> Gain | None:
        if point.amount is None:
            return None
        terms = Terms(self.timeline.deciding(on), on)
        remedies = dict.fromkeys(REMEDIES[name] for leaf in changes for name in leaf.facts if name in REMEDIES)
        bounds = point.amount.bounds(terms)
        worth = [
            self._wished(facts, changes, terms)
            .select(holds=point.criteria.expr(terms), low=bounds.low, high=bounds.high)
            .row(0)
            for facts in self._facts(point, tuple(remedies), start, on)
        ]
        possible = [(low, high) for holds, low, high in worth if holds is not False]
        if not possible:
            return None
        lows, highs = zip(*possible, strict=True)
        return Gain(min(lows), None if None in highs else max(highs), on)

    def _facts(self, point: Point, remedies: tuple[Remedy, ...], start: date, on: date) -> list[pl.DataFrame]:
        """The facts of the point on the day `on` once the records are changed from the day `start` on: where remedies
        leave something open, those that bring the least and those that bring the most."""
        names = fact_registry.seen_by(point.facts, self.registry)
        found = []
        for records in self._changed(remedies, start):
            facts = facts_of(records, self.timeline, on, names)
            found.append(fact_registry.complete(facts.lazy(), point.facts, self.registry).collect())
        return found

    def _changed(self, remedies: tuple[Remedy, ...], start: date) -> tuple[Records, ...]:
        version = self.timeline.deciding(start)
        worlds: tuple[Records, ...] = (self.records,)
        for remedy in remedies:
            least, most = (remedy(worlds[place], start, version) for place in (0, -1))
            worlds = (least[0], most[-1]) if len(least) > 1 or len(worlds) > 1 else least
        return worlds

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


def _first_whole_month(day: date) -> date:
    first, following = month_of(day)
    return day if day == first else following
