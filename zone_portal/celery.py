"""The Celery application and the whole beat schedule: what runs when, in one place.

The database is the truth and the broker only a nudge: every periodic task here is safe to run twice, at once
and after a kill, and finds its work by state. Times are in the zone's time zone.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")

app = Celery("zone_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep-outbox": {"task": "core.tasks.sweep_outbox", "schedule": 5.0},
    "sweep-runs": {"task": "core.tasks.sweep_runs", "schedule": 30.0},
    "forget-answers": {"task": "core.tasks.forget_answers", "schedule": 3600.0},
    "forget-uploads": {"task": "core.tasks.forget_uploads", "schedule": 3600.0},
    "sweep-mails": {"task": "accounts.tasks.sweep_mails", "schedule": 300.0},
    "sweep-invitations": {"task": "companies.tasks.sweep_invitations", "schedule": 300.0},
    "write-what-is-to-be-reported": {
        "task": "companies.tasks.write_duties",
        "schedule": crontab(hour="1", minute="30"),
    },
    "tell-of-reports-that-are-owed": {
        "task": "companies.tasks.tell_of_duties",
        "schedule": crontab(hour="6", minute="50"),
    },
    "release-unclaimed-rooms": {"task": "spaces.tasks.release_unclaimed", "schedule": 60.0},
    "sweep-attendees": {"task": "spaces.tasks.sweep_attendees", "schedule": 300.0},
    "decide-all-at-night": {"task": "subsidies.tasks.assess_tonight", "schedule": crontab(hour="2", minute="15")},
    "tell-of-reliefs-that-end": {"task": "subsidies.tasks.tell_of_endings", "schedule": crontab(hour="6", minute="30")},
    "look-for-companies-that-may-leave": {
        "task": "zone_portal.dashboard.tasks.look_for_leaving",
        "schedule": crontab(hour="4", minute="20"),  # after the night's decisions, by which relief is known
    },
    "lapse-offers": {"task": "spaces.tasks.lapse_offers", "schedule": crontab(hour="0", minute="10")},
    "tell-of-leases-that-end": {"task": "spaces.tasks.tell_of_ends", "schedule": crontab(hour="6", minute="40")},
    "bill-the-month-before": {
        "task": "subsidies.tasks.bill_last_month",
        "schedule": crontab(day_of_month="1", hour="3", minute="0"),
    },
}


@celeryd_init.connect
def wait_for_a_silent_broker(conf: Any, **_others: Any) -> None:
    """A worker has the time that a web request has not. It must take it: one whose acknowledgement met the time-out
    would count its task as unfinished for ever and, with a prefetch of one, never ask for another."""
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": None}
