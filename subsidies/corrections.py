"""Why a billed month comes out differently when it is computed again. Pure: two lists of segments in, codes out.

A segment is a mapping as it is stored with a line: first and until (ISO days, half-open), days, area, waived_area,
price, share, reason.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.periods import DAY
from subsidies.choices import AdjustmentReason
from subsidies.rules.segments import Reason

Segment = Mapping[str, Any]

CAUSES = {
    Reason.NOT_REGISTERED: AdjustmentReason.REGISTRATION,
    Reason.REGISTRATION_UNKNOWN: AdjustmentReason.REGISTRATION,
    Reason.NOT_OPERATING: AdjustmentReason.OPERATION,
    Reason.OPERATION_UNKNOWN: AdjustmentReason.OPERATION,
    Reason.BEFORE_WINDOW: AdjustmentReason.WINDOW,
    Reason.WINDOW_OVER: AdjustmentReason.WINDOW,
    Reason.NO_POLICY: AdjustmentReason.POLICY,
}


@dataclass(frozen=True)
class Reform:
    """A version of the policy that waives rent otherwise than the one before, from `first` until (half-open) the next
    one."""

    published_at: dt.datetime
    first: dt.date
    until: dt.date | None

    def governs(self, day: dt.date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


def reason(before: Sequence[Segment], after: Sequence[Segment], reforms: Sequence[Reform] = ()) -> str:
    """Codes of AdjustmentReason with `;` between, in the order of the choices. `reforms` are those published between
    `before` and `after`: another part of the waived area on one of their days is their doing, not another lease's.
    """
    if not before:
        return AdjustmentReason.LEASE_ADDED.value
    if not after:
        return AdjustmentReason.LEASE_REMOVED.value
    old, new = _by_day(before), _by_day(after)
    found = {AdjustmentReason.TERM} if old.keys() != new.keys() else set()
    for day in old.keys() & new.keys():
        found |= _differences(old[day], new[day], is_reformed=any(one.governs(day) for one in reforms))
    return ";".join(choice.value for choice in AdjustmentReason if choice in found)


def _by_day(segments: Sequence[Segment]) -> dict[dt.date, Segment]:
    days = {}
    for segment in segments:
        day, until = dt.date.fromisoformat(segment["first"]), dt.date.fromisoformat(segment["until"])
        while day < until:
            days[day] = segment
            day += DAY
    return days


def _differences(old: Segment, new: Segment, *, is_reformed: bool) -> set[AdjustmentReason]:
    found = set()
    if old["area"] != new["area"]:
        found.add(AdjustmentReason.AREA)
    if old["price"] != new["price"]:
        found.add(AdjustmentReason.PRICE)
    if old["share"] != new["share"]:
        found.add(AdjustmentReason.POLICY)
    if old["reason"] != new["reason"]:
        found |= {CAUSES[one["reason"]] for one in (old, new) if one["reason"] in CAUSES}
    if not found and old["waived_area"] != new["waived_area"]:
        found.add(AdjustmentReason.POLICY if is_reformed else AdjustmentReason.SHARED_AREA)
    return found
