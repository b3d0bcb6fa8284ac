"""A worker is killed in the middle of a shard, all written and nothing committed: another one does it again, once."""

import polars as pl
import pytest

from tests.faults.outcome import assert_billed_as_by_hand, assert_decided_as
from tests.faults.site import Site
from tests.faults.zone import DAY, MONTH

pytestmark = pytest.mark.slow


def test_an_assessment_survives_a_killed_worker(site: Site, undisturbed: pl.DataFrame) -> None:
    command = site.start("assess", "manage.py", "assess", "--on", str(DAY), "--workers")
    with site.held_midway() as waiting:
        site.kill(waiting[0])
    assert_decided_as(undisturbed, site)
    assert "12,000 decisions, of which 12,000 are new and replace 0" in site.finish(command)


def test_a_bill_survives_a_killed_worker(site: Site) -> None:
    command = site.start("bill", "manage.py", "bill", "--month", f"{MONTH:%Y-%m}", "--workers")
    with site.held_midway() as waiting:
        site.kill(waiting[0])
    assert_billed_as_by_hand(site)
    site.finish(command)
