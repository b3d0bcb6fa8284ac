"""What a change would bring: the same road from records to facts and the same expressions, with the change made.

Where a fact is derived, the *records* of the company are changed as little as the change demands (it registers on the
day, it operates from the day on, ...) and its facts are found anew. Any other fact takes the value that was wished
for or, where any value on one side of a threshold will do, becomes open: the amount is then a range. Nothing is
written, and nothing is decided.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from subsidies.rules import facts as fact_registry
from subsidies.rules.criteria import Is
from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import FACTS, Fact
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points.point import Per, Point
from subsidies.rules.records import Records, facts_of
from subsidies.rules.windows import month_of

Remedy = Callable[[Records, date], Records]


@dataclass(frozen=True)
class Gain:
    """What a yes would be worth: from `low` to `high` fen (None: nothing bounds it), as of the day `on`."""

    low: int
    high: int | None
    on: date

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


def _register(records: Records, on: date) -> Records:
    """Registered from the day on, or from earlier where it is."""
    return _begin(records, "registered", on)


def _operate(records: Records, on: date) -> Records:
    """Operating from the day on; whether it has premises is not for this to say."""
    return _begin(records, "operating", on)


def _begin(records: Records, period: str, on: date) -> Records:
    start, until = pl.col(f"{period}_from"), pl.col(f"{period}_until")
    has_ended = (until <= on).fill_null(value=False)
    begun = pl.when(start.is_null() | (start > on) | has_ended).then(pl.lit(on)).otherwise(start)
    lasting = pl.when(~has_ended).then(until)
    changed = {f"{period}_from": begun, f"{period}_until": lasting}
    return replace(records, companies=records.companies.with_columns(**changed))


REMEDIES: Mapping[str, Remedy] = {"registered": _register, "settled": _operate}

# What is open as well once a fact may be anything: what is reckoned from the same records.
OPENED_WITH: Mapping[str, tuple[str, ...]] = {
    "leased_area": ("relief_of_month",),
    "setup_costs": ("setup_costs_paid_on",),
    "talents": ("talents_a", "talents_b", "talents_c", "talents_d", "talents_e", "talents_employed_from"),
    "loan_balance": ("first_loan_on", "interest_support_of_month"),
    "voucher_costs": ("model_costs", "compute_costs", "compute_other_costs", "voucher_contracts"),
}


class WhatIf:
    """One company as it is on record, on the day `on`. Its facts are found once for each change and day."""

    def __init__(self, records: Records, timeline: Timeline, on: date, registry: Mapping[str, Fact] = FACTS) -> None:
        if records.companies.height != 1:
            raise BadFacts(f"one company is asked about, not {records.companies.height}")
        self.records, self.timeline, self.on, self.registry = records, timeline, on, registry
        self._found: dict[tuple[frozenset[str], date, date], pl.DataFrame] = {}

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
        remedies = frozenset(name for leaf in changes for name in leaf.facts if name in REMEDIES)
        facts = fact_registry.complete(self.facts(remedies, start, on).lazy(), point.facts, self.registry).collect()
        results = facts.select(**{leaf.key: leaf.expr(terms) for leaf in changes}).row(0, named=True) if changes else {}
        frame = facts.with_columns(**self._wished([leaf for leaf in changes if not results[leaf.key]], terms))
        bounds = point.amount.bounds(terms)
        holds, low, high = frame.select(holds=point.criteria.expr(terms), low=bounds.low, high=bounds.high).row(0)
        return None if holds is False else Gain(low, high, on)

    def facts(self, remedies: frozenset[str], start: date, on: date) -> pl.DataFrame:
        """The facts on the day `on` once the records are changed from the day `start` on."""
        key = (remedies, start if remedies else on, on)
        if key not in self._found:
            records = self.records
            for name in sorted(remedies):
                records = REMEDIES[name](records, start)
            self._found[key] = facts_of(records, self.timeline, on)
        return self._found[key]

    def _wished(self, leaves: list[Is], terms: Terms) -> dict[str, pl.Expr]:
        """The facts as the criteria would have them: the value itself where there is but one, else anything."""
        one_value = [leaf for leaf in leaves if isinstance(leaf.fact, str) and leaf.op == "==" and not leaf.parameter]
        names = [name for leaf in leaves if leaf not in one_value for name in leaf.left.facts]
        opened = [open_ for name in names for open_ in (name, *OPENED_WITH.get(name, ()))]
        return {
            **{name: pl.lit(None, dtype=self.registry[name].dtype) for name in opened},
            **{str(leaf.fact): leaf.right.expr(terms) for leaf in one_value},
        }


def _first_whole_month(day: date) -> date:
    first, following = month_of(day)
    return day if day == first else following
