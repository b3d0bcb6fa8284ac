"""Starting servers and telling whether a process is alive, still ours, or a zombie that nobody reaps."""

import os
import pwd
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from zone_portal.embedded.account import identity

PROC = Path("/proc")


def server_environment() -> dict[str, str]:
    """Our environment without what would change a server's behaviour behind our back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run(command: Sequence[object], account: pwd.struct_passwd | None = None) -> subprocess.CompletedProcess[str]:
    """Run to the end and keep the output. The working directory is one that every user can enter."""
    words = [str(word) for word in command]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, cwd="/", env=server_environment(), **identity(account)
    )


def spawn(command: Sequence[object], account: pwd.struct_passwd | None, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: Ctrl-C on our terminal must not reach it before its clients are done."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=server_environment(),
        start_new_session=True,
        **identity(account),
    )


def command_line(pid: int) -> str:
    """The process's command line, empty when there is no such process. A zombie is dead: its line is empty too,
    and a container whose first process never reaps keeps it for ever."""
    if not PROC.joinpath("self").exists():
        return _command_line_from_ps(pid)
    try:
        state = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()[0]
        if state in "ZX":
            return ""
        return PROC.joinpath(str(pid), "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _command_line_from_ps(pid: int) -> str:
    found = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, line = found.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else line.strip()


def processes_like(is_meant: Callable[[str], bool]) -> Iterator[int]:
    """The ids of all living processes whose command line `is_meant`; none where there is no /proc."""
    for entry in PROC.glob("[0-9]*"):
        if is_meant(command_line(int(entry.name))):
            yield int(entry.name)


def read_pid(path: Path) -> int | None:
    """The process id on the first line of a pid file; None when there is none to read."""
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def wait_until(condition: Callable[[], bool], seconds: float, step: float = 0.02) -> bool:
    """Ask again and again until `condition` holds; False when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return f"({path} is not there)"
