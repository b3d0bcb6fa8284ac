"""What may become of a company's points: what the nearest change would bring, what ends a yes and what comes after it.

By the records of this moment, which are read once for all points. Nothing is decided and nothing written.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from companies.models import Company
from subsidies import policy
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.rules.aftermath import RELIEFS, Aftermath, aftermath
from subsidies.rules.evaluate import Outcome
from subsidies.rules.explain import Advice, Explanation
from subsidies.rules.horizon import End, change_days, ends
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS, Point
from subsidies.rules.records import Records, facts_of
from subsidies.rules.whatif import Gain, Question, WhatIf


@dataclass(frozen=True)
class Prospect:
    """Of one point: `gain` for a no or an unknown with a nearest change, `end` for a yes that ends, with what comes
    `after` it where it is paid by the month."""

    gain: Gain | None = None
    end: End | None = None
    after: Aftermath | None = None


NONE = Prospect()


@dataclass(frozen=True)
class Known:
    """All that prospects rest on: what is on record about some companies, and the versions of the policy."""

    records: Records
    timeline: Timeline

    @classmethod
    def of(cls, companies: Iterable[int]) -> "Known":
        """The companies with these ids. A fixed number of queries, however many they are."""
        return cls(records(chosen(companies)), policy.timeline())

    def about(self, company: int) -> "Known":
        """One of them alone."""
        return Known(self.records.of([company]), self.timeline)


def prospects(company: Company, found: Iterable[Explanation], *, on: dt.date) -> Mapping[str, Prospect]:
    """By the code of the point, as of the day `on`. `found` explains the decisions that are in force on it. A fixed
    number of queries. Raises what the rules refuse."""
    explained = list(found)
    return prospects_of(Known.of([company.pk]), explained, on=on) if explained else {}


def prospects_of(known: Known, found: Iterable[Explanation], *, on: dt.date) -> Mapping[str, Prospect]:
    """The same for the one company that is `known`, without a query."""
    explained = {one.point: one for one in found}
    if known.timeline.starts_on is None:
        return {}
    ending = endings_of(known, [one.point for one in explained.values() if one.outcome == Outcome.ELIGIBLE], on=on)
    gains = _gains(WhatIf(known.records, known.timeline, on), explained)
    return {code: ending.get(code, Prospect(gains.get(code))) for code in explained}


def endings_of(known: Known, points: Iterable[str], *, on: dt.date) -> Mapping[str, Prospect]:
    """What ends those of `points` that are a yes on `on`, and what comes after them, for the one company that is
    `known`. One that lasts has no entry."""
    yes = [POINTS[code] for code in points]
    if not yes:
        return {}
    names = {name for point in yes for leaf in point.leaves for name in leaf.facts}
    ending = ends(
        yes, lambda day: facts_of(known.records, known.timeline, day, names), change_days(known.records, on),
        known.timeline, on,
    )  # fmt: skip
    return {code: Prospect(end=end, after=_after(code, known, end)) for code, end in ending.items()}


def _after(code: str, known: Known, end: End) -> Aftermath | None:
    return aftermath(code, known.records, known.timeline, end.day) if code in RELIEFS else None


def _gains(world: WhatIf, explained: Mapping[str, Explanation]) -> dict[str, Gain | None]:
    """By the code of each point that has a nearest change."""
    asked = [_question(POINTS[code], one.nearest) for code, one in explained.items() if one.nearest]
    return {one.point.code: gain for one, gain in zip(asked, world.gains(asked), strict=True)}


def _question(point: Point, nearest: Iterable[Advice]) -> Question:
    """Where time is part of the change: from the day on which it has done its part."""
    changes = {advice.key: advice.day for advice in nearest}
    turned = tuple(leaf for leaf in point.leaves if leaf.key in changes)
    return Question(point, turned, max((day for day in changes.values() if day), default=None))
