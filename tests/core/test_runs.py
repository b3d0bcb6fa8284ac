"""Runs: shared by workers, done once, safe after a kill, found again by the sweep."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from core import runs, tasks
from core.models import Run, RunShard, RunState
from tests.core.test_locks import held_elsewhere


class Counting:
    """A kind of run over the ids 0 to 39 in shards of 10, which keeps what it was given."""

    def __init__(self) -> None:
        self.worked: list[int] = []
        self.finished = 0
        self.errors: dict[int, Exception] = {}

    def plan(self, run: Run) -> list[tuple[int, int]]:
        return [(first, first + 10) for first in range(0, 40, 10)]

    def work(self, run: Run, first: int, until: int) -> Mapping[str, int]:
        if first in self.errors:
            raise self.errors[first]
        self.worked.append(first)
        return {"seen": until - first}

    def finish(self, run: Run) -> Mapping[str, Any]:
        self.finished += 1
        return {"total_seen": run.result["seen"]}


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(runs, "KINDS", {})
    runs.register(runs.RunKind("counting", counting.plan, counting.work, counting.finish))
    return counting


def request(**more: Any) -> Run:
    return runs.request("counting", arguments={}, **more)


@pytest.mark.django_db
def test_a_run_does_every_shard_once_and_sums_the_counts(counting: Counting):
    run = runs.execute(request())
    assert counting.worked == [0, 10, 20, 30]
    assert (run.state, run.total, run.done) == (RunState.DONE, 4, 4)
    assert run.result == {"seen": 40, "total_seen": 40}
    assert run.finished_at is not None


@pytest.mark.django_db
def test_executing_again_does_nothing(counting: Counting):
    run = runs.execute(request())
    runs.execute(run)
    assert tasks.work_on_run(run.pk) == RunState.DONE
    assert counting.worked == [0, 10, 20, 30]
    assert counting.finished == 1


@pytest.mark.django_db
def test_progress_is_reported_after_each_shard(counting: Counting):
    seen = []
    runs.execute(request(), on_progress=lambda run: seen.append((run.done, run.total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.django_db
def test_a_turn_ends_when_its_time_is_up_and_the_next_goes_on(counting: Counting):
    run = runs.execute(request(), for_seconds=0)
    assert (run.state, counting.worked) == (RunState.RUNNING, [])
    assert runs.execute(run).state == RunState.DONE


@pytest.mark.django_db
def test_asking_twice_gives_the_same_run(counting: Counting):
    run = request(dedupe_key="today")
    assert request(dedupe_key="today") == run
    runs.start(run)
    assert request(dedupe_key="today") == run
    runs.execute(run)
    assert request(dedupe_key="today") != run


@pytest.mark.django_db
def test_a_fresh_request_is_not_answered_by_a_run_that_has_begun(counting: Counting):
    run = request(dedupe_key="today")
    assert request(dedupe_key="today", fresh=True) == run
    runs.start(run)
    later = request(dedupe_key="today", fresh=True)
    assert later != run
    assert request(dedupe_key="today", fresh=True) == later


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_queue_one_run(counting: Counting):
    ready = threading.Barrier(2)
    found: list[int] = []

    def ask() -> None:
        ready.wait()
        found.append(request(dedupe_key="today", fresh=True).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_a_failing_shard_fails_the_run_and_says_why(counting: Counting):
    counting.errors[20] = ValueError("bad rule")
    run = request()
    with pytest.raises(ValueError, match="bad rule"):
        runs.execute(run)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ValueError: bad rule")
    assert counting.worked == [0, 10]
    assert counting.finished == 0
    runs.execute(run)
    assert counting.worked == [0, 10]


@pytest.mark.django_db
def test_a_run_that_cannot_be_planned_fails(counting: Counting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(runs.KINDS, "counting", runs.RunKind("counting", lambda run: 1 / 0, counting.work))  # type: ignore[arg-type,return-value]
    run = request()
    with pytest.raises(ZeroDivisionError):
        runs.execute(run)
    run.refresh_from_db()
    assert run.state == RunState.FAILED


@pytest.mark.django_db
def test_a_lost_connection_leaves_the_run_for_the_sweep(counting: Counting):
    counting.errors[10] = OperationalError("server closed the connection")
    run = request()
    with pytest.raises(OperationalError):
        runs.execute(run)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.RUNNING, 1)
    counting.errors.clear()
    assert runs.execute(run).result["seen"] == 40
    assert counting.worked == [0, 10, 20, 30]


@pytest.mark.django_db
def test_a_shard_that_always_loses_its_connection_is_given_up(counting: Counting):
    counting.errors[10] = OperationalError("out of memory")
    run = request()
    for _attempt in range(runs.MAX_ATTEMPTS):
        with pytest.raises(OperationalError):
            runs.execute(run)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "shard 1 failed 10 times" in run.error


@pytest.mark.django_db(transaction=True)
def test_a_shard_that_another_worker_holds_is_left_to_it(counting: Counting):
    run = request()
    runs.start(run)
    with held_elsewhere(lambda: list(RunShard.objects.select_for_update().filter(number=1))):
        run = runs.execute(run)
        assert counting.worked == [0, 20, 30]
        assert run.state == RunState.RUNNING
    # That worker died: its shard is free again, and nothing else is done twice.
    run = runs.execute(run)
    assert counting.worked == [0, 20, 30, 10]
    assert (run.state, run.result["seen"]) == (RunState.DONE, 40)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_shards(counting: Counting):
    run = request()

    def work() -> None:
        runs.execute(Run.objects.get(pk=run.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    assert sorted(counting.worked) == [0, 10, 20, 30]
    assert (run.state, run.done, counting.finished) == (RunState.DONE, 4, 1)


@pytest.mark.django_db
def test_what_a_failing_shard_wrote_is_undone(counting: Counting, monkeypatch: pytest.MonkeyPatch):
    def half(run: Run, first: int, until: int) -> Mapping[str, int]:
        Run.objects.create(kind="half")
        raise ValueError

    monkeypatch.setitem(runs.KINDS, "counting", runs.RunKind("counting", counting.plan, half))
    with pytest.raises(ValueError):
        runs.execute(request())
    assert not Run.objects.filter(kind="half").exists()


@pytest.mark.django_db
def test_the_sweep_nudges_every_unfinished_run_and_no_other(counting: Counting, monkeypatch: pytest.MonkeyPatch):
    done, queued, running = runs.execute(request()), request(), request()
    runs.start(running)
    nudged = []
    monkeypatch.setattr(tasks, "nudge", lambda task, pk: nudged.append(pk))
    assert tasks.sweep_runs() == 2
    assert nudged == [queued.pk, running.pk]
    assert done.pk not in nudged


@pytest.mark.django_db
def test_a_broker_that_is_down_does_not_fail_the_request(counting: Counting, monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments: Any) -> None:
        raise ConnectionError("broker is down")

    monkeypatch.setattr(tasks.work_on_run, "delay", refuse)
    with transaction.atomic():
        run = request()
    assert tasks.nudge(tasks.work_on_run, run.pk) is False
    assert Run.objects.filter(pk=run.pk, state=RunState.QUEUED).exists()


@pytest.mark.django_db
def test_an_unknown_kind_is_refused(counting: Counting):
    with pytest.raises(LookupError, match="no run kind 'guessing'"):
        runs.request("guessing", arguments={})
