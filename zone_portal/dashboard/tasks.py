"""Entry points of the schedule. Each asks for the day and calls one service."""

from celery import shared_task

from core.periods import today
from core.tasks import RETRIED
from zone_portal.dashboard.services import leaving


@shared_task(**RETRIED)
def look_for_leaving() -> int:
    """Look which companies may leave, and open the officers' tasks. Idempotent: under a lock, and written only where
    something changed."""
    return leaving.look(on=today())
