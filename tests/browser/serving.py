"""The portal as programs, on the database of the browser tests: gunicorn, and a Celery worker where a test needs it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ANSWER_SECONDS = 60
STOP_SECONDS = 15


def environment_for(database: str, port: int, scratch: Path) -> dict[str, str]:
    """What the programs of one portal share. They listen to the queue and the cache of this test process alone."""
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.served_settings",
        "DATABASE_URL": _address(database),
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_DEMO": "1",
        "PORTAL_MAIL_DIR": str(scratch / "mail"),
        "PORTAL_TEST_STATIC": str(scratch / "static"),
        "PYTHONPATH": str(CHECKOUT),
    }


def _address(database: str) -> str:
    """The address of the suite's server with another database's name."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@contextlib.contextmanager
def static_files(environment: Mapping[str, str]) -> Iterator[None]:
    """Collect, hash and compress the static files as a release does, while the body runs; they are there after it."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=dict(environment)) as collecting:
        yield
    if collecting.returncode:
        raise AssertionError(f"collectstatic ended with {collecting.returncode}")


@contextlib.contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that listens on a free port from now on: nobody can take the port before the server starts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        listener.set_inheritable(True)
        yield listener


@contextlib.contextmanager
def web_server(listener: socket.socket, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Serve on the socket. It answers from the start: what comes before the server is ready waits in the socket."""
    number = listener.fileno()
    command = ["-m", "gunicorn", "zone_portal.wsgi", "--bind", f"fd://{number}", "--workers", "1", "--threads", "8"]
    with running([*command, "--no-control-socket"], environment, log, pass_fds=(number,)):
        yield


@contextlib.contextmanager
def celery_worker(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """One worker process, as in production: it consumes what the web server enqueues."""
    command = ["-m", "celery", "-A", "zone_portal", "worker", "--concurrency", "1", "--loglevel", "INFO"]
    with running([*command, "--without-gossip", "--without-mingle"], environment, log):
        yield


@contextlib.contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path, *, pass_fds: tuple[int, ...] = ()
) -> Iterator[None]:
    """Run Python with the command for the body; a program that does not leave when asked is killed."""
    with log.open("wb") as output:
        program = subprocess.Popen(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env=dict(environment),
            stdout=output,
            stderr=output,
            pass_fds=pass_fds,
        )
        try:
            yield
        finally:
            program.terminate()
            try:
                program.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def wait_until_healthy(address: str, log: Path) -> None:
    """Wait for the first page that the server answers in order; else fail with what it wrote to its log."""
    ends = time.monotonic() + ANSWER_SECONDS
    error: object = None
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{address}/health/live/", timeout=ANSWER_SECONDS):
                return
        except (urllib.error.URLError, OSError) as problem:
            error = problem
            time.sleep(0.2)
    raise AssertionError(f"the portal does not answer ({error}):\n{log.read_text()[-4000:]}")
