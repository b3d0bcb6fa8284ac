"""Why a billed month comes out differently when it is computed again. Pure: two lists of segments in, codes out.

A segment is a mapping as it is stored with a line: first and until (ISO days, half-open), days and, of a lease, area,
waived_area, price, share, reason; of a loan, balance, counted, rate, reference, share, reason.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.periods import DAY
from subsidies.choices import AdjustmentReason
from subsidies.rules import accrual
from subsidies.rules.segments import Reason

Segment = Mapping[str, Any]
Causes = set[AdjustmentReason]

CAUSES = {
    Reason.NOT_REGISTERED: AdjustmentReason.REGISTRATION,
    Reason.REGISTRATION_UNKNOWN: AdjustmentReason.REGISTRATION,
    Reason.NOT_OPERATING: AdjustmentReason.OPERATION,
    Reason.OPERATION_UNKNOWN: AdjustmentReason.OPERATION,
    Reason.BEFORE_WINDOW: AdjustmentReason.WINDOW,
    Reason.WINDOW_OVER: AdjustmentReason.WINDOW,
    Reason.NO_POLICY: AdjustmentReason.POLICY,
}
INTEREST_CAUSES = {
    accrual.Reason.NOT_REGISTERED: AdjustmentReason.REGISTRATION,
    accrual.Reason.REGISTRATION_UNKNOWN: AdjustmentReason.REGISTRATION,
    accrual.Reason.NOT_OPERATING: AdjustmentReason.OPERATION,
    accrual.Reason.OPERATION_UNKNOWN: AdjustmentReason.OPERATION,
    accrual.Reason.NO_PREMISES: AdjustmentReason.PREMISES,
    accrual.Reason.REFERENCE_UNKNOWN: AdjustmentReason.REFERENCE,
    accrual.Reason.WINDOW_OVER: AdjustmentReason.INTEREST_WINDOW,
    accrual.Reason.NO_POLICY: AdjustmentReason.POLICY,
}
RENT_NUMBERS = {
    "area": AdjustmentReason.AREA,
    "price": AdjustmentReason.PRICE,
    "share": AdjustmentReason.POLICY,
}
INTEREST_NUMBERS = {
    "balance": AdjustmentReason.BALANCE,
    "rate": AdjustmentReason.RATE,
    "reference": AdjustmentReason.REFERENCE,
    "share": AdjustmentReason.POLICY,
}


def reason(before: Sequence[Segment], after: Sequence[Segment]) -> str:
    """Of a lease: codes of AdjustmentReason with `;` between, in the order of the choices."""
    if not before:
        return AdjustmentReason.LEASE_ADDED.value
    if not after:
        return AdjustmentReason.LEASE_REMOVED.value
    return _codes(_by_day(before), _by_day(after), AdjustmentReason.TERM, _of_rent)


def interest_reason(before: Sequence[Segment], after: Sequence[Segment]) -> str:
    """Of a loan: codes of AdjustmentReason with `;` between, in the order of the choices."""
    if not before:
        return AdjustmentReason.LOAN_ADDED.value
    if not after:
        return AdjustmentReason.LOAN_REMOVED.value
    return _codes(_by_day(before), _by_day(after), AdjustmentReason.LOAN_DAYS, _of_interest)


def _codes(
    old: Mapping[dt.date, Segment],
    new: Mapping[dt.date, Segment],
    other_days: AdjustmentReason,
    differences: Callable[[Segment, Segment], Causes],
) -> str:
    found = {other_days} if old.keys() != new.keys() else set()
    for day in old.keys() & new.keys():
        found |= differences(old[day], new[day])
    return ";".join(choice.value for choice in AdjustmentReason if choice in found)


def _by_day(segments: Sequence[Segment]) -> dict[dt.date, Segment]:
    days = {}
    for segment in segments:
        day, until = dt.date.fromisoformat(segment["first"]), dt.date.fromisoformat(segment["until"])
        while day < until:
            days[day] = segment
            day += DAY
    return days


def _of_rent(old: Segment, new: Segment) -> Causes:
    found = _differences(old, new, RENT_NUMBERS, CAUSES)
    if not found and old["waived_area"] != new["waived_area"]:
        found.add(AdjustmentReason.SHARED_AREA)
    return found


def _of_interest(old: Segment, new: Segment) -> Causes:
    found = _differences(old, new, INTEREST_NUMBERS, INTEREST_CAUSES)
    if not found and old["counted"] != new["counted"]:
        found.add(AdjustmentReason.SHARED_PRINCIPAL)
    return found


def _differences(
    old: Segment, new: Segment, numbers: Mapping[str, AdjustmentReason], causes: Mapping[Any, AdjustmentReason]
) -> Causes:
    found = {cause for name, cause in numbers.items() if old[name] != new[name]}
    if old["reason"] != new["reason"]:
        found |= {causes[one["reason"]] for one in (old, new) if one["reason"] in causes}
    return found
