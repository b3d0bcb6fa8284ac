"""The pair of servers, shared by every process that needs it: the first one starts it, the last one out stops it.

Each user holds a shared lock on `users.lock`, which the kernel drops with the process, however it ends. Starting and
stopping happen under `change.lock`, so that one never overlaps the other.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from zone_portal.embedded.binaries import find_binaries
from zone_portal.embedded.layout import Layout, choose_layout
from zone_portal.embedded.postgres import Postgres
from zone_portal.embedded.valkey import Valkey


class InUseError(Exception):
    """Somebody else uses these servers, and they were asked for alone."""


@dataclass
class Servers:
    """PostgreSQL and Valkey of one layout. `join` before use, `leave` after."""

    layout: Layout
    durable: bool = True
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    _use: int | None = field(default=None, init=False, repr=False)

    @classmethod
    def for_checkout(cls, part: str = "", *, durable: bool = True) -> "Servers":
        """The servers of this checkout, or of a `part` of it such as "test-1"."""
        return cls(choose_layout(part), durable)

    @property
    def addresses(self) -> dict[str, str]:
        return self.layout.addresses

    def join(self, *, alone: bool = False) -> dict[str, str]:
        """Start the servers or join them; returns how each was had. `alone` raises InUseError when others use them."""
        self.layout.make_directories()
        with self._change():
            use = os.open(self.layout.state / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                self._lock_for_use(use, alone=alone)
                binaries = find_binaries(self.layout)
                self.postgres = Postgres(self.layout, binaries.postgres, self.durable)
                self.valkey = Valkey(self.layout, binaries.valkey, self.durable)
                had = {"PostgreSQL": self.postgres.start(), "Valkey": self.valkey.start()}
            except BaseException:
                os.close(use)
                raise
            self._use = use
            return had

    def leave(self) -> bool:
        """Stop the servers unless somebody else uses them; says whether they were stopped."""
        if self._use is None:
            return False
        with self._change():
            use, self._use = self._use, None
            try:
                fcntl.flock(use, fcntl.LOCK_UN)  # two leaving at once must not each wait for the other
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                self.valkey.stop()
                self.postgres.stop()
                return True
            finally:
                os.close(use)

    def revive(self) -> list[str]:
        """Start again whichever server died, on its own data; returns the names of those that were started."""
        if self.postgres.is_alive() and self.valkey.is_alive():
            return []
        with self._change():
            had = {"PostgreSQL": self.postgres.start(), "Valkey": self.valkey.start()}
        return [name for name, how in had.items() if how != "joined"]

    @contextlib.contextmanager
    def joined(self) -> Iterator[dict[str, str]]:
        """`join`, and `leave` at the end."""
        had = self.join()
        try:
            yield had
        finally:
            self.leave()

    def _lock_for_use(self, use: int, *, alone: bool) -> None:
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            raise InUseError(self.layout.state) from None

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with (self.layout.state / "change.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
