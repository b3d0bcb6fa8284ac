"""One portal for all tests of a module; each test begins with nothing decided, nothing billed and all parts alive."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.faults.site import Site
from zone_portal.embedded.account import server_account
from zone_portal.embedded.layout import Layout
from zone_portal.embedded.sharing import Servers


@pytest.fixture(scope="session")
def prepared_site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o755)
    site = Site(Servers(Layout(base=folder, state=folder, account=server_account([]))), folder)
    try:
        with site.servers.joined():
            site.run("prepare", "-m", "tests.faults.prepare", str(folder))
            yield site
            site.kill_all()
    finally:
        site.kill_all()
        shutil.rmtree(folder)


@pytest.fixture
def site(prepared_site: Site) -> Site:
    prepared_site.servers.revive()
    prepared_site.forget()
    prepared_site.keep_running()
    return prepared_site


@pytest.fixture(scope="session")
def undisturbed(prepared_site: Site) -> pl.DataFrame:
    """The decisions as one process works them out: company_id, point, outcome, amount, fingerprint."""
    return pl.read_parquet(prepared_site.folder / "decisions.parquet").sort("company_id", "point")
