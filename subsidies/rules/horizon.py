"""What ends a yes, and when, though nothing happens but time and what is agreed already.

An outcome changes on few days: where a fact changes (`change_days`), where another version begins, and where the day
itself passes one that a criterion is reckoned from (the end of a window, an anniversary). Between two of these every
day is alike, so only they are tried.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from subsidies.rules.criteria import Is
from subsidies.rules.operands import TODAY, Operand
from subsidies.rules.parameters import EachDay, Timeline
from subsidies.rules.points.point import Point
from subsidies.rules.records import Records

DAY = timedelta(days=1)

FactsAt = Callable[[date], pl.DataFrame]


@dataclass(frozen=True)
class End:
    """The first later day on which a point is no longer a yes. `criteria`: those that fail then or, where the outcome
    becomes unknown, those that nobody can judge."""

    day: date
    is_unknown: bool
    criteria: tuple[Is, ...]


def ends(
    points: Iterable[Point], facts_at: FactsAt, days: Iterable[date], timeline: Timeline, on: date
) -> dict[str, End]:
    """When each of `points` that is a yes on `on` ends, by code; one that lasts for good, as far as is known today,
    has no entry.

    `facts_at`: day -> the frame of one company's facts, one row, complete as `decide` takes it. `days`: all later days
    on which a fact may change. Raises what `facts_at` raises, MissingParameter and BadTimeline.
    """
    found: dict[str, End] = {}
    lasting = list(points)
    for place, (start, until) in enumerate(_stretches(days, timeline, on)):
        tried = _tried(lasting, facts_at(start), timeline, start, until)
        if not place:
            lasting = [point for point in lasting if next(_verdicts(point, tried)) is None]
        found |= {point.code: end for point in lasting if (end := _first_end(point, tried))}
        lasting = [point for point in lasting if point.code not in found]
        if not lasting:
            break
    return found


def _stretches(days: Iterable[date], timeline: Timeline, on: date) -> Iterator[tuple[date, date | None]]:
    """[start, until) without any change of facts or version, from `on` on; the last one is open."""
    starts = {on, *(day for day in days if day > on)}
    starts |= {version.effective_from for version in timeline.versions if version.effective_from > on}
    yield from pairwise([*sorted(starts), None])


def _tried(
    points: list[Point], facts: pl.DataFrame, timeline: Timeline, start: date, until: date | None
) -> pl.DataFrame:
    """on, and point.key (Boolean) for each criterion: on `start` and each day before `until` on which the day itself
    may change a result."""
    terms = EachDay(timeline.deciding(start), start)
    edges = {f"edge.{place}": side.expr(terms) for place, side in enumerate(_sides_of_the_day(points))}
    of_start = facts.with_columns(pl.lit(start).alias("on"))
    named = {name: value.cast(pl.Date) for name, value in edges.items()}
    last_days = of_start.select(**named).row(0) if named else ()
    candidates = {day for last in last_days if last for day in (last, last + DAY)}
    inside = sorted(day for day in candidates if day > start and (until is None or day < until))
    each = pl.DataFrame({"on": [start, *inside]}, schema={"on": pl.Date()})
    results = {f"{point.code}.{leaf.key}": leaf.expr(terms) for point in points for leaf in point.leaves}
    return facts.join(each, how="cross").select("on", **results)


def _sides_of_the_day(points: list[Point]) -> Iterator[Operand]:
    """What the day itself is compared with."""
    for point in points:
        for leaf in point.leaves:
            if leaf.right == TODAY:
                yield leaf.left
            elif leaf.left == TODAY:
                yield leaf.right


def _first_end(point: Point, tried: pl.DataFrame) -> End | None:
    return next((end for end in _verdicts(point, tried) if end), None)


def _verdicts(point: Point, tried: pl.DataFrame) -> Iterator[End | None]:
    """For each day tried: None for a yes."""
    for row in tried.iter_rows(named=True):
        results: Mapping[str, bool | None] = {leaf.key: row[f"{point.code}.{leaf.key}"] for leaf in point.leaves}
        outcome = point.criteria.result(results)
        failing = point.criteria.open(results) if outcome is None else point.criteria.unmet(results)
        yield None if outcome else End(row["on"], outcome is None, tuple(failing))


def change_days(records: Records, on: date) -> set[date]:
    """The days after `on` on which a fact of one of these companies may change by what is on record and agreed.

    Every day on record (what is agreed ends before it, what is paid counts from it on), the day after the end of a
    report, and the new year after each, from which on the costs and grants of another year count.
    """
    known = {day for part in fields(records) for day in _days_of(getattr(records, part.name))}
    reported = {day + DAY for day in records.reports["period_end"].drop_nulls()}
    years = {day.year for day in known if day > on} | {on.year}
    changing = {*known, *reported, *(date(year + 1, 1, 1) for year in years)}
    return {day for day in changing if day > on}


def _days_of(frame: pl.DataFrame) -> Iterator[date]:
    for name, dtype in frame.schema.items():
        if dtype == pl.Date:
            yield from frame[name].drop_nulls()
