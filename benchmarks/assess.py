"""How long it takes to decide the eight points for a whole zone and write them, beside COPY of the same rows.

    python benchmarks/assess.py [--companies 150000] [--workers 2]

Makes a database of its own and drops it. The first run decides and writes every point of every company, with its
explanation (the result of each criterion, the facts it saw, what failed it and what is missing) and its seal; the
second finds nothing changed and must write nothing; then one company in a hundred changes; then the stages of all
companies are proposed, twice; and in the end every decision is replayed. A run is shared by `--workers` processes in
the way and through the code of the portal's workers; the points and the stages are runs of their own. Each is given
as a ratio to one COPY of the first run's rows, taken from a client's memory into a table with the same columns,
constraints and indexes, in the same run. Peak memory is that of the largest worker.
"""

import argparse
import datetime as dt
import io
import sys
import tempfile
import time
from pathlib import Path

from throwaway import throwaway_database, timed
from workers import Share, worker_processes

TODAY = dt.date(2026, 6, 15)
ROWS = """
    id, public_id, company_id, company_code, point, version_id, decided_for, outcome, amount, criteria, facts, unmet,
    missing, fingerprint, decided_at, superseded_at, seal
"""


def fill(companies: int) -> None:
    """A zone of this size out of files, as a user would bring it: with unknowns, gaps, several leases at once."""
    from core.interchange import importing, kinds
    from zone_portal.demo.scale import Sizes, write_files

    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        for kind in write_files(files, Sizes.of(companies), today=TODAY):
            importing.import_file(kinds.import_kind(kind), files / f"{kind}.csv", on=TODAY)


def assess_all(share: Share, part: str) -> tuple[dict[str, int], float]:
    """Have every company decided by the workers, or its stage proposed; the counts of the run, and the memory of the
    largest worker."""
    from core.models import Run, RunState
    from subsidies.services import assessments

    run = Run.objects.create(kind=assessments.ASSESS, arguments={"on": TODAY.isoformat(), "parts": [part]})
    memory = max(share(run.pk))
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise AssertionError(f"the run is {run.state}: {run.error}")
    return dict(run.result), memory


def copied() -> float:
    """Seconds for COPY of the decisions in force into an identical table."""
    from django.db import connection

    rows = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT {ROWS} FROM subsidies_decision ORDER BY id) TO STDOUT", rows)
        cursor.execute("CREATE TABLE bare_decision (LIKE subsidies_decision INCLUDING ALL)")
        rows.seek(0)
        seconds = timed(lambda: cursor.copy_expert(f"COPY bare_decision ({ROWS}) FROM STDIN", rows))
        cursor.execute("DROP TABLE bare_decision")
    return seconds


def measured(what: str, share: Share, part: str = "points") -> tuple[float, dict[str, int], float]:
    start = time.perf_counter()
    counts, memory = assess_all(share, part)
    seconds = time.perf_counter() - start
    print(f"{what:34} {seconds:6.2f} s   {counts}", flush=True)
    return seconds, counts, memory


def replayed() -> tuple[float, int]:
    """Seconds to decide every stored decision again and check its seal, and how many differ."""
    from subsidies.gather.stored import Chosen
    from subsidies.services import replays

    start = time.perf_counter()
    decisions = differences = 0
    for count, found in replays.replay(Chosen()):
        decisions += count
        differences += len(found)
    seconds = time.perf_counter() - start
    print(f"{'replay: every decision':34} {seconds:6.2f} s   {decisions:,} decisions, {differences} differences")
    return seconds, differences


def measure(companies: int, workers: int) -> bool:
    from django.core.management import call_command
    from django.db import connection

    from subsidies.rules.pack import DEFAULT_PACK

    fill(companies)
    call_command("load_policy", str(DEFAULT_PACK), "--publish", verbosity=0)
    with worker_processes(workers) as share:
        first, counts, memory = measured("first run: decide and write", share)
        again, unchanged, _memory = measured("second run: nothing changed", share)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE companies_company SET registration = daterange('2020-01-01', NULL) WHERE id % 100 = 0"
            )
        some, _counts, _memory = measured("third run: one company in a hundred", share)
        staged, proposed, _memory = measured("stages: propose and write", share, "stages")
        same, kept, _memory = measured("stages: nothing changed", share, "stages")
    replay, differences = replayed()
    copies = [copied() for _ in range(2)]
    copy = min(copies)
    print(f"COPY of {counts['added']:,} such rows: " + ", ".join(f"{seconds:.2f} s" for seconds in copies))
    ratios = {
        "first": first,
        "unchanged": again,
        "changed": some,
        "replay": replay,
        "stages": staged,
        "stages unchanged": same,
    }
    print("   ".join(f"{what} / COPY {seconds / copy:.2f}" for what, seconds in ratios.items()))
    print(f"{workers} workers; peak memory of the largest in the first run {memory:.0f} MiB")
    print(f"rows written by the second run: {unchanged['added']}; stages proposed: {proposed['stages_proposed']:,}")
    written = [unchanged["added"], unchanged["superseded"], kept["stages_proposed"], kept["stages_superseded"]]
    return not any([*written, differences])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    parser.add_argument("--workers", type=int, default=2)  # as docker-compose starts
    options = parser.parse_args()
    with throwaway_database():
        return 0 if measure(options.companies, options.workers) else 1


if __name__ == "__main__":
    sys.exit(main())
