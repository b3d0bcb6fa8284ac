"""Entry points for workers that belong to no business noun: the outbox and the sweeps.

The broker is only a nudge: `nudge_on_commit` never fails the request that it serves, and the sweeps find by state
what a lost nudge left behind.
"""

import time
from functools import partial
from typing import Any

import structlog
from celery import Task, shared_task
from django.db import InterfaceError as DatabaseInterfaceError
from django.db import OperationalError as DatabaseOperationalError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import outbox, runs, uploads
from core.api import idempotency
from core.models import Run, RunState

log = structlog.get_logger(__name__)

TURN_SECONDS = 300
SLOW_SECONDS = 1.0
REST_SECONDS = 10.0
RETRIED = {
    "autoretry_for": (DatabaseOperationalError, DatabaseInterfaceError),
    "retry_backoff": True,
    "retry_jitter": True,
    "max_retries": 5,
}
"""Options of a task that runs again when the database was away."""

_rests_until = 0.0  # of this process: until then a broker that kept us waiting is not tried again


def nudge_on_commit(task: Task, *arguments: Any) -> None:
    """Enqueue after the transaction commits; a broker that is down costs delay (the sweep finds it), never data."""
    transaction.on_commit(partial(nudge, task, *arguments))


def nudge(task: Task, *arguments: Any) -> bool:
    """Enqueue now; False, with a warning in the log, when the broker cannot be reached.

    A broker that is silent, rather than gone, costs its time-out. It is waited for once in REST_SECONDS and not for
    each of a request's messages.
    """
    global _rests_until
    began = time.monotonic()
    if began < _rests_until:
        return False
    try:
        task.delay(*arguments)
    except (OperationalError, RedisError, ConnectionError) as error:
        log.warning("broker_unreachable", task=task.name, error=str(error))
        if time.monotonic() - began > SLOW_SECONDS:
            _rests_until = time.monotonic() + REST_SECONDS
        return False
    return True


@shared_task
def drain_outbox(consumer: str) -> int:
    """Idempotent: every delivery is claimed under a row lock."""
    return outbox.drain(consumer)


@shared_task
def sweep_outbox() -> int:
    """Deliver what a lost nudge left waiting. Idempotent, as drain_outbox."""
    return sum(outbox.drain(name) for name in outbox.CONSUMERS)


@shared_task
def forget_answers() -> int:
    """Delete the answers to requests with an `Idempotency-Key` that are a day old. Idempotent."""
    return idempotency.forget(timezone.now())


@shared_task
def forget_uploads() -> int:
    """Delete the files that people brought by the browser a week ago. Idempotent."""
    return uploads.forget_old(timezone.now())


@shared_task
def sweep_runs() -> int:
    """Enqueue again the runs and shards that nobody works on any more. Idempotent: work is claimed by UPDATE."""
    return runs.sweep()


@shared_task(
    autoretry_for=(DatabaseOperationalError, DatabaseInterfaceError),
    retry_backoff=True,
    retry_jitter=True,
    max_retries=5,
)
def work_on_run(run_id: int) -> str:
    """Idempotent: shards are claimed by row locks, and a finished run has none left. Returns the run's state.

    A turn ends well before the time limit, so that one long run neither meets it nor keeps a worker from the rest.
    """
    began = time.monotonic()
    run = runs.execute(Run.objects.get(pk=run_id), for_seconds=TURN_SECONDS)
    if run.state == RunState.RUNNING and time.monotonic() - began >= TURN_SECONDS:
        nudge(work_on_run, run_id)
    return str(run.state)
