"""What follows a change: the companies concerned are decided again, their grants reviewed, and their open statements
computed again.

Any number of events about a company lead to one assessment, and events about many at once to one run of each kind.
Safe to run again on the same events.
"""

import datetime as dt
from collections.abc import Sequence

from companies.models import Company
from companies.relations import group_of
from core.models import OutboxEvent
from subsidies import policy
from subsidies.models import Expense
from subsidies.services import assessments, ledger, recoveries, statements

BULK = frozenset(
    {
        "companies.imported", "leases.imported", "projects.imported", "loans.imported", "repayments.imported",
        "talents.imported", "reports.imported", "suppliers.imported", "expenses.imported",
        "policy.published",
    }
)  # fmt: skip
SINGLE = frozenset(
    {
        "company.changed", "company.admitted", "relation.changed", "lease.changed", "project.changed", "loan.changed",
        "talent.changed", "report.changed", "expense.changed", "supplier.changed", "grant.changed",
    }
)  # fmt: skip
TOPICS = BULK | SINGLE
AT_ONCE = 500  # companies that are decided within a reaction; more of them are a run


def react(events: Sequence[OutboxEvent], *, on: dt.date) -> None:
    """Nothing happens before a policy was published: its publication is such an event itself."""
    if policy.timeline().starts_on is None:
        return
    if any(event.topic == "policy.published" for event in events):
        ledger.keep_budgets(on=on)
    if any(event.topic in BULK for event in events):
        assessments.request_assessment(on=on, fresh=True)
        statements.request_update()
        return
    ids = concerned(events)
    if len(ids) > AT_ONCE:
        assessments.request_assessment(on=on, fresh=True)
        statements.request_update()
    elif ids:
        recoveries.review_companies(ids)
        assessments.assess_companies(ids, on=on)
        statements.bill_companies(ids)


def concerned(events: Sequence[OutboxEvent]) -> list[int]:
    """The ids of the companies whose decisions may be different now."""
    named = set(Company.objects.filter(code__in=codes(events)).values_list("pk", flat=True))
    if joined := codes([event for event in events if event.topic == "relation.changed"]):
        # Who is a related party of whom may have changed for all that they belong together with.
        named |= group_of(Company.objects.filter(code__in=joined).values_list("pk", flat=True))
    suppliers = [event.key for event in events if event.topic == "supplier.changed"]
    paid = Expense.objects.valid().filter(supplier__code__in=suppliers).values_list("company", flat=True).distinct()
    return sorted({*named, *(paid if suppliers else ())})


def codes(events: Sequence[OutboxEvent]) -> set[str]:
    """The companies that the events name: in their payload, a relation both of its ends, or else by their key."""
    found = {event.payload.get("company") or event.key for event in events if event.topic != "supplier.changed"}
    return found | {event.payload["other"] for event in events if "other" in event.payload}
