"""Where the embedded servers keep data, logs and sockets.

Normally `.local/` in the checkout. Under a directory that the servers' user may not enter (root's own home), it is
`/var/lib/portal-HASH`. PORTAL_STATE_DIR overrides both.
"""

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from zone_portal.embedded.account import can_reach, server_account
from zone_portal.embedded.errors import EmbeddedError

CHECKOUT = Path(__file__).resolve().parents[2]
SOCKET_NUMBER = 5432  # only names PostgreSQL's socket file: no port is opened
SOCKET_PATH_MAX = 103  # bytes that fit into sockaddr_un: 107 on Linux, 103 on macOS


@dataclass(frozen=True)
class Layout:
    """The places of one pair of servers. `base` is shared by several pairs and holds copied binaries."""

    base: Path
    state: Path
    account: pwd.struct_passwd | None

    @property
    def name(self) -> str:
        """Tells our processes from anybody else's: it is on their command lines."""
        return "portal-" + _digest(self.state)

    @property
    def cluster(self) -> Path:
        return self.state / "pg"

    @property
    def valkey(self) -> Path:
        return self.state / "valkey"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def sockets(self) -> Path:
        """`run/`, or a short directory of our own in /tmp when a socket's path would be too long for the kernel."""
        here = self.state / "run"
        if len(os.fsencode(here / f".s.PGSQL.{SOCKET_NUMBER}")) <= SOCKET_PATH_MAX:
            return here
        return Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{_digest(self.state)}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def addresses(self) -> dict[str, str]:
        """The two environment variables by which the settings find the servers."""
        return {
            "DATABASE_URL": f"postgresql://portal@/portal?host={quote(str(self.sockets))}&port={SOCKET_NUMBER}",
            "REDIS_URL": f"unix://{quote(str(self.valkey_socket))}",
        }

    def make_directories(self) -> None:
        """Create what is missing: the state open to pass through, the rest for the servers' user only."""
        if not can_reach(self.state, self.account):
            name = self.account.pw_name if self.account else ""
            raise EmbeddedError(
                f"The user {name} cannot enter {self.state}: set PORTAL_STATE_DIR to a directory it can."
            )
        for directory in dict.fromkeys((self.base, self.state)):
            make_directory(directory, None, 0o755)
        for directory in (self.valkey, self.logs, self.sockets):
            make_directory(directory, self.account, 0o700)


def make_directory(directory: Path, account: pwd.struct_passwd | None, mode: int) -> None:
    """Create `directory` for `account` (or for us) with `mode`. One that somebody else made is refused, not used:
    it may be a trap in /tmp, or the state of another user."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (PermissionError, FileExistsError) as error:
        raise EmbeddedError(f"{directory} cannot be created ({error.strerror}): set PORTAL_STATE_DIR.") from None
    status = directory.lstat()
    owners = {os.geteuid()} | ({account.pw_uid} if account else set())
    if directory.is_symlink() or status.st_uid not in owners:
        raise EmbeddedError(
            f"{directory} belongs to another user (uid {status.st_uid}): remove it, or set PORTAL_STATE_DIR."
        )
    if account and status.st_uid != account.pw_uid:
        os.chown(directory, account.pw_uid, account.pw_gid)
    if status.st_mode & 0o777 != mode:
        directory.chmod(mode)


def choose_layout(part: str = "", *, checkout: Path = CHECKOUT) -> Layout:
    """The layout for this checkout; a `part` such as "test-1" has servers of its own beside the usual ones."""
    override = os.environ.get("PORTAL_STATE_DIR")
    if override:
        base = Path(override).absolute()
        return Layout(base, base / part, server_account([base / part / "pg"]))
    inside, outside = checkout / ".local", Path("/var/lib") / ("portal-" + _digest(checkout))
    account = server_account([inside / part / "pg", outside / part / "pg"])
    base = inside if can_reach(inside, account) else outside
    return Layout(base, base / part, account)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
