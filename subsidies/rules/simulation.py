"""What another set of versions would decide: on one day company by company, and over the coming months in yuan.

The same evaluator on the same records: `facts_of` and `decide` run once with the versions that are law and once with
those that would be, and the two are laid side by side. Nothing in here decides anything itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from subsidies.rules.evaluate import Outcome, decide
from subsidies.rules.facts import seen_by
from subsidies.rules.parameters import ParameterSet, Terms, Timeline
from subsidies.rules.points import POINTS, Per, Point
from subsidies.rules.records import Records, facts_of
from subsidies.rules.windows import add_months

KEY = ["company", "point"]
# Their costs are those of a year: what was paid in the last one is not asked for again. Everything else (a person, a
# project, the costs of starting up) is granted once, however many years pass.
OF_THE_YEAR = frozenset({"ai_vouchers", "activities"})
OUTCOME_COLUMNS = ("outcome", "amount_fen", "results", "unmet", "missing")


class Change(StrEnum):
    """What another policy means for one company and point, the gravest first."""

    STOPS = "stops"  # no longer eligible
    LESS = "less"
    BECOMES = "becomes"  # eligible where it was not
    MORE = "more"
    OPENS = "opens"  # unknown where it was a no, or an amount nobody can tell
    CLOSES = "closes"  # a no, or an amount, where it was unknown


CHANGES = pl.Enum([change.value for change in Change])


@dataclass(frozen=True)
class Premises:
    """Where companies are, for sums by stage and campus. `stages`: company, stage ("" = none). `leases`: company,
    campus (code), first_day, until (half-open, null = open); of several in force the one that began first counts."""

    stages: pl.DataFrame
    leases: pl.DataFrame


def with_draft(law: Timeline, draft: ParameterSet) -> Timeline:
    """The versions that would be law with the draft. Raises BadTimeline where another begins on its day."""
    return Timeline([*law.versions, draft])


def sides(law: Timeline, version: ParameterSet) -> tuple[Timeline, Timeline]:
    """The versions without `version` and with it: of a draft, or of one that has become law since."""
    others = Timeline([one for one in law.versions if one.effective_from != version.effective_from])
    return others, with_draft(others, version)


def decided(points: Sequence[Point], records: Records, timeline: Timeline, on: date) -> pl.DataFrame:
    """What `decide` finds for all companies on record on the day, by the version that governs it."""
    names = seen_by([name for point in points for name in point.facts])
    return decide(points, facts_of(records, timeline, on, names), timeline.deciding(on), on)


def touched(points: Iterable[Point], law: Timeline, draft: ParameterSet) -> list[Point]:
    """The points that the draft may decide differently on any day: those of which a number is another one than in the
    version whose place it takes, or a series that belongs to no point. The facts of a point rest on its own numbers
    alone. All of them, where the draft would be the first version: windows open with it."""
    replaced = law.at(draft.effective_from)
    if replaced is None:
        return list(points)
    one, other = ({name: kept.value for name, kept in side.parameters.items()} for side in (replaced, draft))
    names = [name for name in one | other if one.get(name) != other.get(name)]
    return [
        point
        for point in points
        if any(name in point.parameters or name.startswith(f"{point.code}.") or "." not in name for name in names)
    ]


def laid_beside(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Two frames of `decided` on the same companies and points, one row for each company and point: the columns of
    `decide`, those of the other side as *_after, and change (Enum of Change; null where nothing changes)."""
    named = after.select(*KEY, *(pl.col(name).alias(f"{name}_after") for name in OUTCOME_COLUMNS))
    both = before.join(named, on=KEY, how="left", validate="1:1", maintain_order="left")
    return both.with_columns(_change().cast(CHANGES).alias("change"))


def _change() -> pl.Expr:
    was, will = pl.col("outcome").cast(pl.String), pl.col("outcome_after").cast(pl.String)
    yes, open_ = Outcome.ELIGIBLE.value, Outcome.UNKNOWN.value
    amount, amount_after = pl.col("amount_fen"), pl.col("amount_fen_after")
    both = (was == yes) & (will == yes)
    return (
        pl.when((was == yes) & (will != yes)).then(pl.lit(Change.STOPS.value))
        .when((was != yes) & (will == yes)).then(pl.lit(Change.BECOMES.value))
        .when(both & (amount_after < amount)).then(pl.lit(Change.LESS.value))
        .when(both & (amount_after > amount)).then(pl.lit(Change.MORE.value))
        .when((was != will) & (will == open_) | both & amount_after.is_null() & amount.is_not_null())
        .then(pl.lit(Change.OPENS.value))
        .when((was != will) & (was == open_) | both & amount.is_null() & amount_after.is_not_null())
        .then(pl.lit(Change.CLOSES.value))
    )  # fmt: skip


def criteria_that_changed(point: Point, before: str, after: str) -> tuple[str, ...]:
    """The keys of the criteria whose results differ between two strings of letters, as `decide` writes them."""
    return tuple(leaf.key for leaf, was, will in zip(point.leaves, before, after, strict=True) if was != will)


def sums(beside: pl.DataFrame) -> dict[str, int]:
    """By point, as `point.measure`: companies eligible and unknown, and what the eligible ones get (fen), before and
    after; and companies by change."""
    measures = [
        expression.alias(f"{name}_{side}")
        for side, suffix in (("before", ""), ("after", "_after"))
        for name, expression in (
            ("eligible", (pl.col(f"outcome{suffix}").cast(pl.String) == Outcome.ELIGIBLE.value).sum()),
            ("unknown", (pl.col(f"outcome{suffix}").cast(pl.String) == Outcome.UNKNOWN.value).sum()),
            ("amount", pl.col(f"amount_fen{suffix}").sum()),
        )
    ]
    changes = [(pl.col("change").cast(pl.String) == kind.value).sum().alias(kind.value) for kind in Change]
    found = beside.group_by(pl.col("point").cast(pl.String)).agg(*measures, *changes)
    return {
        f"{row['point']}.{name}": int(count or 0)
        for row in found.iter_rows(named=True)
        for name, count in row.items()
        if name != "point"
    }


def months_from(on: date, count: int) -> list[date]:
    """The first days of `count` calendar months, beginning with that of the day."""
    first = on.replace(day=1)
    return [add_months(first, number) for number in range(count)]


def projected(
    points: Sequence[Point], records: Records, timeline: Timeline, on: date, months: int
) -> Iterator[tuple[date, pl.DataFrame]]:
    """Month by month from the day `on`: company, point, eligible and unknown (Boolean, on the month's first day or on
    `on` itself) and cost_fen (Int64, 0 where nothing is due, null where nobody can tell).

    A monthly point costs what is billed for the whole month. Any other costs its amount in the month in which it is
    first due, and later only what it has grown by: each entitlement is taken up when it arises, and only once.
    """
    names = seen_by([name for point in points for name in point.facts])
    counted: pl.DataFrame | None = None
    year = on.year
    for month in months_from(on, months):
        day = max(month, on)
        facts, parameters = facts_of(records, timeline, day, names), timeline.deciding(day)
        found = decide(points, facts, parameters, day)
        due = _due(points, facts, found, Terms(parameters, day))
        if counted is not None:
            counted = _forget_last_year(counted) if day.year != year else counted
            due = due.join(counted, on=KEY, how="left", maintain_order="left")
        else:
            due = due.with_columns(pl.lit(0, dtype=pl.Int64).alias("counted"))
        year = day.year
        cost = pl.when("monthly").then("due").otherwise((pl.col("due") - pl.col("counted")).clip(lower_bound=0))
        due = due.with_columns(cost.alias("cost_fen"))
        counted = due.select(*KEY, (pl.col("counted") + pl.col("cost_fen").fill_null(0)).alias("counted"))
        yield month, due.select(*KEY, "eligible", "unknown", "cost_fen")


def _forget_last_year(counted: pl.DataFrame) -> pl.DataFrame:
    of_the_year = pl.col("point").cast(pl.String).is_in(list(OF_THE_YEAR))
    return counted.with_columns(pl.when(of_the_year).then(0).otherwise("counted").alias("counted"))


def _due(points: Sequence[Point], facts: pl.DataFrame, found: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """company, point, eligible, unknown, monthly, due (fen: of the month as billed, whatever the outcome on one day of
    it; else the decided amount)."""
    monthly = {point.code for point in points if point.per is Per.MONTH}
    billed = pl.concat(
        facts.select(
            "company",
            pl.lit(point.code, dtype=found.schema["point"]).alias("point"),
            point.amount.expr(terms).alias("billed"),
        )
        for point in points
        if point.per is Per.MONTH and point.amount
    ) if monthly else None  # fmt: skip
    outcome = pl.col("outcome").cast(pl.String)
    due = found.with_columns(
        (outcome == Outcome.ELIGIBLE.value).alias("eligible"),
        (outcome == Outcome.UNKNOWN.value).alias("unknown"),
        pl.col("point").cast(pl.String).is_in(list(monthly)).alias("monthly"),
    )
    if billed is not None:
        due = due.join(billed, on=KEY, how="left", maintain_order="left")
    else:
        due = due.with_columns(pl.lit(None, dtype=pl.Int64).alias("billed"))
    return due.with_columns(
        pl.when("monthly").then("billed").when("eligible").then("amount_fen").when(~pl.col("unknown")).then(0)
        .alias("due")
    )  # fmt: skip


def dimensions(premises: Premises, on: date) -> pl.DataFrame:
    """company, stage and campus on the day; "" for a company that has none."""
    leases = premises.leases.lazy().filter(
        (pl.col("first_day") <= on) & (pl.col("until").is_null() | (pl.col("until") > on))
    )
    campus = leases.sort("company", "first_day", "campus").group_by("company", maintain_order=True).first()
    return (
        premises.stages.lazy()
        .join(campus.select("company", "campus"), on="company", how="left", maintain_order="left")
        .select("company", pl.col("stage").fill_null(""), pl.col("campus").fill_null(""))
        .collect()
    )


DIMENSIONS = ("month", "point", "stage", "campus")
MEASURES = ("eligible", "unknown", "cost", "untold")


def cells(
    points: Sequence[Point], records: Records, premises: Premises, timeline: Timeline, on: date, months: int
) -> pl.DataFrame:
    """The projection summed: month, point (String), stage, campus, and eligible, unknown, untold (companies; untold:
    something is due, but nobody can tell how much) and cost (fen)."""
    summed = []
    for month, due in projected(points, records, timeline, on, months):
        known = due.join(dimensions(premises, max(month, on)), on="company", how="left")
        summed.append(
            known.group_by(pl.lit(month).alias("month"), pl.col("point").cast(pl.String), "stage", "campus").agg(
                pl.col("eligible", "unknown").sum().cast(pl.Int64),
                pl.col("cost_fen").sum().alias("cost"),
                (pl.col("eligible") & pl.col("cost_fen").is_null()).sum().cast(pl.Int64).alias("untold"),
            )
        )
    return pl.concat(summed).sort(DIMENSIONS)


def cells_of_both(
    records: Records, premises: Premises, law: Timeline, drafted: Timeline, draft: ParameterSet, on: date, months: int
) -> pl.DataFrame:
    """`cells_beside` of all points by the law and with the draft. A point that the draft does not touch is projected
    once, for both."""
    points = tuple(POINTS.values())
    before = cells(points, records, premises, law, on, months)
    some = touched(points, law, draft)
    if not some:
        return cells_beside(before, before)
    others = before.filter(~pl.col("point").is_in([point.code for point in some]))
    return cells_beside(before, pl.concat([others, cells(some, records, premises, drafted, on, months)]))


def cells_beside(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Two frames of `cells`: DIMENSIONS, and each of MEASURES as *_before and *_after; cells that are empty on both
    sides are left out."""
    sides = [
        frame.select(*DIMENSIONS, *(pl.col(name).alias(f"{name}_{side}") for name in MEASURES))
        for frame, side in ((before, "before"), (after, "after"))
    ]
    both = sides[0].join(sides[1], on=list(DIMENSIONS), how="full", coalesce=True)
    numbers = [pl.col(f"{name}_{side}").fill_null(0) for name in MEASURES for side in ("before", "after")]
    whole = both.with_columns(numbers)
    return whole.filter(pl.any_horizontal(number != 0 for number in numbers)).sort(DIMENSIONS)
