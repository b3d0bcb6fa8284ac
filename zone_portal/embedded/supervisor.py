"""Keeps a few programs running: starts again what ends, ends everything when asked to.

Why not a library: docs/adr/0007. Each program's output goes to a log file of its own, and its end is shown when it
dies. A program dies with the supervisor, also when that is killed.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from zone_portal.embedded.process import last_lines

CHECK_SECONDS = 0.2
REVIVE_SECONDS = 1.0
STOP_SECONDS = 25.0  # a worker finishes the task it is at
LONGEST_PAUSE = 30.0
SHORT_LIFE = 10.0
SHORT_LIVES = 5  # one after another: then there is something that starting again does not mend
PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    """A command with a name, kept running."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    due: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which ends things in order."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent(),
            )
        self.started = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self) -> None:
        """Decide when to start it again: at once after a long life, ever later after short ones."""
        self.process = None
        lived = time.monotonic() - self.started
        self.short_lives = self.short_lives + 1 if lived < SHORT_LIFE else 0
        self.due = time.monotonic() + min(2.0**self.short_lives - 1, LONGEST_PAUSE)


class Supervisor:
    """Runs `programs` until SIGINT, SIGTERM or SIGHUP. `revive` is called every second and returns the names of
    servers it started again; `say` prints a line."""

    def __init__(
        self, programs: Sequence[Program], *, revive: Callable[[], Sequence[str]], say: Callable[[str], None]
    ) -> None:
        self.programs = programs
        self.revive = revive
        self.say = say
        self.signals = 0
        self._next_revival = 0.0

    def start(self) -> None:
        """Take over the signals and start every program, each with a new log beside the last one."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count_signal)
        for program in self.programs:
            if program.log.exists():
                program.log.replace(program.log.with_suffix(".log.1"))
            program.start()

    def run(self) -> int:
        """Watch until a signal comes; returns the exit code, 1 when a program could not be kept alive."""
        while not self.signals:
            self._revive_servers()
            hopeless = [program for program in self.programs if not self._keep_alive(program)]
            if hopeless:
                self.say(f"{hopeless[0].name} does not stay up, giving up. Its log: {hopeless[0].log}")
                return 1
            time.sleep(CHECK_SECONDS)
        return 0

    def stop(self) -> None:
        """Ask every program to end; what does not within STOP_SECONDS, or at a second signal, is killed."""
        signals = self.signals
        running = [program.process for program in self.programs if program.is_running() and program.process]
        for process in running:
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in running:
            while process.poll() is None and time.monotonic() < end and self.signals <= signals:
                time.sleep(0.02)
            _kill_group(process)

    def _keep_alive(self, program: Program) -> bool:
        """Start `program` again if it ended and its pause is over; False when that has been of no use."""
        if program.is_running():
            return True
        if program.process is not None:
            code = program.process.returncode
            _kill_group(program.process)
            program.note_death()
            self.say(f"{program.name} ended ({_spell(code)}) and is started again. The end of {program.log}:")
            self.say(last_lines(program.log, 5))
        if program.short_lives >= SHORT_LIVES:
            return False
        if time.monotonic() >= program.due:
            program.start()
        return True

    def _revive_servers(self) -> None:
        if time.monotonic() >= self._next_revival:
            for name in self.revive():
                self.say(f"{name} had died and was started again.")
            self._next_revival = time.monotonic() + REVIVE_SECONDS

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a program: its own children outlive it when it was killed itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _die_with_parent() -> Callable[[], None] | None:
    """Have the kernel end the child when we are killed and cannot; only Linux knows how."""
    if sys.platform != "linux":
        return None
    library, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was killed before we asked
            os._exit(1)

    return ask_kernel


def _spell(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
