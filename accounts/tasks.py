"""Entry points for workers: mail that waits to be sent."""

import datetime as dt
import smtplib

from celery import shared_task
from django.utils import timezone

from accounts import notices
from accounts.models import Notice
from core.tasks import nudge

# What could not be sent within three days is no news any more; it stays in the portal.
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
def mail_notice(notice_id: int) -> bool:
    """Idempotent: claimed by a conditional UPDATE. Retried when the mail server cannot be reached."""
    return notices.mail(notice_id)


@shared_task
def sweep_mails() -> int:
    """Nudge again what a lost nudge or a long outage of the mail server left unsent. Idempotent, as mail_notice."""
    now = timezone.now()
    waiting = Notice.objects.filter(
        mailed_at=None, created_at__gte=now - GIVE_UP_AFTER, created_at__lt=now - LEFT_BEHIND_AFTER
    )
    pks = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in pks:
        nudge(mail_notice, pk)
    return len(pks)
