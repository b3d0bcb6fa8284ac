"""What may become of a company's points: what the nearest change would bring, and what ends a yes.

By the records of this moment, which are read once for all points. Nothing is decided and nothing written.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from companies.models import Company
from subsidies import policy
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.rules.evaluate import Outcome
from subsidies.rules.explain import Advice, Explanation
from subsidies.rules.horizon import End, change_days, ends
from subsidies.rules.points import POINTS, Point
from subsidies.rules.records import facts_of
from subsidies.rules.whatif import Gain, Question, WhatIf


@dataclass(frozen=True)
class Prospect:
    """Of one point: `gain` for a no or an unknown with a nearest change, `end` for a yes that ends."""

    gain: Gain | None = None
    end: End | None = None


NONE = Prospect()


def prospects(company: Company, found: Iterable[Explanation], *, on: dt.date) -> Mapping[str, Prospect]:
    """By the code of the point, as of the day `on`. `found` explains the decisions that are in force on it. A fixed
    number of queries. Raises what the rules refuse."""
    explained = {one.point: one for one in found}
    timeline = policy.timeline()
    if not explained or timeline.starts_on is None:
        return {}
    known = records(chosen([company.pk]))
    yes = [POINTS[code] for code, one in explained.items() if one.outcome == Outcome.ELIGIBLE]
    names = {name for point in yes for leaf in point.leaves for name in leaf.facts}
    ending = ends(yes, lambda day: facts_of(known, timeline, day, names), change_days(known, on), timeline, on)
    gains = _gains(WhatIf(known, timeline, on), explained)
    return {code: Prospect(gains.get(code), ending.get(code)) for code in explained}


def _gains(world: WhatIf, explained: Mapping[str, Explanation]) -> dict[str, Gain | None]:
    """By the code of each point that has a nearest change."""
    asked = [_question(POINTS[code], one.nearest) for code, one in explained.items() if one.nearest]
    return {one.point.code: gain for one, gain in zip(asked, world.gains(asked), strict=True)}


def _question(point: Point, nearest: Iterable[Advice]) -> Question:
    """Where time is part of the change: from the day on which it has done its part."""
    changes = {advice.key: advice.day for advice in nearest}
    turned = tuple(leaf for leaf in point.leaves if leaf.key in changes)
    return Question(point, turned, max((day for day in changes.values() if day), default=None))
