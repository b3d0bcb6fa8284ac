"""DATABASE_URL and REDIS_URL: the user's when they are set, the embedded servers' otherwise."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from types import FrameType

from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.sharing import Servers

NAMES = ("DATABASE_URL", "REDIS_URL")


def are_given() -> bool:
    """Has the user set both addresses? EmbeddedError for one alone: half of our own would mix two installations."""
    missing = [name for name in NAMES if not os.environ.get(name)]
    if len(missing) == 1:
        (given,) = set(NAMES) - set(missing)
        raise EmbeddedError(f"{given} is set and {missing[0]} is not: set both, or neither for the embedded servers.")
    return not missing


@contextlib.contextmanager
def environment() -> Iterator[Servers | None]:
    """Run the body with both addresses set; yields the embedded servers, or None when the addresses were given.

    The body must not have imported the settings before. SIGTERM and SIGHUP end it as an exception would, so that the
    servers are left in order.
    """
    if are_given():
        yield None
        return
    servers = Servers.for_checkout()
    with _signals_raise():
        servers.join()
        try:
            with variables(servers.addresses | {"PORTAL_EMBEDDED": "1"}):
                yield servers
        finally:
            servers.leave()


@contextlib.contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the body, and put back what was there."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _signals_raise() -> Iterator[None]:
    """Let a polite kill unwind the stack, where nobody handles it yet."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    changed = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)
