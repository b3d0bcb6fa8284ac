"""After a kill both servers come back on their own data, whatever the dead ones left lying about."""

import contextlib
import os
import signal
import threading

import psycopg2
import pytest

from tests.embedded.clients import broker, query
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import Layout
from zone_portal.embedded.process import command_line, wait_until
from zone_portal.embedded.sharing import Servers


def kill_postgres(servers: Servers) -> None:
    pid = int((servers.layout.cluster / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def kill_valkey(servers: Servers) -> None:
    os.kill(int((servers.layout.sockets / "valkey.pid").read_text()), signal.SIGKILL)


def test_a_killed_postgres_is_revived_with_its_rows(durable_servers: Servers) -> None:
    query(durable_servers, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")
    kill_postgres(durable_servers)
    assert wait_until(lambda: not durable_servers.postgres.is_alive(), 5)
    assert durable_servers.revive() == ["PostgreSQL"]
    assert query(durable_servers, "SELECT count(*) FROM kept") == [(1000,)]


def test_a_killed_valkey_is_revived_with_its_messages(durable_servers: Servers) -> None:
    broker(durable_servers).rpush("queue", *range(1000))
    kill_valkey(durable_servers)
    assert wait_until(lambda: not durable_servers.valkey.is_alive(), 5)
    assert durable_servers.revive() == ["Valkey"]
    assert broker(durable_servers).llen("queue") == 1000


def test_nothing_is_revived_while_both_live(servers: Servers) -> None:
    assert servers.revive() == []


def test_a_zombie_that_nobody_reaps_does_not_stand_in_the_way(servers: Servers) -> None:
    kill_postgres(servers)
    kill_valkey(servers)
    newcomer = Servers(servers.layout, durable=False)  # not the parent of the dead ones, so it cannot reap them
    assert newcomer.join() == {"PostgreSQL": "started", "Valkey": "started"}
    assert query(newcomer, "SELECT 1") == [(1,)]
    newcomer.leave()


def test_a_process_id_that_belongs_to_somebody_else_by_now_is_not_taken_for_ours(made_layout: Layout) -> None:
    servers = Servers(made_layout)
    with servers.joined():
        query(servers, "CREATE TABLE kept AS SELECT 1 AS x")
    (made_layout.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{made_layout.cluster}\n")
    (made_layout.sockets / "valkey.pid").write_text(f"{os.getpid()}\n")
    with servers.joined():
        assert query(servers, "SELECT x FROM kept") == [(1,)]


@pytest.mark.slow
def test_a_session_that_outlives_a_killed_postgres_is_ended_before_the_next_start(servers: Servers) -> None:
    def keep_busy() -> None:
        with contextlib.suppress(psycopg2.OperationalError):
            query(servers, "SELECT count(*) FROM generate_series(1, 100000000000) AS endless")

    session = threading.Thread(target=keep_busy)
    session.start()
    busy = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%endless' AND pid <> pg_backend_pid()"
    assert wait_until(lambda: bool(query(servers, busy)), 10)
    ((orphan,),) = query(servers, busy)
    kill_postgres(servers)
    assert wait_until(lambda: not servers.postgres.is_alive(), 5)

    assert servers.revive() == ["PostgreSQL"]
    session.join(10)
    assert not session.is_alive()
    assert not command_line(int(str(orphan)))


def test_an_initdb_that_was_cut_short_is_begun_anew(layout: Layout) -> None:
    layout.make_directories()
    unfinished = layout.state / "pg.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    servers = Servers(layout, durable=False)
    with servers.joined() as had:
        assert had["PostgreSQL"] == "created"
    assert not unfinished.exists()


def test_a_cluster_of_another_version_is_refused_with_the_way_out(layout: Layout) -> None:
    layout.make_directories()
    layout.cluster.mkdir()
    (layout.cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match=r"was made by PostgreSQL 9.*dump it"):
        Servers(layout).join()
    assert (layout.cluster / "PG_VERSION").read_text() == "9\n"


def test_a_directory_that_is_no_cluster_is_left_alone(layout: Layout) -> None:
    layout.make_directories()
    layout.cluster.mkdir()
    (layout.cluster / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedError, match="no PostgreSQL cluster"):
        Servers(layout).join()
    assert (layout.cluster / "thesis.txt").exists()
