"""Entry points of the schedule and the outbox. Each asks for the day and calls one service.

All are idempotent: runs are requested under a key and work on state, decisions and statements are written under locks
and only where something changed.
"""

from collections.abc import Sequence

import structlog
from celery import shared_task

from core.errors import Conflict
from core.models import OutboxEvent
from core.periods import today
from core.tasks import RETRIED
from subsidies.services import assessments, endings, ledger, reactions, statements

log = structlog.get_logger(__name__)


def reassess(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox. It runs in the transaction that takes the events off the list."""
    reactions.react(events, on=today())


@shared_task(**RETRIED)
def assess_tonight() -> str:
    """Decide all companies for the new day, and bill what the first of the month should have billed."""
    ledger.keep_budgets(on=today())
    try:
        run = assessments.request_assessment(on=today())
    except Conflict as refused:  # no policy yet: said every night, until there is one
        log.warning("not_assessed", reason=str(refused))
        return ""
    _bill_due_months()
    return str(run.public_id)


@shared_task(**RETRIED)
def bill_last_month() -> int:
    """Bill the month before, and earlier ones that were missed."""
    try:
        return _bill_due_months()
    except Conflict as refused:
        log.warning("not_billed", reason=str(refused))
        return 0


@shared_task(**RETRIED)
def tell_of_endings() -> int:
    """Tell whose rent relief or interest support ends in six, three and one months: each once for each step, however
    often this runs."""
    return endings.tell_of_endings(on=today())


def _bill_due_months() -> int:
    due = statements.months_due(today())
    for month in due:
        statements.request_billing(month=month)
    return len(due)
