"""How long a whole zone takes to come in: companies, units and leases from CSV, beside COPY of the same rows.

    python benchmarks/import.py [--companies 150000] [--leases 200000]

Makes a database of its own next to the configured one and drops it. The ratio is to bare COPY into tables with the
same columns and keys, without constraints, history or search columns: what the machine can do at best, in the same run.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")
os.environ.setdefault("DJANGO_DEBUG", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
import polars as pl

django.setup()

from django.db import connection  # noqa: E402  (Django is ready only now)
from django.test.utils import CaptureQueriesContext  # noqa: E402
from stdnum.cn import uscc  # noqa: E402

from core.frames import write_frame  # noqa: E402
from core.interchange import importing, kinds  # noqa: E402
from zone_portal.dashboard.progress import Bars  # noqa: E402

KINDS = ("companies", "units", "leases")
TODAY = dt.date(2026, 6, 15)


def credit_code(number: int) -> str:
    body = f"91330106MA{number:07}"
    return body + uscc.calc_check_digit(body)


def company_rows(count: int) -> pl.DataFrame:
    number = pl.int_range(count, eager=True)
    return pl.DataFrame({"number": number}).select(
        pl.format("B{}", "number").alias("code"),
        pl.format("Xihu Robotics {} Ltd.", "number").alias("name"),
        pl.format("杭州西湖机器人{}科技有限公司", "number").alias("name_zh"),
        pl.Series("uscc", [credit_code(n) for n in range(count)]),
        kind=pl.lit("company"),
        industry=pl.lit("software"),
        founded_on=pl.lit("2019-05-01"),
        registered_on=pl.date(2021, 1, 1).dt.offset_by(pl.format("{}d", pl.col("number") % 1500)).cast(pl.String),
        operating_from=pl.lit("2021-02-01"),
        stage=pl.lit("chick"),
        listed=pl.lit("no"),
        bad_credit=pl.lit("no"),
        country=pl.lit("CN"),
        website=pl.format("https://b{}.example", "number"),
    )


def unit_rows(count: int) -> pl.DataFrame:
    return pl.DataFrame({"number": pl.int_range(count, eager=True)}).select(
        pl.format("U{}", "number").alias("unit"),
        pl.format("campus-{}", pl.col("number") % 3).alias("campus"),
        pl.format("B{}", pl.col("number") % 40).alias("building"),
        floor=pl.lit("3"),
        area_m2=pl.lit("120.50"),
    )


def lease_rows(count: int, companies: int, units: int) -> pl.DataFrame:
    """Leases one after the other in each unit, a year each."""
    number, year = pl.col("number"), 2020 + pl.col("number") // units
    return pl.DataFrame({"number": pl.int_range(count, eager=True)}).select(
        pl.format("L{}", "number").alias("lease"),
        pl.format("B{}", number % companies).alias("company"),
        pl.format("U{}", number % units).alias("unit"),
        area_m2=pl.lit("98.25"),
        price_per_m2_day=pl.lit("3.1500"),
        first_day=pl.format("{}-01-01", year),
        last_day=pl.format("{}-12-31", year),
    )


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def copied(frame: pl.DataFrame, kind: str) -> float:
    columns = ", ".join(f"{name} text" for name in frame.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_{kind} ({columns}, PRIMARY KEY ({frame.columns[0]}))")
    return timed(lambda: write_frame(frame, f"bare_{kind}"))


def imported(kind: str, path: Path) -> float:
    with Bars() as bars:
        return timed(lambda: importing.import_file(kinds.import_kind(kind), path, on=TODAY, progress=bars))


def measure(folder: Path, companies: int, leases: int) -> None:
    units = max(leases // 5, 1)
    rows = {
        "companies": company_rows(companies),
        "units": unit_rows(units),
        "leases": lease_rows(leases, companies, units),
    }
    totals = {"copy": 0.0, "first": 0.0, "again": 0.0}
    for kind in KINDS:
        path = folder / f"{kind}.csv"
        rows[kind].write_csv(path)
        copy, first = copied(rows[kind], kind), imported(kind, path)
        with CaptureQueriesContext(connection) as queries:
            again = imported(kind, path)
        totals = {"copy": totals["copy"] + copy, "first": totals["first"] + first, "again": totals["again"] + again}
        print(
            f"{kind:10} {rows[kind].height:8,} rows: COPY {copy:6.2f} s, import {first:6.2f} s ({first / copy:5.1f} x),"
            f" again {again:6.2f} s ({again / copy:5.1f} x, {len(queries)} statements)"
        )
    print(
        f"together: import {totals['first']:.1f} s ({totals['first'] / totals['copy']:.1f} x COPY), again"
        f" {totals['again']:.1f} s ({totals['again'] / totals['copy']:.1f} x)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    parser.add_argument("--leases", type=int, default=200_000)
    options = parser.parse_args()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), options.companies, options.leases)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
