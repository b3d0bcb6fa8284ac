"""Where state and sockets go, and who may get there."""

import os
import pwd
import tempfile
from pathlib import Path

import pytest

from tests.embedded.clients import query
from zone_portal.embedded.account import can_reach
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import SOCKET_PATH_MAX, Layout, choose_layout, make_directory
from zone_portal.embedded.sharing import Servers

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root alone")


@pytest.fixture
def default_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_STATE_DIR", raising=False)


@pytest.mark.usefixtures("default_place")
def test_the_state_of_an_open_checkout_lies_inside_it(state: Path) -> None:
    assert choose_layout(checkout=state).state == state / ".local"
    assert choose_layout("test-1", checkout=state).state == state / ".local" / "test-1"


@as_root
@pytest.mark.usefixtures("default_place")
def test_the_state_of_a_checkout_in_a_closed_home_lies_outside(state: Path) -> None:
    home = state / "home"
    home.mkdir(mode=0o700)
    outside = choose_layout(checkout=home / "portal").state
    assert outside.parent == Path("/var/lib")
    assert choose_layout(checkout=home / "other").state != outside


@as_root
@pytest.mark.usefixtures("default_place")
def test_an_existing_cluster_keeps_its_owner(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_RUN_AS", raising=False)
    nobody = pwd.getpwnam("nobody")
    cluster = state / ".local" / "pg"
    cluster.mkdir(parents=True)
    os.chown(cluster, nobody.pw_uid, nobody.pw_gid)
    account = choose_layout(checkout=state).account
    assert account is not None
    assert account.pw_name == "nobody"


def test_an_unknown_user_is_refused_by_name(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RUN_AS", "nemo")
    if os.geteuid() == 0:
        with pytest.raises(EmbeddedError, match="'nemo'"):
            choose_layout(checkout=state)
    else:
        assert choose_layout(checkout=state).account is None


@pytest.mark.parametrize("mode", [0o700, 0o711, 0o755])
def test_a_directory_can_be_reached_when_others_may_pass_it(state: Path, mode: int) -> None:
    closed = state / "closed"
    closed.mkdir()
    closed.chmod(mode)
    account = pwd.getpwnam("nobody")
    assert can_reach(closed / "deeper", account) is bool(mode & 0o001)
    assert can_reach(closed, None)


def test_a_long_path_puts_the_sockets_into_a_short_directory_of_our_own(state: Path) -> None:
    deep = state / ("x" * 60) / ("y" * 60)
    layout = Layout(base=deep, state=deep, account=choose_layout(checkout=state).account)
    assert layout.sockets.parent == Path(tempfile.gettempdir())
    servers = Servers(layout, durable=False)
    with servers.joined():
        assert query(servers, "SELECT 1") == [(1,)]
        assert layout.sockets.stat().st_mode & 0o777 == 0o700
    layout.sockets.joinpath("valkey.sock").unlink(missing_ok=True)
    for left in layout.sockets.iterdir():
        left.unlink()
    layout.sockets.rmdir()


def test_the_longest_path_that_fits_is_used(state: Path) -> None:
    room = SOCKET_PATH_MAX - len(str(state / "x" / "run" / ".s.PGSQL.5432")) + 1
    fits, too_long = state / ("x" * room), state / ("x" * (room + 1))
    assert Layout(fits, fits, None).sockets == fits / "run"
    assert Layout(too_long, too_long, None).sockets.parent == Path(tempfile.gettempdir())


def test_a_symbolic_link_is_not_taken_for_our_directory(state: Path) -> None:
    (state / "elsewhere").mkdir()
    (state / "run").symlink_to(state / "elsewhere")
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        make_directory(state / "run", None, 0o700)


@as_root
def test_a_directory_of_another_user_is_refused(state: Path) -> None:
    trap = state / "trap"
    trap.mkdir()
    os.chown(trap, 4242, 4242)
    with pytest.raises(EmbeddedError, match="uid 4242"):
        make_directory(trap, None, 0o700)
