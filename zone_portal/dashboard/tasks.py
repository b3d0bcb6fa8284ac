"""Entry points of the schedule. Each asks for the day and calls one service."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from core.periods import today
from zone_portal.dashboard.services import leaving


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True, retry_jitter=True, max_retries=5)
def look_for_leaving() -> int:
    """Look which companies may leave, and open the officers' tasks. Idempotent: under a lock, and written only where
    something changed."""
    return leaving.look(on=today())
