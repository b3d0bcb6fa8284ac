"""The whole portal on one machine: servers, tables, the demo zone, web, worker and beat, until Ctrl-C."""

import errno
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from zone_portal.embedded.addresses import environment, variables
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import CHECKOUT, choose_layout
from zone_portal.embedded.process import wait_until
from zone_portal.embedded.sharing import Servers
from zone_portal.embedded.supervisor import Program, Supervisor

HOST = "127.0.0.1"
ANSWER_SECONDS = 60
WORKER_PROCESSES = 2


def run_demo(port: int) -> int:
    """Serve on `port` until a signal comes; returns the exit code. EmbeddedError says what stands in the way."""
    check_port_is_free(port)
    clock = Clock()
    with variables(_trial_settings(port)), environment() as servers:
        clock.lap("PostgreSQL and Valkey answer" if servers else "using DATABASE_URL and REDIS_URL as they are set")
        _manage("migrate", "--verbosity", "0")
        clock.lap("the tables are up to date")
        _manage("collectstatic", "--no-input", "--verbosity", "0")
        clock.lap("the static files are collected")
        _manage("load_demo")
        clock.lap("the demo zone is there")
        return _serve(port, servers, clock)


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


class Clock:
    """Prints each step with the seconds it took."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()

    def lap(self, done: str) -> None:
        now = time.monotonic()
        say(f"  {now - self.last:5.1f} s  {done}")
        self.last = now

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun


def say(text: str) -> None:
    print(text, flush=True)


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


def _manage(*words: str) -> None:
    """Run a command of manage.py in a process of its own; its output is the user's to see."""
    ended = subprocess.run([sys.executable, "manage.py", *words], cwd=CHECKOUT, check=False)
    if ended.returncode:
        raise EmbeddedError(f"manage.py {words[0]} failed, see above.")


def _serve(port: int, servers: Servers | None, clock: Clock) -> int:
    state = servers.layout.state if servers else choose_layout().state
    supervisor = Supervisor(
        programs(port, state), revive=servers.revive if servers else list, say=lambda line: say(f"! {line}")
    )
    (state / "logs").mkdir(parents=True, exist_ok=True)
    supervisor.start()
    try:
        accounts = _demo_accounts()
        if wait_until(lambda: bool(supervisor.signals) or _answers(port), ANSWER_SECONDS, step=0.1):
            clock.lap("web, worker and beat run")
            say(f"\nThe portal is ready after {clock.total:.1f} s:  http://localhost:{port}/\n\n{accounts}")
            say(f"Logs: {state / 'logs'}   Stop: Ctrl-C")
        else:
            say(f"! The site does not answer yet. Its log: {state / 'logs' / 'web.log'}")
        return supervisor.run()
    finally:
        say("\nStopping ...")
        supervisor.stop()


def _demo_accounts() -> str:
    listed = subprocess.run(
        [sys.executable, "manage.py", "load_demo", "--accounts"],
        cwd=CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
    )
    return listed.stdout


def _answers(port: int) -> bool:
    """Does the site answer at all? An error page is an answer too: the reason is then on the page and in the log."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5).close()
    except urllib.error.HTTPError as error:
        say(f"! The landing page answers {error.code}.")
    except OSError:
        return False
    return True
