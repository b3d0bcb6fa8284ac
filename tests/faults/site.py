"""A portal of its own for tests that kill its parts: servers that lose nothing, two workers and a beat, all real."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras

from tests.faults.zone import SHARD
from zone_portal.embedded.layout import CHECKOUT
from zone_portal.embedded.process import last_lines, wait_until
from zone_portal.embedded.sharing import Servers
from zone_portal.embedded.supervisor import Program

WORKERS = ("worker-1", "worker-2")
BEAT = "beat"
PATIENCE = 180.0  # of a test for a machine that is busy with others
WRITTEN = (
    "core_run, core_runshard, core_outboxevent, core_outboxdelivery, subsidies_decision, subsidies_rentstatement,"
    " subsidies_rentline, subsidies_rentadjustment, subsidies_intereststatement, subsidies_interestline,"
    " subsidies_interestadjustment"
)

# Who has done all of a shard but the last statement, which counts it on the run's row, and waits for that row.
WAITING = """
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE "core_run" SET "done"%'
"""


@dataclass
class Site:
    """The servers, and the programs that run on them by name. Each tells PostgreSQL its name."""

    servers: Servers
    folder: Path
    programs: dict[str, Program] = field(default_factory=dict)

    # --- programs ----------------------------------------------------------------------------------------------

    def start(self, name: str, *command: str) -> Program:
        """Run `python COMMAND` on these servers, in the background and in a session of its own. One of the same name,
        which a failed test left behind, is ended before."""
        if name in self.programs:
            self.kill(name)
        variables = {
            **self.servers.addresses,
            "PORTAL_EMBEDDED": "1",
            "PORTAL_RUN_SHARD": str(SHARD),
            "PORTAL_MAIL_DIR": str(self.folder / "mail"),
            "REDIS_KEY_PREFIX": "",
            "PYTHONPATH": str(CHECKOUT),
            "PGAPPNAME": name,
        }
        words = [f"{key}={value}" for key, value in variables.items()]
        program = Program(name, ("env", "-C", str(CHECKOUT), *words, sys.executable, *command), self._log(name))
        program.start()
        self.programs[name] = program
        return program

    def finish(self, program: Program) -> str:
        """Wait for the end of a program that should succeed; returns what it wrote."""
        assert program.process is not None
        assert program.process.wait(PATIENCE) == 0, last_lines(program.log, 40)
        return program.log.read_text()

    def run(self, name: str, *command: str) -> str:
        return self.finish(self.start(name, *command))

    def keep_running(self) -> None:
        """Start those of the workers and beat that are not there, as a supervisor does."""
        for name in WORKERS:
            if not self._is_running(name):
                self.start(name, "-m", "celery", "-A", "zone_portal", "worker", "-c", "1", "-n", f"{name}@%h")
        if not self._is_running(BEAT):
            schedule = str(self.folder / "schedule")
            self.start(BEAT, "-m", "celery", "-A", "tests.faults.schedule", "beat", "-s", schedule)

    def kill(self, name: str) -> None:
        """kill -9, with its children, as when the machine under it goes away."""
        process = self.programs.pop(name).process
        assert process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        for name in list(self.programs):
            self.kill(name)

    def kill_postgres(self) -> None:
        os.kill(int((self.servers.layout.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert wait_until(lambda: not self.servers.postgres.is_alive(), PATIENCE)

    def kill_valkey(self) -> None:
        os.kill(int((self.servers.layout.sockets / "valkey.pid").read_text()), signal.SIGKILL)
        assert wait_until(lambda: not self.servers.valkey.is_alive(), PATIENCE)

    def _is_running(self, name: str) -> bool:
        return name in self.programs and self.programs[name].is_running()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    # --- what the database says --------------------------------------------------------------------------------

    def rows(self, statement: str, *parameters: Any) -> list[Any]:
        """The rows of one statement in a session of its own, committed; columns by name."""
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            return fetched(connection, statement, parameters)

    def forget(self) -> None:
        """What runs have written; the register stays."""
        self.rows(f"TRUNCATE {WRITTEN} CASCADE")  # and what rests on them: grants, simulations

    def only_run(self) -> Any:
        """The one run that there is, or None."""
        found = self.rows("SELECT id, kind, state, total, done, result, error FROM core_run")
        assert len(found) <= 1, found
        return found[0] if found else None

    def ended_run(self) -> Any:
        """The run, once it has ended, which must be as planned."""
        assert wait_until(lambda: self.only_run().state in ("done", "failed"), PATIENCE, step=0.1), self.story()
        run = self.only_run()
        assert run.state == "done", run.error
        return run

    @contextlib.contextmanager
    def held_midway(self, parties: int = 1) -> Iterator[list[str]]:
        """Stop the run in the middle: yields the names of (at least so many) programs that have written all of a
        shard and cannot commit it until the body ends."""
        assert wait_until(lambda: (run := self.only_run()) is not None and run.done >= 2, PATIENCE), self.story()
        with contextlib.closing(self._connect()) as holder:
            (run,) = fetched(holder, "SELECT done, total, state FROM core_run FOR UPDATE")
            assert 2 <= run.done < run.total - parties, f"{run}: it was over before it could be held"
            assert wait_until(lambda: len(self.waiting()) >= parties, PATIENCE), self.story()
            yield self.waiting()

    def waiting(self) -> list[str]:
        return [row.application_name for row in self.rows(WAITING)]

    def story(self) -> str:
        """For the message of a failed assertion: what everybody was doing."""
        run = self.only_run() if self.servers.postgres.is_alive() else "PostgreSQL is not there"
        logs = (f"{name}:\n{last_lines(program.log, 12)}" for name, program in self.programs.items())
        return "\n".join([str(run), *logs])

    def _connect(self) -> Any:
        return psycopg2.connect(self.servers.addresses["DATABASE_URL"], cursor_factory=psycopg2.extras.NamedTupleCursor)


def fetched(connection: Any, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []
