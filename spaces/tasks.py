"""Entry points of the schedule and for workers: offers that lapse, leases that end, rooms to which nobody came, waiting
lists, and mails of invitations. All are idempotent."""

import smtplib
from collections.abc import Sequence

from celery import shared_task
from django.utils import timezone

from core.models import OutboxEvent
from core.periods import today
from core.tasks import RETRIED, nudge, nudge_on_commit
from spaces.models import Attendee
from spaces.services import invitations, offers, presence, reminders, waiting

TELLS = frozenset({"booking.invited", "booking.moved", "booking.cancelled", "booking.released"})
MOST_AT_ONCE = 500


@shared_task(**RETRIED)
def lapse_offers() -> int:
    """Close the offers whose time is over; returns how many."""
    return offers.lapse_offers(on=today())


@shared_task(**RETRIED)
def tell_of_ends() -> int:
    """Remind both sides of leases that end: each person once for each step, however often this runs."""
    return reminders.tell_of_ends(on=today())


@shared_task
def release_unclaimed() -> int:
    """Idempotent: each booking is claimed by a conditional UPDATE."""
    return presence.release_unclaimed(now=timezone.now())


def serve_waiting(events: Sequence[OutboxEvent]) -> None:
    """A consumer of the outbox: rooms became free."""
    waiting.serve_freed(events, now=timezone.now())


def tell_attendees(events: Sequence[OutboxEvent]) -> None:
    """A consumer of the outbox: what is to be told about these bookings."""
    found = Attendee.objects.to_tell().filter(booking__code__in={event.key for event in events})
    for pk in found.values_list("pk", flat=True):
        nudge_on_commit(mail_attendee, pk)


@shared_task(
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=10,
    retry_backoff_max=600,
    retry_jitter=True,
    max_retries=6,
)
def mail_attendee(attendee_id: int) -> bool:
    """Idempotent: who knows all is told nothing. Retried when the mail server cannot be reached."""
    return invitations.mail(attendee_id, now=timezone.now())


@shared_task
def sweep_attendees() -> int:
    """Nudge again what a lost nudge or an outage left untold, of bookings that are not over. Idempotent."""
    left = Attendee.objects.to_tell().filter(booking__period__endswith__gt=timezone.now()).order_by("pk")
    pks = list(left.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in pks:
        nudge(mail_attendee, pk)
    return len(pks)
