"""Entry points of the schedule. Each asks for the day and calls one service; all are idempotent."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from core.periods import today
from spaces.services import offers, reminders

RETRIED = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": True,
    "retry_jitter": True,
    "max_retries": 5,
}


@shared_task(**RETRIED)
def lapse_offers() -> int:
    """Close the offers whose time is over; returns how many."""
    return offers.lapse_offers(on=today())


@shared_task(**RETRIED)
def tell_of_ends() -> int:
    """Remind both sides of leases that end: each person once for each step, however often this runs."""
    return reminders.tell_of_ends(on=today())
