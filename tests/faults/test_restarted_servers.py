"""A server is killed and comes back: while it is away nobody waits for it in vain, afterwards everything is done."""

import contextlib
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import polars as pl
import pytest

from tests.faults.outcome import assert_billed_as_by_hand, assert_decided_as
from tests.faults.site import PATIENCE, Site
from tests.faults.zone import DAY, DECIDED_ALONE, MONTH, POINTS, WORKSPACE
from zone_portal.embedded.process import wait_until

pytestmark = pytest.mark.slow

A_FEW_SECONDS = 15.0  # three messages that nobody takes: a change, a run, a nudge

Broker = Callable[[Site], AbstractContextManager[None]]

DECIDED = """
    SELECT c.code, count(*) FROM subsidies_decision d JOIN companies_company c ON c.id = d.company_id
    WHERE d.superseded_at IS NULL GROUP BY c.code ORDER BY c.code
"""


@pytest.mark.parametrize("remembers", [True, False])
def test_an_assessment_survives_a_restarted_broker(site: Site, undisturbed: pl.DataFrame, remembers: bool) -> None:
    command = site.start("assess", "manage.py", "assess", "--on", str(DAY), "--workers")
    with site.held_midway():
        site.kill_valkey()
        if not remembers:
            shutil.rmtree(site.servers.layout.valkey / "appendonlydir")
        assert site.servers.revive() == ["Valkey"]
    assert_decided_as(undisturbed, site)
    site.finish(command)


def test_an_assessment_survives_a_restarted_database(site: Site, undisturbed: pl.DataFrame) -> None:
    command = site.start("assess", "manage.py", "assess", "--on", str(DAY), "--workers")
    with site.held_midway():
        site.kill_postgres()
        assert site.servers.revive() == ["PostgreSQL"]
    assert_decided_as(undisturbed, site)
    site.finish(command)


def test_a_bill_survives_a_restarted_database(site: Site) -> None:
    command = site.start("bill", "manage.py", "bill", "--month", f"{MONTH:%Y-%m}", "--workers")
    with site.held_midway():
        site.kill_postgres()
        assert site.servers.revive() == ["PostgreSQL"]
    assert_billed_as_by_hand(site)
    site.finish(command)


@contextlib.contextmanager
def dead(site: Site) -> Iterator[None]:
    site.kill_valkey()
    yield
    assert site.servers.revive() == ["Valkey"]


@contextlib.contextmanager
def frozen(site: Site) -> Iterator[None]:
    """It takes connections and never answers: what a network that swallows packets looks like."""
    pid = int((site.servers.layout.sockets / "valkey.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("broker", [dead, frozen])
def test_what_is_done_while_the_broker_is_away_is_done_when_it_is_back(site: Site, broker: Broker) -> None:
    with broker(site):
        told = json.loads(site.run("acting", "-m", "tests.faults.acting").splitlines()[-1])
        assert (told["status"], told["nudged"]) == (302, False)
        assert told["seconds"] < A_FEW_SECONDS
        assert site.rows(DECIDED) == []
    both = [(WORKSPACE, POINTS), (DECIDED_ALONE, POINTS)]
    assert wait_until(lambda: site.rows(DECIDED) == both, PATIENCE, step=0.1), site.story()
    assert site.ended_run().done == 1
    assert site.rows("SELECT DISTINCT state FROM core_outboxdelivery WHERE consumer = 'reassess'") == [("done",)]
