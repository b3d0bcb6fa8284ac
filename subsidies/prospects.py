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
from subsidies.rules.explain import Explanation
from subsidies.rules.horizon import End, change_days, ends
from subsidies.rules.points import POINTS
from subsidies.rules.records import facts_of
from subsidies.rules.whatif import Gain, WhatIf


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
    world = WhatIf(known, timeline, on)
    yes = [POINTS[code] for code, one in explained.items() if one.outcome == Outcome.ELIGIBLE]
    names = {name for point in yes for leaf in point.leaves for name in leaf.facts}
    ending = ends(yes, lambda day: facts_of(known, timeline, day, names), change_days(known, on), timeline, on)
    return {code: Prospect(_gain(world, one), ending.get(code)) for code, one in explained.items()}


def _gain(world: WhatIf, one: Explanation) -> Gain | None:
    """Of the nearest change; where time is part of it, from the day on which time has done its part."""
    if not one.nearest:
        return None
    point = POINTS[one.point]
    keys = {advice.key for advice in one.nearest}
    days = [advice.day for advice in one.nearest if advice.day]
    return world.gain(point, [leaf for leaf in point.leaves if leaf.key in keys], max(days, default=None))
