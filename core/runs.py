"""Long work as rows: request a run, split it into shards, work on them, report progress, finish, sweep.

Any number of workers on any number of machines share a run. A shard is claimed by a row lock (SKIP LOCKED) that is
held until its work is committed together with its state, so no shard is worked on by two at once, a killed worker
gives its shard back with nothing half done, and a shard that is done is never done again. docs/adr/0003 says why.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from core import tasks
from core.models import Run, RunShard, RunState

log = structlog.get_logger(__name__)

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)
MAX_ATTEMPTS = 10  # of one shard at getting through a failing connection, deadlocks and the like
SWEEP_MOST = 100


@dataclass(frozen=True)
class RunKind:
    """What a kind of run does.

    `plan(run)` returns the id ranges `[first, until)` of its shards; `work(run, first, until)` does one shard inside
    a transaction and returns counts, which are summed into the run's result; `finish(run)` runs once, in the
    transaction that ends the run, and may add to the result; `fail(run)` runs once in the transaction that fails it.
    """

    name: str
    plan: Callable[[Run], Iterable[tuple[int, int]]]
    work: Callable[[Run, int, int], Mapping[str, int]]
    finish: Callable[[Run], Mapping[str, Any]] | None = None
    fail: Callable[[Run], None] | None = None


KINDS: dict[str, RunKind] = {}


def register(kind: RunKind) -> None:
    """Make a kind of run known; called from `AppConfig.ready`."""
    KINDS[kind.name] = kind


def request(
    kind: str,
    *,
    arguments: Mapping[str, Any],
    dedupe_key: str = "",
    fresh: bool = False,
    by: AbstractBaseUser | None = None,
) -> Run:
    """Queue a run and nudge the workers on commit.

    With a `dedupe_key`, an unfinished run of that key is returned instead of a second one, whoever asked for it. With
    `fresh`, only one that has not begun: what changed a moment ago may lie behind a run that is on its way already.
    """
    if kind not in KINDS:
        raise LookupError(f"no run kind {kind!r} is registered")
    run = _same(kind, dedupe_key, fresh=fresh) or _queue(kind, arguments, dedupe_key, by)
    tasks.nudge_on_commit(tasks.work_on_run, run.pk)
    return run


def _same(kind: str, dedupe_key: str, *, fresh: bool) -> Run | None:
    if not dedupe_key:
        return None
    states = (RunState.QUEUED,) if fresh else UNFINISHED
    return Run.objects.filter(kind=kind, dedupe_key=dedupe_key, state__in=states).order_by("pk").first()


def _queue(kind: str, arguments: Mapping[str, Any], dedupe_key: str, by: AbstractBaseUser | None) -> Run:
    while True:
        try:
            with transaction.atomic():
                return Run.objects.create(
                    kind=kind,
                    arguments=dict(arguments),
                    dedupe_key=dedupe_key,
                    requested_by_id=by.pk if by else None,
                )
        except IntegrityError:  # another request queued the same at this moment; take that, unless it has begun
            if run := _same(kind, dedupe_key, fresh=True):
                return run


def execute(run: Run, *, on_progress: Callable[[Run], None] | None = None, for_seconds: float = float("inf")) -> Run:
    """Work on a run in this process until none of its shards can be had, then end it if it is complete.

    Workers and the command line share this one way. After `for_seconds` no further shard is begun. Errors of the work
    fail the run and are raised; errors of the database connection leave it to the sweep and are raised too.
    """
    ends = time.monotonic() + for_seconds
    try:
        start(run)
        while time.monotonic() < ends and _work_one_shard(run):
            if on_progress:
                run.refresh_from_db()
                on_progress(run)
        _finish_if_complete(run)
    except (OperationalError, InterfaceError) as error:
        log.warning("run_interrupted", run=str(run.public_id), kind=run.kind, error=str(error))
        raise  # the database went away: the claim is gone with it, the sweep hands the work out again
    except Exception as error:  # whatever else went wrong must be seen on the run's page
        _fail(run, error)
        raise
    run.refresh_from_db()
    return run


def start(run: Run) -> bool:
    """Plan the shards of a queued run; True when this call did it and the other workers should be called."""
    with transaction.atomic():
        claimed = Run.objects.filter(pk=run.pk, state=RunState.QUEUED).update(
            state=RunState.RUNNING, started_at=timezone.now()
        )
        if not claimed:
            return False
        ranges = list(KINDS[run.kind].plan(run))
        RunShard.objects.bulk_create(
            [RunShard(run=run, number=n, first=first, until=until) for n, (first, until) in enumerate(ranges)]
        )
        Run.objects.filter(pk=run.pk).update(total=len(ranges))
        for _helper in range(min(len(ranges), settings.RUN_PARALLELISM) - 1):
            tasks.nudge_on_commit(tasks.work_on_run, run.pk)
    run.refresh_from_db()
    return True


def _work_one_shard(run: Run) -> bool:
    """Claim a shard, do it and commit both together; False when none is left to claim."""
    shard = None
    try:
        with transaction.atomic():
            shard = (
                RunShard.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(run=run, state=RunState.QUEUED, run__state=RunState.RUNNING)
                .order_by("number")
                .first()
            )
            if shard is None:
                return False
            result = KINDS[run.kind].work(run, shard.first, shard.until)
            shard.state, shard.result = RunState.DONE, dict(result)
            shard.save(update_fields=["state", "result"])
            # Last of all: this row is shared by every worker, and locked until the commit that follows at once.
            Run.objects.filter(pk=run.pk).update(done=F("done") + 1)
    except (OperationalError, InterfaceError):
        if shard is not None:
            _count_attempt(shard)
        raise
    return True


def _count_attempt(shard: RunShard) -> None:
    """A shard that fails again and again for the connection's sake (out of memory, say) must not be tried for ever."""
    with contextlib.suppress(OperationalError, InterfaceError):  # the connection may still be gone
        RunShard.objects.filter(pk=shard.pk).update(attempts=F("attempts") + 1)
        shard.refresh_from_db(fields=["attempts"])
        if shard.attempts >= MAX_ATTEMPTS:
            _fail(shard.run, RuntimeError(f"shard {shard.number} failed {MAX_ATTEMPTS} times"))


def _finish_if_complete(run: Run) -> None:
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        shards = list(locked.shards.all())
        if locked.state != RunState.RUNNING or any(shard.state != RunState.DONE for shard in shards):
            return
        result: dict[str, Any] = {}
        for shard in shards:
            for name, count in shard.result.items():
                result[name] = result.get(name, 0) + count
        finish = KINDS[locked.kind].finish
        locked.result = result
        locked.result = result | dict(finish(locked) if finish else {})
        locked.state, locked.finished_at, locked.done = RunState.DONE, timezone.now(), len(shards)
        locked.save(update_fields=["result", "state", "finished_at", "done"])


def _fail(run: Run, error: Exception) -> None:
    log.error("run_failed", run=str(run.public_id), kind=run.kind, exc_info=error)
    with transaction.atomic():
        failed = Run.objects.filter(pk=run.pk, state__in=UNFINISHED).update(
            state=RunState.FAILED, error=f"{type(error).__name__}: {error}", finished_at=timezone.now()
        )
        fail = KINDS[run.kind].fail
        if failed and fail:
            fail(run)


def sweep() -> int:
    """Nudge the workers for every run that is not finished; returns how many there are.

    A nudge too many is harmless (there is nothing to claim), one too few is a lost run.
    """
    pks = list(Run.objects.filter(state__in=UNFINISHED).order_by("pk").values_list("pk", flat=True)[:SWEEP_MOST])
    for pk in pks:
        tasks.nudge(tasks.work_on_run, pk)
    return len(pks)
