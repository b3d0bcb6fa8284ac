"""A run on the command line: worked on here or followed while workers do it, with progress and a summary."""

import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection
from tqdm import tqdm

from core import runs
from core.errors import DomainError
from core.models import Run, RunState
from subsidies.rules.errors import RuleError

POLL_SECONDS = 0.5
OVERDUE_SECONDS = 20.0
OUTAGE_SECONDS = 120.0


class Output(Protocol):
    """Where a command writes to."""

    def write(self, msg: str = "", /) -> object: ...


def follow(request: Callable[[], Run], *, workers: bool, label: str, stdout: Output) -> Run:
    """Request a run and see it through; CommandError when it is refused or fails. With `workers` they alone work on it;
    without, this process works too, and waits for shards that a worker has taken."""
    try:
        run = request()
        with tqdm(desc=label, unit="shard", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            if not workers:
                runs.execute(run, on_progress=lambda run: _show(bar, run))
            _wait(run, bar, stdout)
    except (DomainError, RuleError) as refused:
        raise CommandError(str(refused)) from refused
    if run.state == RunState.FAILED:
        raise CommandError(f"The run failed: {run.error}")
    return run


def _show(bar: Any, run: Run) -> None:
    bar.total = run.total
    bar.n = run.done
    bar.refresh()


def _wait(run: Run, bar: Any, stdout: Output) -> None:
    overdue = time.monotonic() + OVERDUE_SECONDS
    _refresh(run)
    while run.state in runs.UNFINISHED:
        _show(bar, run)
        if run.state == RunState.QUEUED and time.monotonic() > overdue:
            stdout.write("No worker has taken the run yet. Is one running? The run waits; Ctrl-C leaves it to them.")
            overdue = float("inf")
        time.sleep(POLL_SECONDS)
        _refresh(run)
    _show(bar, run)


def _refresh(run: Run) -> None:
    """A server that is being restarted costs whoever follows a run nothing but time: it goes on without him."""
    ends = time.monotonic() + OUTAGE_SECONDS
    while True:
        try:
            run.refresh_from_db()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > ends:
                raise
            time.sleep(POLL_SECONDS)
        else:
            return


def seconds(run: Run) -> str:
    """How long a finished run took."""
    if run.started_at is None or run.finished_at is None:
        return "-"
    return f"{(run.finished_at - run.started_at).total_seconds():.1f} s"
