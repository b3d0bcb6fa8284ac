"""How long a draft of the policy takes to simulate, beside the bare read of the facts that it is simulated on.

    python benchmarks/simulate.py [--companies 150000] [--projected 10000] [--naive 3000]

Makes a database of its own and drops it. Three figures, each a ratio within this run:

- one day over all companies: what an editor waits for when a value is dragged (the register is in memory, what the law
  decides is known) and what the first look costs, both as ratios to the bare read of the records by COPY;
- 36 months over `--projected` companies, by the law and with the draft, as a ratio to the bare read of theirs;
- a plain loop over `--naive` companies that evaluates the same trees on one object at a time, as companies a second.
"""

import argparse
import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from naive import decide_one_by_one
from throwaway import peak_mib, throwaway_database, timed

TODAY = dt.date(2026, 6, 15)
DRAFTED_FROM = dt.date(2026, 6, 1)
TRIES = 5


def fill(companies: int) -> None:
    """A zone of this size out of files, as a user would bring it."""
    from core.interchange import importing, kinds
    from zone_portal.demo.scale import Sizes, write_files

    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        for kind in write_files(files, Sizes.of(companies), today=TODAY):
            importing.import_file(kinds.import_kind(kind), files / f"{kind}.csv", on=TODAY)


def best(work: Callable[[], object], times: int = TRIES) -> float:
    return min(timed(work) for _ in range(times))


def measure(companies: int, projected: int, naive: int) -> None:
    from subsidies.gather.premises import premises
    from subsidies.gather.records import records
    from subsidies.gather.selection import LAST, id_range
    from subsidies.gather.snapshot import Decided
    from subsidies.rules.pack import DEFAULT_PACK, load
    from subsidies.rules.parameters import ParameterSet, Timeline
    from subsidies.rules.points import POINTS
    from subsidies.rules.records import facts_of
    from subsidies.rules.simulation import cells_of_both, decided, laid_beside, sums, touched, with_draft

    fill(companies)
    in_force = load(DEFAULT_PACK).parameter_set()
    law = Timeline([in_force])
    points = tuple(POINTS.values())

    def draft(area: int) -> ParameterSet:
        changed = replace(in_force.parameters["rent_waiver.area_m2"], value=Decimal(area))
        other = {**in_force.parameters, "rent_waiver.area_m2": changed}
        return ParameterSet(f"draft {area}", DRAFTED_FROM, other)

    read = best(lambda: records(id_range(0, LAST)), 3)
    held = records(id_range(0, LAST))
    before = Decided(decided(points, held, law, TODAY), {})
    areas = iter(range(10, 300, 7))

    def drag() -> object:
        other = draft(next(areas))
        some = touched(points, law, other)
        after = decided(some, held, with_draft(law, other), TODAY)
        return sums(laid_beside(before.of([point.code for point in some]), after))

    dragged = best(drag)
    first = read + best(lambda: decided(points, held, law, TODAY), 2) + dragged
    print(f"bare read of {companies:,} companies {read:6.2f} s")
    print(f"one day, value dragged      {dragged:6.2f} s   {dragged / read:5.2f} x the bare read")
    print(f"one day, the first look     {first:6.2f} s   {first / read:5.2f} x the bare read")

    part = id_range(0, held.companies["company"][min(projected, companies) - 1] + 1)
    part_read = best(lambda: (records(part), premises(part)), 3)
    some, places = records(part), premises(part)

    def project() -> object:
        other = draft(150)
        return cells_of_both(some, places, law, with_draft(law, other), other, TODAY, 36)

    months = best(project, 2)
    print(f"bare read of {some.companies.height:,} companies {part_read:6.2f} s")
    print(f"36 months, law and draft    {months:6.2f} s   {months / part_read:5.2f} x the bare read")

    facts = facts_of(some, law, TODAY).head(naive)
    loop = timed(lambda: decide_one_by_one(points, facts, in_force, TODAY))
    frame = best(lambda: decided(points, some.of(facts["company"]), law, TODAY), 2)
    print(f"the same rules, one object at a time: {facts.height / loop:,.0f} companies a second;")
    print(f"by frames, facts and all: {facts.height / frame:,.0f} a second, {loop / frame:.1f} times as many")
    print(f"peak memory {peak_mib():.0f} MiB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    parser.add_argument("--projected", type=int, default=10_000)
    parser.add_argument("--naive", type=int, default=3_000)
    options: Any = parser.parse_args()
    with throwaway_database():
        measure(options.companies, options.projected, options.naive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
