"""The whole portal on one machine: servers, tables, the demo zone, web, worker and beat, until Ctrl-C."""

import contextlib
import errno
import fcntl
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from zone_portal.embedded.addresses import environment, variables
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import CHECKOUT, choose_layout, make_directory
from zone_portal.embedded.process import wait_until
from zone_portal.embedded.progress import Clock, say
from zone_portal.embedded.sharing import Servers
from zone_portal.embedded.supervisor import Program, Supervisor

HOST = "127.0.0.1"
ANSWER_SECONDS = 60
WORKER_PROCESSES = 2


def run_demo(port: int) -> int:
    """Serve on `port` until a signal comes; returns the exit code. EmbeddedError says what stands in the way."""
    layout = choose_layout()
    for directory in dict.fromkeys((layout.base, layout.state)):
        make_directory(directory, None, 0o755)
    state = layout.state
    with only_demo(state, port), variables(_trial_settings(port)):
        check_port_is_free(port)
        return _prepare_and_serve(port, state)


@contextlib.contextmanager
def only_demo(state: Path, port: int) -> Iterator[None]:
    """Be the one demo of this state while the block runs: a second one would share its logs, and add a second beat.

    EmbeddedError says where the first one answers. The kernel gives the place back when a process dies.
    """
    with (state / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise EmbeddedError(
                f"This checkout's portal runs already on http://localhost:{lock.read()}/: end it with Ctrl-C first."
            ) from None
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


def _prepare_and_serve(port: int, state: Path) -> int:
    clock = Clock()
    with environment() as servers:
        clock.lap("PostgreSQL and Valkey answer" if servers else "using DATABASE_URL and REDIS_URL as they are set")
        (state / "logs").mkdir(parents=True, exist_ok=True)
        _prepare(state / "accounts.txt")
        clock.resume()
        return _serve(port, servers, state, clock)


def check_port_is_free(port: int) -> None:
    """EmbeddedError with the way out when `port` cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise EmbeddedError(f"Port {port} is reserved: take one above 1023, as in make demo PORT=8001.") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise EmbeddedError(
                f"Port {port} is taken by another program: end it, or choose another, as in make demo PORT={port + 1}."
            ) from None


def programs(port: int, state: Path) -> list[Program]:
    """What runs beside the servers: the web server, one worker, and one beat for the schedule."""
    logs = state / "logs"
    celery = (sys.executable, "-m", "celery", "-A", "zone_portal")
    web = ("-m", "gunicorn", "zone_portal.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4")
    return [
        Program("web", (sys.executable, *web, "--no-control-socket"), logs / "web.log"),
        Program("worker", (*celery, "worker", "-c", str(WORKER_PROCESSES), "-l", "INFO"), logs / "worker.log"),
        Program("beat", (*celery, "beat", "-s", str(state / "beat"), "-l", "INFO"), logs / "beat.log"),
    ]


def _trial_settings(port: int) -> dict[str, str]:
    defaults = {"PORTAL_DEMO": "1", "PORTAL_BASE_URL": f"http://localhost:{port}"}
    return {name: value for name, value in defaults.items() if name not in os.environ}


def _prepare(accounts: Path) -> None:
    """In a process of its own: Django is then out of the way of what the supervisor starts."""
    command = [sys.executable, "-m", "zone_portal.embedded.prepare", str(accounts)]
    if subprocess.run(command, cwd=CHECKOUT, check=False).returncode:
        raise EmbeddedError("The demo zone could not be prepared, see above.")


def _serve(port: int, servers: Servers | None, state: Path, clock: Clock) -> int:
    supervisor = Supervisor(
        programs(port, state), revive=servers.revive if servers else list, say=lambda line: say(f"! {line}")
    )
    supervisor.start()
    try:
        if wait_until(lambda: bool(supervisor.signals) or _answers(port), ANSWER_SECONDS, step=0.1):
            clock.lap("web, worker and beat run")
            say(f"\nThe portal is ready after {clock.total:.1f} s:  http://localhost:{port}/\n")
            say((state / "accounts.txt").read_text())
            say(f"Logs: {state / 'logs'}   Stop: Ctrl-C")
        else:
            say(f"! The site does not answer yet. Its log: {state / 'logs' / 'web.log'}")
        return supervisor.run()
    finally:
        say("\nStopping ...")
        supervisor.stop()


def _answers(port: int) -> bool:
    """Does the site answer at all? An error page is an answer too: the reason is then on the page and in the log."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5).close()
    except urllib.error.HTTPError as error:
        say(f"! The landing page answers {error.code}.")
    except OSError:
        return False
    return True
