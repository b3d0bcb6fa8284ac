"""How long a whole zone takes to come in, every kind of file from CSV, beside COPY of its rows.

    python benchmarks/import.py [--companies 150000] [--leases 200000]

Makes a database of its own and drops it. The ratio is to bare COPY into tables with the same columns and keys, without
constraints, history or search columns: what the machine can do at best, in the same run. The second import of each
file must find nothing to change.
"""

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path

from throwaway import throwaway_database, timed

TODAY = dt.date(2026, 6, 15)


def copied(path: Path, kind: str) -> float:
    """Seconds for COPY of the file's rows as they are."""
    import polars as pl
    from django.db import connection

    from core.frames import write_frame

    frame = pl.read_csv(path, infer_schema=False)
    columns = ", ".join(f"{name} text" for name in frame.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_{kind} (row serial PRIMARY KEY, {columns})")
    return timed(lambda: write_frame(frame, f"bare_{kind}"))


def imported(path: Path, kind: str) -> float:
    """Seconds for the import as the command does it."""
    from core.interchange import importing, kinds
    from zone_portal.dashboard.progress import Bars

    with Bars() as bars:
        return timed(lambda: importing.import_file(kinds.import_kind(kind), path, on=TODAY, progress=bars))


def measure(folder: Path, companies: int, leases: int) -> None:
    from zone_portal.demo.scale import Sizes, write_files

    totals = [0.0, 0.0, 0.0]
    for kind in write_files(folder, Sizes.of(companies, leases), today=TODAY):
        path = folder / f"{kind}.csv"
        copy, first, again = copied(path, kind), imported(path, kind), imported(path, kind)
        totals = [total + part for total, part in zip(totals, (copy, first, again), strict=True)]
        print(f"{kind:10} COPY {copy:6.2f} s   import {first:6.2f} s ({first / copy:5.1f} x)   again {again:6.2f} s")
    copy, first, again = totals
    print(f"together   COPY {copy:6.2f} s   import {first:6.2f} s ({first / copy:5.1f} x)   again {again:6.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    parser.add_argument("--leases", type=int, default=200_000)
    options = parser.parse_args()
    with throwaway_database(), tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.companies, options.leases)
    return 0


if __name__ == "__main__":
    sys.exit(main())
