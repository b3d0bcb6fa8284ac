"""What follows a change: the companies concerned are decided again, and their open statements computed again.

Any number of events about a company lead to one assessment, and events about many at once to one run of each kind.
Safe to run again on the same events.
"""

import datetime as dt
from collections.abc import Sequence

from companies.models import Company
from core.models import OutboxEvent
from subsidies import policy
from subsidies.services import assessments, statements

BULK = frozenset({"companies.imported", "leases.imported", "policy.published"})
SINGLE = frozenset({"company.changed", "company.admitted", "relation.changed", "lease.changed"})
TOPICS = BULK | SINGLE


def react(events: Sequence[OutboxEvent], *, on: dt.date) -> None:
    """Nothing happens before a policy was published: its publication is such an event itself."""
    if policy.timeline().starts_on is None:
        return
    if any(event.topic in BULK for event in events):
        assessments.request_assessment(on=on, fresh=True)
        statements.request_update()
        return
    ids = list(Company.objects.filter(code__in=codes(events)).values_list("pk", flat=True))
    if ids:
        assessments.assess_companies(ids, on=on)
        statements.bill_companies(ids)


def codes(events: Sequence[OutboxEvent]) -> set[str]:
    """The companies that the events are about: the payload names them, where the key is another thing's."""
    return {event.payload.get("company") or event.key for event in events}
