"""Puts servers up for a test run before the settings are imported, and takes them down after it.

Each run in a checkout has a pair of its own (`.local/test-1`, `test-2` when that is taken, ...), so that two runs at
once do not destroy each other's database. Nothing is flushed to disk. Workers of pytest-xdist inherit the addresses;
the prefix of what each puts into Valkey is its own. The frames of tests are small and there is a process for each core:
threads of polars would only wait for one another.
"""

import contextlib
import itertools
import os
from collections.abc import Generator

import pytest

from zone_portal.embedded.addresses import are_given, variables
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.sharing import InUseError, Servers

PREFIX = "REDIS_KEY_PREFIX"
THREADS = "POLARS_MAX_THREADS"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before every plain implementation, and so before pytest-django reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    cleanup = contextlib.ExitStack()
    early_config.add_cleanup(cleanup.close)
    cleanup.enter_context(variables({PREFIX: f"test-{worker}-{os.getpid()}:"}))
    cleanup.enter_context(variables({THREADS: os.environ.get(THREADS, "1")}))
    try:
        if not are_given():
            servers = _join_free_servers()
            cleanup.callback(servers.leave)
            cleanup.enter_context(variables(servers.addresses))
    except EmbeddedError as error:
        raise pytest.UsageError(str(error)) from None
    return (yield)


def _join_free_servers() -> Servers:
    for number in itertools.count(1):
        servers = Servers.for_checkout(f"test-{number}", durable=False)
        with contextlib.suppress(InUseError):
            servers.join(alone=True)
            return servers
    raise AssertionError("unreachable")
