"""Servers of their own for tests that kill them: the suite's must go on."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zone_portal.embedded.account import server_account
from zone_portal.embedded.layout import Layout
from zone_portal.embedded.sharing import Servers


@pytest.fixture
def state() -> Iterator[Path]:
    """A directory that the servers' user may enter; pytest's own is closed to it when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def layout(state: Path) -> Layout:
    return Layout(base=state, state=state, account=server_account([]))


@pytest.fixture
def servers(layout: Layout) -> Iterator[Servers]:
    """Joined, and stopped at the end even when a test has killed them."""
    pair = Servers(layout)
    pair.join()
    yield pair
    pair.valkey.stop()
    pair.postgres.stop()
    pair.leave()
