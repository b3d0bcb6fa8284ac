"""Entry points of the schedule and for workers: mails of invitations, and what companies owe to report."""

import datetime as dt
import smtplib
from collections.abc import Sequence

from celery import shared_task
from django.utils import timezone

from companies.models import Invitation
from companies.services import invitations, report_reminders, schedule
from core.models import OutboxEvent
from core.periods import today
from core.tasks import RETRIED, nudge

GIVE_UP_AFTER = dt.timedelta(days=3)
LEFT_BEHIND_AFTER = dt.timedelta(minutes=10)
MOST_AT_ONCE = 500


@shared_task(
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=10,
    retry_backoff_max=600,
    retry_jitter=True,
    max_retries=6,
)
def mail_invitation(invitation_id: int) -> bool:
    """Idempotent: claimed by a conditional UPDATE. Retried when the mail server cannot be reached."""
    return invitations.mail(invitation_id)


@shared_task
def sweep_invitations() -> int:
    """Nudge again the mails that a lost nudge or an outage left unsent. Idempotent, as mail_invitation."""
    now = timezone.now()
    waiting = Invitation.objects.open().filter(
        mailed_at=None, created_at__gte=now - GIVE_UP_AFTER, created_at__lt=now - LEFT_BEHIND_AFTER
    )
    pks = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in pks:
        nudge(mail_invitation, pk)
    return len(pks)


def follow_rules(_events: Sequence[OutboxEvent]) -> None:
    """A consumer of the outbox: other rules, so other reports are owed."""
    schedule.write_duties(on=today())


@shared_task(**RETRIED)
def write_duties() -> int:
    """Bring what companies owe to report in step with the rules and the register. Idempotent."""
    return schedule.write_duties(on=today())


@shared_task(**RETRIED)
def tell_of_duties() -> int:
    """Remind companies of the reports that they owe: each person once for each step, however often this runs."""
    return report_reminders.tell_of_duties(on=today())
