"""Two workers and a command line work on one run at the same time: each shard is done once."""

import polars as pl
import pytest

from tests.faults.outcome import assert_decided_as
from tests.faults.site import WORKERS, Site
from tests.faults.zone import DAY

pytestmark = pytest.mark.slow


def test_two_workers_and_a_command_share_an_assessment(site: Site, undisturbed: pl.DataFrame) -> None:
    command = site.start("assess", "manage.py", "assess", "--on", str(DAY))
    with site.held_midway(parties=3) as waiting:
        assert set(waiting) == {*WORKERS, "assess"}
    assert_decided_as(undisturbed, site)
    site.finish(command)
