"""One Valkey (or Redis) server on a Unix socket, with an append-only file: a kill loses nothing."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import Layout
from zone_portal.embedded.process import command_line, last_lines, read_pid, spawn, wait_until

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass
class Valkey:
    """`durable=False` is for tests: everything is in memory, and gone when the server stops."""

    layout: Layout
    binary: Path
    durable: bool = True
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> str:
        """Make sure that the server answers; says whether it was "started" or "joined"."""
        if self.is_alive():
            self._wait_ready(self.is_alive)
            return "joined"
        self._pid_file.unlink(missing_ok=True)
        configuration = self._write_configuration()
        with self._log.open("ab") as log:
            child = spawn([self.binary, configuration], self.layout.account, log)
        self.child = child
        self._wait_ready(lambda: child.poll() is None)
        return "started"

    def stop(self) -> None:
        """End the server whoever started it; what it holds is written first."""
        pid = read_pid(self._pid_file)
        if pid is None or not self._is_ours(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        if not wait_until(lambda: not self._is_ours(pid), STOP_SECONDS):
            raise EmbeddedError(f"Valkey (process {pid}) does not stop, see {self._log}.")

    def is_alive(self) -> bool:
        """Is the process there? It may still be reading its file back."""
        pid = read_pid(self._pid_file)
        return pid is not None and self._is_ours(pid)

    @property
    def _pid_file(self) -> Path:
        return self.layout.sockets / "valkey.pid"

    @property
    def _configuration(self) -> Path:
        return self.layout.valkey / "valkey.conf"

    @property
    def _log(self) -> Path:
        return self.layout.logs / "valkey.log"

    def _is_ours(self, pid: int) -> bool:
        if self.child is not None:
            self.child.poll()  # reaps it
        return str(self._configuration) in command_line(pid)

    def _write_configuration(self) -> Path:
        lines = [
            "port 0",
            f'unixsocket "{self.layout.valkey_socket}"',
            "unixsocketperm 700",
            f'dir "{self.layout.valkey}"',
            f'pidfile "{self._pid_file}"',
            "daemonize no",
            "set-proc-title no",  # keeps the path of this file on the command line: it is how we know our own
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",  # the broker's messages must never be dropped for space
        ]
        self._configuration.write_text("\n".join(lines) + "\n")
        if self.layout.account:
            os.chown(self._configuration, self.layout.account.pw_uid, self.layout.account.pw_gid)
        return self._configuration

    def _is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(1)
                connection.connect(str(self.layout.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")  # "-LOADING" while the file is read back
        except OSError:
            return False

    def _wait_ready(self, is_running: Callable[[], bool]) -> None:
        wait_until(lambda: self._is_ready() or not is_running(), START_SECONDS, step=0.01)
        if not self._is_ready():
            raise EmbeddedError(f"Valkey did not start. The end of {self._log}:\n{last_lines(self._log)}")
