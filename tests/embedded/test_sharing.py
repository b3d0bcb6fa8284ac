"""The first process starts the servers, everybody shares them, the last one out stops them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.clients import broker, query
from zone_portal.embedded.layout import CHECKOUT, Layout
from zone_portal.embedded.sharing import InUseError, Servers

HOLD = """
import sys
from pathlib import Path
from zone_portal.embedded.account import server_account
from zone_portal.embedded.layout import Layout
from zone_portal.embedded.sharing import Servers
state = Path(sys.argv[1])
servers = Servers(Layout(state, state, server_account([state / "pg"])))
print(servers.join()["PostgreSQL"], flush=True)
sys.stdin.read()
servers.leave()
"""


def hold_in_another_process(state: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "joined"
    return process


def test_a_new_database_orders_and_folds_chinese_and_german_text_as_utf_8(servers: Servers) -> None:
    assert query(servers, "SELECT upper('äö'), current_setting('server_encoding')") == [("ÄÖ", "UTF8")]
    query(servers, "CREATE EXTENSION pg_trgm")
    assert query(servers, "SELECT show_trgm('预算管理') <> '{}'") == [(True,)]


def test_no_tcp_port_is_opened(servers: Servers) -> None:
    assert query(servers, "SHOW listen_addresses") == [("",)]
    assert broker(servers).config_get("port") == {"port": "0"}


def test_one_who_joins_sees_what_the_first_wrote_and_the_last_one_out_stops(layout: Layout) -> None:
    first, second = Servers(layout, durable=False), Servers(layout, durable=False)
    assert first.join() == {"PostgreSQL": "created", "Valkey": "started"}
    query(first, "CREATE TABLE seen AS SELECT 1 AS x")
    assert second.join() == {"PostgreSQL": "joined", "Valkey": "joined"}

    assert not first.leave()
    assert query(second, "SELECT x FROM seen") == [(1,)]
    assert second.leave()
    assert not second.postgres.is_alive()
    assert not second.valkey.is_alive()


def test_what_was_stored_is_there_at_the_next_start(made_layout: Layout) -> None:
    servers = Servers(made_layout)
    with servers.joined():
        query(servers, "CREATE TABLE kept AS SELECT 7 AS x")
        broker(servers).rpush("queue", "message")
    with servers.joined() as had:
        assert had["PostgreSQL"] == "started"
        assert query(servers, "SELECT x FROM kept") == [(7,)]
        assert broker(servers).lrange("queue", 0, -1) == [b"message"]


def test_servers_asked_for_alone_are_refused_while_somebody_uses_them(servers: Servers) -> None:
    with pytest.raises(InUseError):
        Servers(servers.layout).join(alone=True)


def test_a_process_that_was_killed_does_not_keep_the_servers_up(servers: Servers, state: Path) -> None:
    other = hold_in_another_process(state)
    other.kill()
    other.communicate()
    assert servers.leave()
    assert not servers.postgres.is_alive()


def test_a_process_that_leaves_in_order_leaves_the_servers_to_the_others(servers: Servers, state: Path) -> None:
    other = hold_in_another_process(state)
    other.communicate("")
    assert other.returncode == 0
    assert query(servers, "SELECT 1") == [(1,)]
