"""The outbox: what is recorded is delivered at least once, in spite of failing consumers and lost nudges."""

import datetime as dt
from collections.abc import Sequence

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from core import outbox, tasks
from core.models import OutboxDelivery, OutboxEvent
from tests.core.test_locks import held_elsewhere

NOW = dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)


class Listener:
    """A consumer that keeps what it is given, and refuses the keys in `poison`."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.poison: set[str] = set()

    def __call__(self, events: Sequence[OutboxEvent]) -> None:
        keys = [event.key for event in events]
        if self.poison & set(keys):
            raise ValueError(f"cannot handle {sorted(self.poison & set(keys))}")
        self.batches.append(keys)

    @property
    def heard(self) -> list[str]:
        return [key for batch in self.batches for key in batch]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    listener = Listener()
    monkeypatch.setattr(outbox, "CONSUMERS", {})
    outbox.register("listener", topics={"thing.changed"}, handle=listener)
    return listener


def record(*keys: str, topic: str = "thing.changed") -> None:
    with transaction.atomic():
        for key in keys:
            outbox.record(topic, key)


def states() -> list[str]:
    return list(OutboxDelivery.objects.order_by("event__key").values_list("state", flat=True))


@pytest.mark.django_db
def test_an_event_reaches_the_consumer_of_its_topic_once(listener: Listener):
    record("a")
    record("b", topic="other.changed")
    assert outbox.drain("listener") == 1
    assert outbox.drain("listener") == 0
    assert listener.heard == ["a"]


@pytest.mark.django_db
def test_what_waits_comes_in_one_batch(listener: Listener):
    record("a", "b", "c")
    outbox.drain("listener")
    assert listener.batches == [["a", "b", "c"]]


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(listener: Listener):
    with pytest.raises(RuntimeError, match="needs the transaction"):
        outbox.record("thing.changed", "a")
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_tells_nobody(listener: Listener):
    with transaction.atomic():
        outbox.record("thing.changed", "a")
        transaction.set_rollback(True)
    assert outbox.drain("listener") == 0


@pytest.mark.django_db
def test_the_consumers_are_nudged_only_after_the_commit(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr(tasks, "nudge", lambda task, *arguments: nudged.append((task.name, arguments)))
    with django_capture_on_commit_callbacks(execute=True):
        record("a")
        assert not nudged
    assert nudged == [("core.tasks.drain_outbox", ("listener",))]


@pytest.mark.django_db
def test_a_poisoned_event_does_not_hold_up_the_others(listener: Listener):
    record("a", "b", "c")
    listener.poison = {"b"}
    assert outbox.drain("listener") == 3
    assert listener.heard == ["a", "c"]
    assert states() == ["done", "waiting", "done"]
    delivery = OutboxDelivery.objects.get(event__key="b")
    assert delivery.attempts == 1
    assert delivery.error == "ValueError: cannot handle ['b']"


@pytest.mark.django_db
def test_a_failed_event_is_tried_again_later_and_then_delivered(listener: Listener):
    with time_machine.travel(NOW, tick=False) as clock:
        record("a")
        listener.poison = {"a"}
        outbox.drain("listener")
        listener.poison = set()
        assert outbox.drain("listener") == 0
        clock.shift(dt.timedelta(seconds=2))
        assert outbox.drain("listener") == 1
    assert listener.heard == ["a"]
    assert OutboxDelivery.objects.get().error == ""


@pytest.mark.django_db
def test_the_pauses_grow_and_end_in_failure(listener: Listener):
    listener.poison = {"a"}
    pauses = []
    with time_machine.travel(NOW, tick=False) as clock:
        record("a")
        for _attempt in range(outbox.MAX_ATTEMPTS):
            outbox.drain("listener")
            pauses.append((OutboxDelivery.objects.get().due_at - timezone.now()).total_seconds())
            clock.shift(dt.timedelta(seconds=pauses[-1]))
        assert outbox.drain("listener") == 0
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256]
    assert states() == ["failed"]


@pytest.mark.django_db
def test_what_a_failing_consumer_wrote_is_undone(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    def half(events: Sequence[OutboxEvent]) -> None:
        OutboxEvent.objects.create(topic="half.done", key="x")
        raise ValueError

    monkeypatch.setattr(outbox, "CONSUMERS", {})
    outbox.register("listener", topics={"thing.changed"}, handle=half)
    record("a")
    outbox.drain("listener")
    assert not OutboxEvent.objects.filter(topic="half.done").exists()


@pytest.mark.django_db
def test_the_sweep_finds_what_a_lost_nudge_left(listener: Listener):
    record("a")
    assert tasks.sweep_outbox() == 1
    assert tasks.sweep_outbox() == 0
    assert listener.heard == ["a"]


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_share_the_work_without_waiting(listener: Listener):
    record("a")

    def claim() -> None:
        list(OutboxDelivery.objects.select_for_update().filter(event__key="a"))

    with held_elsewhere(claim):
        record("b")
        assert outbox.drain("listener") == 1
        assert listener.heard == ["b"]
    assert outbox.drain("listener") == 1
    assert listener.heard == ["b", "a"]


@pytest.mark.django_db
def test_two_consumers_of_one_name_are_refused(listener: Listener):
    with pytest.raises(RuntimeError, match="two outbox consumers"):
        outbox.register("listener", topics={"thing.changed"}, handle=Listener())
    outbox.register("listener", topics={"thing.changed"}, handle=listener)


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_leaves_the_event_waiting(monkeypatch: pytest.MonkeyPatch):
    def lose(events: Sequence[OutboxEvent]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(outbox, "CONSUMERS", {})
    outbox.register("listener", topics={"thing.changed"}, handle=lose)
    record("a")
    with pytest.raises(Exception, match=r"terminat|closed"):
        outbox.drain("listener")
    connection.close()
    assert states() == ["waiting"]
