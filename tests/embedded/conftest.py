"""Servers of their own for tests that kill them: the suite's must go on."""

import shutil
import subprocess
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


@pytest.fixture(scope="session")
def new_cluster() -> Iterator[Path]:
    """A cluster that was made and stopped, to copy from: making one takes longer than any test here."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    pair = Servers(Layout(base=folder, state=folder, account=server_account([])), durable=False)
    pair.join()
    pair.leave()
    yield folder / "pg"
    shutil.rmtree(folder)


@pytest.fixture
def made_layout(layout: Layout, new_cluster: Path) -> Layout:
    """A layout whose cluster was made before."""
    subprocess.run(["cp", "-a", new_cluster, layout.cluster], check=True)
    return layout


@pytest.fixture
def servers(made_layout: Layout) -> Iterator[Servers]:
    """Joined, and stopped at the end even when a test has killed them. They flush nothing, which is quick."""
    yield from joined(Servers(made_layout, durable=False))


@pytest.fixture
def durable_servers(made_layout: Layout) -> Iterator[Servers]:
    """As a user has them: what was committed is on the disk."""
    yield from joined(Servers(made_layout))


def joined(pair: Servers) -> Iterator[Servers]:
    pair.join()
    yield pair
    pair.valkey.stop()
    pair.postgres.stop()
    pair.leave()
