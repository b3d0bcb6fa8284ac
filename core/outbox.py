"""What happened, told to whoever needs it: `record` in the service's transaction, consumers drain it afterwards.

An upper app registers a consumer at start-up (`AppConfig.ready`); a lower app never knows who listens. Delivery is at
least once, in no guaranteed order, so consumers must be idempotent. A failing event is retried with growing delays
and does not hold up the others.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from core import tasks
from core.models import OutboxDelivery, OutboxEvent

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
BATCH = 200
AT_ONCE = 500  # how many an event of an import names; more of them are everybody


@dataclass(frozen=True)
class Consumer:
    """`handle` gets the events of one batch and must be safe to run again on the same ones."""

    name: str
    topics: frozenset[str]
    handle: Callable[[Sequence[OutboxEvent]], None]


CONSUMERS: dict[str, Consumer] = {}


def register(name: str, *, topics: set[str], handle: Callable[[Sequence[OutboxEvent]], None]) -> None:
    """Subscribe a consumer; called from `AppConfig.ready`. A name taken by another handler is a programming error."""
    known = CONSUMERS.get(name)
    if known and known.handle is not handle:
        raise RuntimeError(f"two outbox consumers are called {name!r}")
    CONSUMERS[name] = Consumer(name, frozenset(topics), handle)


def record(topic: str, key: str, payload: Mapping[str, Any] | None = None) -> OutboxEvent:
    """Write that something happened; must run inside the transaction of the change. Consumers are nudged on commit."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("outbox.record needs the transaction of the change that it tells of")
    event = OutboxEvent.objects.create(topic=topic, key=key, payload=dict(payload or {}))
    names = [consumer.name for consumer in CONSUMERS.values() if topic in consumer.topics]
    OutboxDelivery.objects.bulk_create([OutboxDelivery(event=event, consumer=name) for name in names])
    for name in names:
        tasks.nudge_on_commit(tasks.drain_outbox, name)
    return event


def record_import(kind: str, new: int, changed: int, *, key: str = "", **named: Sequence[Any] | None) -> None:
    """Write that a file of a kind brought something, as `<kind>.imported`; nothing where it changed nothing.

    `named` says whom its new and changed rows concern, by what they are (`companies=[1, 2]`). None, for more than
    AT_ONCE, is left out: then it may be anybody.
    """
    if new or changed:
        few = {what: list(values) for what, values in named.items() if values is not None}
        record(f"{kind}.imported", key or kind, {"new": new, "changed": changed} | few)


def drain(name: str) -> int:
    """Deliver what waits for one consumer, batch by batch; returns how many events were delivered.

    A batch is claimed with SKIP LOCKED, so any number of drains share the work without waiting for each other.
    """
    delivered = 0
    while count := _drain_batch(CONSUMERS[name]):
        delivered += count
    return delivered


def _drain_batch(consumer: Consumer) -> int:
    with transaction.atomic():
        batch = list(
            OutboxDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(consumer=consumer.name, state=OutboxDelivery.State.WAITING, due_at__lte=timezone.now())
            .select_related("event")
            .order_by("due_at", "pk")[:BATCH]
        )
        if not batch:
            return 0
        try:
            with transaction.atomic():
                consumer.handle([delivery.event for delivery in batch])
        except Exception as error:  # noqa: BLE001 - whatever a consumer fails by is kept with its event, and retried
            if len(batch) > 1:
                return _drain_one_by_one(consumer, batch)
            _postpone(batch[0], error)
            return 1
        _finish([delivery.pk for delivery in batch])
        return len(batch)


def _drain_one_by_one(consumer: Consumer, batch: Sequence[OutboxDelivery]) -> int:
    """After a batch failed as a whole: find the poisoned event, deliver the others."""
    for delivery in batch:
        try:
            with transaction.atomic():
                consumer.handle([delivery.event])
        except Exception as error:  # noqa: BLE001 - see _drain_batch
            _postpone(delivery, error)
        else:
            _finish([delivery.pk])
    return len(batch)


def _finish(pks: Sequence[int]) -> None:
    OutboxDelivery.objects.filter(pk__in=pks).update(state=OutboxDelivery.State.DONE, done_at=timezone.now(), error="")


def _postpone(delivery: OutboxDelivery, error: Exception) -> None:
    delivery.attempts += 1
    gave_up = delivery.attempts >= MAX_ATTEMPTS
    delivery.state = OutboxDelivery.State.FAILED if gave_up else OutboxDelivery.State.WAITING
    delivery.due_at = timezone.now() + dt.timedelta(seconds=2**delivery.attempts)
    delivery.error = f"{type(error).__name__}: {error}"
    delivery.save(update_fields=["attempts", "state", "due_at", "error"])
    log.error(
        "outbox_delivery_failed", consumer=delivery.consumer, delivery=delivery.pk, error=delivery.error, exc_info=error
    )
