"""How long it takes to decide the eight points for a whole zone and write them, beside COPY of the same rows.

    python benchmarks/assess.py [--companies 150000]

Makes a database of its own and drops it. The first run decides and writes every point of
every company, in the shards and through the code that workers use; the second finds nothing changed and must write
nothing; then one company in a hundred changes. Each is given as a ratio to one COPY of the first run's rows, taken
from a client's memory into a table with the same columns, constraints and indexes, in the same run. Peak memory is
that of this process.
"""

import argparse
import datetime as dt
import io
import sys
import tempfile
import time
from pathlib import Path

from throwaway import peak_mib, throwaway_database, timed

TODAY = dt.date(2026, 6, 15)
ROWS = """
    id, public_id, company_id, point, version_id, decided_for, outcome, amount, criteria, facts, unmet, missing,
    fingerprint, decided_at, superseded_at
"""


def fill(companies: int) -> None:
    """A zone of this size out of files, as a user would bring it: with unknowns, gaps, several leases at once."""
    from core.interchange import importing, kinds
    from zone_portal.demo.scale import Sizes, write_files

    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        for kind in write_files(files, Sizes.of(companies), today=TODAY):
            importing.import_file(kinds.import_kind(kind), files / f"{kind}.csv", on=TODAY)


def assess_all() -> dict[str, int]:
    """Decide every company as workers do; the counts of the run."""
    from core import runs
    from core.models import Run
    from subsidies.services import assessments

    run = Run.objects.create(kind=assessments.ASSESS, arguments={"on": TODAY.isoformat()})
    return dict(runs.execute(run).result)


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


def measured(what: str) -> tuple[float, dict[str, int]]:
    start = time.perf_counter()
    counts = assess_all()
    seconds = time.perf_counter() - start
    print(f"{what:34} {seconds:6.2f} s   {counts}", flush=True)
    return seconds, counts


def measure(companies: int) -> bool:
    from django.core.management import call_command
    from django.db import connection

    from subsidies.rules.pack import DEFAULT_PACK

    fill(companies)
    call_command("load_policy", str(DEFAULT_PACK), "--publish", verbosity=0)
    first, counts = measured("first run: decide and write")
    memory = peak_mib()
    again, unchanged = measured("second run: nothing changed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_company SET registration = daterange('2020-01-01', NULL) WHERE id % 100 = 0")
    some, _counts = measured("third run: one company in a hundred")
    copies = [copied() for _ in range(2)]
    copy = min(copies)
    print(f"COPY of {counts['added']:,} such rows: " + ", ".join(f"{seconds:.2f} s" for seconds in copies))
    print(f"first / COPY {first / copy:.2f}   unchanged / COPY {again / copy:.2f}   changed / COPY {some / copy:.2f}")
    print(f"peak memory of the first run {memory:.0f} MiB; rows written by the second run: {unchanged['added']}")
    return unchanged["added"] == unchanged["superseded"] == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    companies = parser.parse_args().companies
    with throwaway_database():
        return 0 if measure(companies) else 1


if __name__ == "__main__":
    sys.exit(main())
