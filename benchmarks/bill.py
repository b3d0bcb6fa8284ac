"""How long it takes to bill a month of a whole zone, beside COPY of the same rows.

    python benchmarks/bill.py [--leases 200000] [--workers 2]

Makes a database of its own and drops it. Every lease has days in the month that is billed, some two a company. The
first bill works out every line with its arithmetic and writes the statements; the second finds nothing changed and must
write nothing; then the month is issued in one act, a lease in a hundred is corrected, and the month after it is billed
with the corrections. A bill is shared by `--workers` processes in the way and through the code of the portal's workers.

Each is given as a ratio to one COPY of the first bill's rows (statements, lines, and the audit trail's rows of them),
taken from a client's memory into tables with the same columns, constraints (foreign keys too) and indexes, in the same
run. Only the audit trail's rows are written by triggers where they are made; COPY brings them ready, so that the bar
stands against less work than the bill has.
"""

import argparse
import datetime as dt
import io
import sys
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from throwaway import throwaway_database, timed
from workers import Share, worker_processes

TODAY = dt.date(2026, 6, 15)
MONTH, NEXT = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
BAR = 2.0
TABLES = ("subsidies_rentstatement", "subsidies_rentline", "subsidies_rentstatementevent")
BUDGET, BUDGET_YUAN = "rent_waiver.yearly_budget", Decimal(10**10)
DRAWN = 4  # leases that are drawn for each that is wanted: the others are over, or begin later
KEYS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"


def fill(size: int) -> None:
    """A zone with so many leases in the month, out of files, as a user would bring it."""
    import polars as pl

    from core.interchange import importing, kinds
    from zone_portal.demo import scale

    register = scale.companies(size * 3 // 4, today=TODAY)
    lettable = scale.units(DRAWN * size // 2)
    drawn = scale.leases(DRAWN * size, register["code"], lettable, today=TODAY)
    runs = (pl.col("first_day") < NEXT) & (pl.col("last_day").is_null() | (pl.col("last_day") >= MONTH))
    leases = drawn.filter(runs).head(size)
    if leases.height < size:
        raise AssertionError(f"only {leases.height:,} of the leases that were drawn run in the month")
    frames = {
        "companies": register,
        "units": lettable.drop("area").join(leases.select("unit"), on="unit", how="semi"),
        "leases": leases,
    }
    with tempfile.TemporaryDirectory() as folder:
        for kind, frame in frames.items():
            path = Path(folder) / f"{kind}.csv"
            frame.write_csv(path)
            importing.import_file(kinds.import_kind(kind), path, on=TODAY)


def bill(month: dt.date, share: Share) -> tuple[dict[str, int], float]:
    """Have a month billed by the workers; the counts of the run, and the memory of the largest worker."""
    from core.models import RunState
    from subsidies.services import statements

    run = statements.request_billing(month=month)
    memory = max(share(run.pk))
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise AssertionError(f"the run is {run.state}: {run.error}")
    return dict(run.result), memory


def measured(what: str, month: dt.date, share: Share) -> tuple[float, dict[str, int], float]:
    start = time.perf_counter()
    counts, memory = bill(month, share)
    seconds = time.perf_counter() - start
    print(f"{what:38} {seconds:6.2f} s   {counts}", flush=True)
    return seconds, counts, memory


def copied(table: str) -> float:
    """Seconds for COPY of a table's rows, committed, into an identical one."""
    from django.db import connection

    rows, bare = io.BytesIO(), f"bare_{table}"
    with connection.cursor() as cursor:
        columns = ", ".join(column.name for column in connection.introspection.get_table_description(cursor, table))
        cursor.copy_expert(f"COPY (SELECT {columns} FROM {table} ORDER BY 1) TO STDOUT", rows)
        cursor.execute(f"CREATE TABLE {bare} (LIKE {table} INCLUDING ALL)")
        cursor.execute(KEYS, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {bare} ADD CONSTRAINT {name} {definition}")
        rows.seek(0)
        seconds = timed(lambda: cursor.copy_expert(f"COPY {bare} ({columns}) FROM STDIN", rows))
        cursor.execute(f"DROP TABLE {bare}")
    return seconds


def issued() -> float:
    """Seconds for the act of the treasurer."""
    from accounts.models import RoleGrant, StaffRole, User
    from subsidies.services import statements

    treasurer = User.objects.create(email="treasurer@zone.example", name="Treasurer")
    RoleGrant.objects.create(user=treasurer, role=StaffRole.TREASURER)
    seconds = timed(lambda: statements.issue_statements(month=MONTH, on=TODAY, by=treasurer))
    print(f"{'the month issued in one act':38} {seconds:6.2f} s")
    return seconds


def corrected() -> None:
    """The area of a lease in a hundred was wrong from the first day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE spaces_lease SET area_m2 = area_m2 - 0.01 WHERE id %% 100 = 0", [])


def put_policy_in_force() -> None:
    """The default pack, but for the budget of rent: that of one zone does not hold so many leases."""
    from subsidies.rules.pack import DEFAULT_PACK, load
    from subsidies.services import policies

    pack = load(DEFAULT_PACK)
    wide = replace(pack.parameters[BUDGET], value=BUDGET_YUAN)
    policies.load_pack(pack=replace(pack, parameters={**pack.parameters, BUDGET: wide}), publish=True)


def measure(leases: int, workers: int) -> bool:
    fill(leases)
    put_policy_in_force()
    with worker_processes(workers) as share:
        first, counts, memory = measured("first bill: work out and write", MONTH, share)
        again, unchanged, _memory = measured("second bill: nothing changed", MONTH, share)
        copies = {table: min(copied(table) for _ in range(2)) for table in TABLES}
        issuing = issued()
        corrected()
        after, later, _memory = measured("the next month, one in a hundred corrected", NEXT, share)
    copy = sum(copies.values())
    print("COPY of such rows: " + ", ".join(f"{table} {seconds:.2f} s" for table, seconds in copies.items()))
    ratios = {"first": first, "unchanged": again, "issued": issuing, "next month": after}
    print("   ".join(f"{what} / COPY {seconds / copy:.2f}" for what, seconds in ratios.items()))
    print(f"{workers} workers; peak memory of the largest in the first bill {memory:.0f} MiB")
    print(f"statements {counts['written']:,}; written by the second bill {unchanged['written']}")
    print(f"corrections of the issued month {later['adjustments']:,}")
    return unchanged["written"] == 0 and first / copy <= BAR


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leases", type=int, default=200_000)
    parser.add_argument("--workers", type=int, default=2)  # as docker-compose starts
    options = parser.parse_args()
    with throwaway_database():
        return 0 if measure(options.leases, options.workers) else 1


if __name__ == "__main__":
    sys.exit(main())
