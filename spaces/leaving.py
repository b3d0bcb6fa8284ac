"""Whether a company is leaving the zone: what its leases and desks say of its last day."""

import datetime as dt
from typing import Any

from companies.models import Company
from core.periods import Day
from spaces.models import DeskMembership, Lease

SOON = dt.timedelta(days=183)
"""Who is to leave within half a year may be asked why."""


def last_day_of(company: Company) -> Day | None:
    """The last day of its last lease or desk, included: Day.max while one has no end, None when it never had any."""
    return max((_last_day(row) for model in (Lease, DeskMembership) for row in _valid(model, company)), default=None)


def is_leaving(company: Company, on: Day) -> bool:
    """Whether it has left by the day, or its last lease or desk ends within half a year."""
    last = last_day_of(company)
    return last is not None and last - on <= SOON


def _valid(model: type[Any], company: Company) -> Any:
    return model.objects.valid().filter(company=company)


def _last_day(row: Any) -> Day:
    return row.last_day or Day.max
