"""Programs are kept running, their end is shown, and none outlives its supervisor."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from zone_portal.embedded import supervisor as supervision
from zone_portal.embedded.layout import CHECKOUT
from zone_portal.embedded.process import command_line, wait_until
from zone_portal.embedded.supervisor import Program, Supervisor

SLEEPER = (sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
SUPERVISED = """
import sys
from pathlib import Path
from zone_portal.embedded.supervisor import Program, Supervisor
worker = Program("worker", sys.argv[2:], Path(sys.argv[1]))
watch = Supervisor([worker], revive=list, say=lambda line: print(line, flush=True))
watch.start()
print("up", flush=True)
code = watch.run()
watch.stop()
sys.exit(code)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


def supervise(log: Path, *command: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(log), *command], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def waited_for(log: Path, count: int) -> list[int]:
    assert wait_until(lambda: len(pids(log)) >= count, 10)
    return pids(log)


def test_a_killed_program_is_started_again_and_ctrl_c_ends_it(log: Path) -> None:
    process = supervise(log, *SLEEPER)
    (first,) = waited_for(log, 1)
    os.kill(first, signal.SIGKILL)
    second = waited_for(log, 2)[1]

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "worker ended (SIGKILL) and is started again" in said
    assert not command_line(second)


def test_a_program_does_not_outlive_a_killed_supervisor(log: Path) -> None:
    process = supervise(log, *SLEEPER)
    (worker,) = waited_for(log, 1)
    process.kill()
    process.communicate()
    assert wait_until(lambda: not command_line(worker), 5)


def test_what_a_killed_program_had_started_is_ended_before_it_starts_again(log: Path) -> None:
    with_child = "import os, time; child = os.fork(); child and print(os.getpid(), child, flush=True); time.sleep(600)"
    process = supervise(log, sys.executable, "-c", with_child)
    parent, child = waited_for(log, 2)[:2]
    os.kill(parent, signal.SIGKILL)
    waited_for(log, 4)
    assert not command_line(child)
    process.terminate()
    process.communicate(timeout=10)


def test_a_program_that_never_stays_up_ends_the_supervisor_with_an_error(
    log: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(supervision, "LONGEST_PAUSE", 0.01)
    hopeless = Program("worker", (sys.executable, "-c", "raise SystemExit('no queue')"), log)
    watch = Supervisor([hopeless], revive=list, say=said.append)
    hopeless.start()
    assert watch.run() == 1
    assert "no queue" in said
    assert said[-1].startswith("worker does not stay up")


def test_pauses_grow_after_short_lives_and_vanish_after_a_long_one(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 101.0, 101.0, 102.0, 102.0, 130.0, 130.0])
    program = Program("worker", (), log)
    pauses = []
    monkeypatch.setattr(supervision.time, "monotonic", lambda: next(clock))
    program.started = next(clock)
    for _ in range(3):
        program.note_death()
        pauses.append(program.due)
    assert pauses == [102.0, 105.0, 130.0]


def test_a_server_that_was_revived_is_told(log: Path, said: list[str]) -> None:
    revived = iter([["PostgreSQL"]])
    watch = Supervisor([], revive=lambda: next(revived), say=said.append)
    threading.Timer(0.1, lambda: setattr(watch, "signals", 1)).start()
    assert watch.run() == 0
    assert said == ["PostgreSQL had died and was started again."]


def test_a_program_that_ignores_the_request_is_killed_when_the_time_is_up(
    log: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(supervision, "STOP_SECONDS", 0.3)
    deaf = "import os, signal, time; signal.signal(15, signal.SIG_IGN); print(os.getpid(), flush=True); time.sleep(600)"
    program = Program("worker", (sys.executable, "-c", deaf), log)
    program.start()
    (pid,) = waited_for(log, 1)
    Supervisor([program], revive=list, say=said.append).stop()
    assert not command_line(pid)


@pytest.fixture
def said() -> list[str]:
    return []


def test_the_log_of_the_run_before_is_kept_beside_the_new_one(
    log: Path, said: list[str], keep_signals: Callable[[], None]
) -> None:
    log.write_text("yesterday\n")
    program = Program("worker", SLEEPER, log)
    watch = Supervisor([program], revive=list, say=said.append)
    watch.start()
    waited_for(log, 1)
    watch.stop()
    keep_signals()
    assert log.with_suffix(".log.1").read_text() == "yesterday\n"


@pytest.fixture
def keep_signals() -> Callable[[], None]:
    """Puts back the handlers that a supervisor took over in this process."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
