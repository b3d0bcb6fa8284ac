"""One PostgreSQL server on a Unix socket: made, started, joined, brought back after a crash, stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import SOCKET_NUMBER, Layout, make_directory
from zone_portal.embedded.process import (
    command_line,
    last_lines,
    processes_like,
    read_pid,
    run,
    spawn,
    wait_until,
)

START_SECONDS = 120  # crash recovery after a large import may take a while
STOP_SIGNALS = ((signal.SIGINT, 20), (signal.SIGQUIT, 5))  # fast, then immediate; SIGKILL would leave orphans
STATE_LINE = 7
# A system's PostgreSQL may come with LLVM, which compiles queries for longer than a test's few rows take.
FAST_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")


@dataclass
class Postgres:
    """`durable=False` is for tests: nothing is flushed, a crash of the machine may lose everything."""

    layout: Layout
    binaries: Path
    durable: bool = True
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> str:
        """Make sure that the server answers; says whether it was "created", "started" or "joined"."""
        if self.is_alive():
            self._wait_ready(self.is_alive)
            return "joined"
        created = self._create_cluster_if_missing()
        self._check_version()
        self._clear_remains()
        self._launch()
        self._create_database_if_missing()
        return "created" if created else "started"

    def stop(self) -> None:
        """End the server whoever started it; its sessions are rolled back."""
        for number, seconds in STOP_SIGNALS:
            pid = read_pid(self._pid_file)
            if pid is None or not self._is_ours(pid):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if wait_until(lambda pid=pid: not self._is_ours(pid), seconds):  # type: ignore[misc]
                return

    def is_alive(self) -> bool:
        """Is the server's first process there? It may still be replaying its log."""
        pid = read_pid(self._pid_file)
        return pid is not None and self._is_ours(pid)

    @property
    def _pid_file(self) -> Path:
        return self.layout.cluster / "postmaster.pid"

    @property
    def _log(self) -> Path:
        return self.layout.logs / "postgres.log"

    def _is_ours(self, pid: int) -> bool:
        if self.child is not None:
            self.child.poll()  # reaps it
        return self._names_us(command_line(pid))

    def _names_us(self, line: str) -> bool:
        """A process id may have been given to somebody else since: the cluster's name on its command line decides,
        as the first process has it in its options and every session in its title."""
        return f"cluster_name={self.layout.name}" in line or line.startswith(f"postgres: {self.layout.name}:")

    def _remains(self) -> list[int]:
        return list(processes_like(self._names_us))

    def _is_ready(self) -> bool:
        """The server keeps its state on the eighth line of the pid file; pg_ctl reads it there too."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATE_LINE and lines[STATE_LINE].strip() == "ready" and self.is_alive()

    def _create_cluster_if_missing(self) -> bool:
        """`initdb` beside the real place, then rename: one that was cut short can never look like a cluster."""
        cluster = self.layout.cluster
        if (cluster / "PG_VERSION").exists():
            return False
        if cluster.exists() and any(cluster.iterdir()):
            raise EmbeddedError(f"{cluster} is not empty and no PostgreSQL cluster: move it away.")
        unfinished = cluster.with_name("pg.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_directory(unfinished, self.layout.account, 0o700)
        made = run([*self._initdb_command(), "-D", unfinished], self.layout.account)
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
        if cluster.exists():
            cluster.rmdir()
        unfinished.rename(cluster)
        return True

    def _initdb_command(self) -> list[object]:
        """C.UTF-8, always: under plain C, upper() leaves ä as it is and trigrams see no Chinese at all."""
        # PostgreSQL's own provider knows it from 17 on and needs neither ICU nor a C library that has it.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self._installed_version() >= 17 else []
        durability = [] if self.durable else ["--no-sync"]
        program = self.binaries / "initdb"
        common = ["-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        return [program, *common, *builtin, *durability]

    def _installed_version(self) -> int:
        text = run([self.binaries / "postgres", "--version"]).stdout  # "postgres (PostgreSQL) 15.20 (Debian ...)"
        return int(text.split(")")[1].split()[0].split(".")[0])

    def _check_version(self) -> None:
        made_by = (self.layout.cluster / "PG_VERSION").read_text().strip()
        installed = str(self._installed_version())
        if made_by != installed:
            raise EmbeddedError(
                f"{self.layout.cluster} was made by PostgreSQL {made_by}, and {installed} is installed: dump it with "
                f"the old version and restore it into the new one, or move the directory away to begin anew."
            )

    def _clear_remains(self) -> None:
        """After a kill: see the orphaned sessions out, then take the dead server's lock files away.

        PostgreSQL would refuse files that name a zombie or a process id in use again. Without them it no longer looks
        for orphans that still write to the data, hence the order.
        """
        if not wait_until(lambda: not self._remains(), 5):
            for pid in self._remains():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            if not wait_until(lambda: not self._remains(), 10):
                raise EmbeddedError(f"Processes of a killed PostgreSQL still use {self.layout.cluster}: end them.")
        self._pid_file.unlink(missing_ok=True)
        (self.layout.sockets / f".s.PGSQL.{SOCKET_NUMBER}.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        """Start `postgres` itself, not pg_ctl: as our own child it leaves no zombie while we live."""
        options = [
            f"cluster_name={self.layout.name}",
            "listen_addresses=",
            f"unix_socket_directories={self.layout.sockets}",
            "unix_socket_permissions=0700",
            f"port={SOCKET_NUMBER}",
            "max_connections=100",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self.durable else FAST_NOT_DURABLE),
        ]
        flags = [word for option in options for word in ("-c", option)]
        with self._log.open("ab") as log:
            child = spawn([self.binaries / "postgres", "-D", self.layout.cluster, *flags], self.layout.account, log)
        self.child = child
        self._wait_ready(lambda: child.poll() is None)

    def _wait_ready(self, is_running: Callable[[], bool]) -> None:
        wait_until(lambda: self._is_ready() or not is_running(), START_SECONDS)
        if not self._is_ready():
            raise EmbeddedError(f"PostgreSQL did not start. The end of {self._log}:\n{last_lines(self._log)}")

    def _create_database_if_missing(self) -> None:
        found = self._query("SELECT 1 FROM pg_database WHERE datname = 'portal'")
        if found.stdout.strip() != "1":
            made = self._query("CREATE DATABASE portal")
            if made.returncode:
                raise EmbeddedError(f"The database could not be created: {made.stderr}")

    def _query(self, statement: str) -> subprocess.CompletedProcess[str]:
        where = ["-h", self.layout.sockets, "-p", SOCKET_NUMBER, "-U", "portal", "-d", "postgres"]
        return run([self.binaries / "psql", *where, "-XAtqc", statement])
