"""What follows a change: the companies concerned are decided again, their grants reviewed, and their open statements
computed again.

Any number of events about a company lead to one assessment, and events about many at once to one run of each kind.
Safe to run again on the same events.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from companies.models import Company
from companies.relations import group_of
from core.models import OutboxEvent
from core.outbox import AT_ONCE
from subsidies import policy
from subsidies.models import Expense
from subsidies.services import assessments, ledger, recoveries, statements

BULK = frozenset(
    {
        "companies.imported", "leases.imported", "projects.imported", "loans.imported", "repayments.imported",
        "talents.imported", "reports.imported", "rounds.imported", "suppliers.imported", "expenses.imported",
        "policy.published",
    }
)  # fmt: skip
SINGLE = frozenset(
    {
        "company.changed", "company.admitted", "company.merged", "relation.changed", "lease.changed", "desk.changed",
        "project.changed", "loan.changed", "talent.changed", "report.changed", "expense.changed", "supplier.changed",
        "grant.changed", "round.changed",
    }
)  # fmt: skip
JOINING = frozenset({"relation.changed", "company.merged"})  # whom they concern is more than whom they name
TOPICS = BULK | SINGLE
NAMING = ("companies", "related", "suppliers")  # in the payload of an import that concerns few (`outbox.record_import`)


def react(events: Sequence[OutboxEvent], *, on: dt.date) -> None:
    """Nothing happens before a policy was published: its publication is such an event itself. More companies than
    AT_ONCE are a run."""
    if policy.timeline().starts_on is None:
        return
    if any(event.topic == "policy.published" for event in events):
        ledger.keep_budgets(on=on)
    ids = None if any(_is_of_all(event) for event in events) else concerned(events)
    if ids is None or len(ids) > AT_ONCE:
        assessments.request_assessment(on=on, fresh=True)
        statements.request_update()
    elif ids:
        recoveries.review_companies(ids)
        assessments.assess_companies(ids, on=on)
        statements.bill_companies(ids)


def _is_of_all(event: OutboxEvent) -> bool:
    """Whether it may concern anybody: it names nobody."""
    return event.topic in BULK and not any(what in event.payload for what in NAMING)


def concerned(events: Sequence[OutboxEvent]) -> list[int]:
    """The ids of the companies whose decisions may be different now."""
    related = _named(events, "related") | _ids(codes([one for one in events if one.topic in JOINING]))
    suppliers = _named(events, "suppliers") | {one.key for one in events if one.topic == "supplier.changed"}
    # Who is a related party of whom may have changed for all that the ends of a relation belong together with.
    joined = group_of(related) if related else set()
    return sorted(_ids(codes(events)) | _ids(_named(events, "companies"), "pk") | joined | _payers(suppliers))


def codes(events: Sequence[OutboxEvent]) -> set[str]:
    """The companies that single events name: in their payload, a relation both of its ends, or else by their key."""
    about = [event for event in events if event.topic in SINGLE and event.topic != "supplier.changed"]
    found = {event.payload.get("company") or event.key for event in about}
    return found | {event.payload["other"] for event in about if "other" in event.payload}


def _named(events: Sequence[OutboxEvent], what: str) -> set[Any]:
    """What imports name."""
    return {one for event in events if event.topic in BULK for one in event.payload.get(what, ())}


def _ids(values: set[Any], field: str = "code") -> set[int]:
    return set(Company.objects.filter(**{f"{field}__in": values}).values_list("pk", flat=True)) if values else set()


def _payers(suppliers: set[str]) -> set[int]:
    """Who paid one of these suppliers."""
    paid = Expense.objects.valid().filter(supplier__code__in=suppliers)
    return set(paid.values_list("company", flat=True)) if suppliers else set()
