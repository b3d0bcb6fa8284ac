"""What pages of simulations show, as files: the companies that a draft touches, what each month costs by point, stage
and campus, what becomes of billed months, and two simulations side by side."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import QuerySet

from core.interchange import staging
from core.interchange.columns import Choice, Column, Exact, Month, Text, Whole
from core.interchange.kinds import ExportKind
from subsidies import simulated
from subsidies.choices import Outcome, Point, PolicyChange
from subsidies.models import Simulation

COMPANY = Text(name="company", required=True, key=True, max_length=32)
POINT = Choice(name="point", required=True, key=True, values=tuple(Point.values))
MONTH = Month(name="month", required=True, key=True)
PLACE: tuple[Column, ...] = (
    MONTH,
    POINT,
    Text(name="stage", key=True, max_length=10),
    Text(name="campus", key=True, max_length=60),
)


def _counts(*names: str) -> tuple[Column, ...]:
    return tuple(Whole(name=name) for name in names)


def _money(*names: str) -> tuple[Column, ...]:
    return tuple(Exact(name=name, places=2) for name in names)


CHANGES: tuple[Column, ...] = (
    COMPANY,
    POINT,
    Choice(name="change", required=True, values=tuple(PolicyChange.values)),
    Choice(name="outcome_before", required=True, values=tuple(Outcome.values)),
    Choice(name="outcome_after", required=True, values=tuple(Outcome.values)),
    *_money("amount_before", "amount_after"),
    Text(name="criteria", max_length=400),
    Text(name="missing", max_length=400),
)
CELLS: tuple[Column, ...] = (
    *PLACE,
    *_counts("eligible_before", "eligible_after", "unknown_before", "unknown_after", "untold_before", "untold_after"),
    *_money("cost_before", "cost_after"),
)
CORRECTIONS: tuple[Column, ...] = (COMPANY, POINT, MONTH, *_money("issued", "before", "after"))
SIDES = ("one", "other")
POINTS_COMPARED: tuple[Column, ...] = (
    POINT,
    Whole(name="year", key=True),
    *(
        column
        for side in SIDES
        for column in (
            *_counts(f"eligible_{side}"),
            *_money(f"today_{side}", f"cost_{side}", f"corrected_{side}", f"spent_{side}", f"budget_{side}"),
        )
    ),
    *_money("difference"),
)
MONTHS_COMPARED: tuple[Column, ...] = (
    *PLACE,
    *_counts("eligible_one", "eligible_other"),
    *_money("today_one", "cost_one", "today_other", "cost_other", "difference"),
)


def changes_kind(simulation: Simulation) -> ExportKind:
    """The changes of one simulation as a kind of file, by company and point."""
    rows = simulation.changes.order_by("company__code", "point")
    return ExportKind("simulation", lambda _on, _month: _frames(rows, CHANGES), CHANGES)


def cells_kind(simulation: Simulation) -> ExportKind:
    """What each month costs, by point, stage and campus."""
    rows = simulation.cells.order_by("month", "point", "stage", "campus")
    return ExportKind("simulation-months", lambda _on, _month: _frames(rows, CELLS), CELLS)


def corrections_kind(simulation: Simulation) -> ExportKind:
    """The billed months that come out otherwise, by company, point and month."""
    rows = simulation.corrections.order_by("company__code", "point", "month")
    return ExportKind("simulation-corrections", lambda _on, _month: _frames(rows, CORRECTIONS), CORRECTIONS)


OF_ONE: dict[str, Callable[[Simulation], ExportKind]] = {
    "companies": changes_kind,
    "months": cells_kind,
    "corrections": corrections_kind,
}


def _frames(rows: QuerySet[Any], columns: Iterable[Column]) -> Iterator[pl.DataFrame]:
    """The rows, frame by frame; a column `company` is its code."""
    schema = {column.name: column.dtype for column in columns}
    names = ["company__code" if name == "company" else name for name in schema]
    found = rows.values_list(*names).iterator(staging.ROWS_AT_ONCE)
    while chunk := list(islice(found, staging.ROWS_AT_ONCE)):
        yield pl.DataFrame(chunk, schema=schema, orient="row")


def points_compared(one: Simulation, other: Simulation) -> ExportKind:
    """Two simulations side by side, by point and calendar year. `today_…` is the cost by the law, `cost_…` that by the
    draft, `corrected_…` what billed months are corrected by, `spent_…` what is gone from the budget before; the
    difference is that of the costs with the corrections, the other less the one. Empty: a year that one has not."""
    return ExportKind("simulations", lambda _on, _month: _points_frame(one, other), POINTS_COMPARED)


def _points_frame(one: Simulation, other: Simulation) -> pl.DataFrame:
    sides = [_by_year(side, name) for side, name in zip((one, other), SIDES, strict=True)]
    rows = []
    for key in sorted({*sides[0], *sides[1]}, key=lambda key: (list(Point.values).index(key[0]), key[1])):
        row: dict[str, Any] = {"point": key[0], "year": key[1]}
        for side in sides:
            row |= side.get(key, {})
        costs = [row.get(f"cost_{name}", 0) + row.get(f"corrected_{name}", 0) for name in SIDES]
        rows.append({**row, "difference": costs[1] - costs[0]})
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in POINTS_COMPARED})


def _by_year(simulation: Simulation, side: str) -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (point.code, year.year): {
            f"eligible_{side}": point.eligible[1],
            f"today_{side}": year.cost.before,
            f"cost_{side}": year.cost.after,
            f"corrected_{side}": year.corrected,
            f"spent_{side}": year.spent,
            f"budget_{side}": year.budget,
        }
        for point in simulated.points_of(simulation)
        for year in point.years
    }


def months_compared(one: Simulation, other: Simulation) -> ExportKind:
    """Two simulations side by side, by month, point, stage and campus. Empty: a month that one has not."""
    return ExportKind("simulations-months", lambda _on, _month: _months_frame(one, other), MONTHS_COMPARED)


def _months_frame(one: Simulation, other: Simulation) -> pl.DataFrame:
    keys = [column.name for column in PLACE]
    sides = [_side(simulation, name) for simulation, name in zip((one, other), SIDES, strict=True)]
    both = sides[0].join(sides[1], on=keys, how="full", coalesce=True).sort(keys)
    numbers = {name: [column for column in both.columns if column.endswith(f"_{name}")] for name in SIDES}
    for simulation, name in zip((one, other), SIDES, strict=True):
        has = pl.col("month").is_in(simulated.months_of(simulation))
        both = both.with_columns(pl.when(has).then(pl.col(column).fill_null(0)) for column in numbers[name])
    return both.with_columns((pl.col("cost_other").fill_null(0) - pl.col("cost_one").fill_null(0)).alias("difference"))


def _side(simulation: Simulation, side: str) -> pl.DataFrame:
    """A simulation without a cell is a frame without a row."""
    columns = [*PLACE, *_counts("eligible_after"), *_money("cost_before", "cost_after")]
    whole = pl.concat(
        [
            pl.DataFrame(schema={column.name: column.dtype for column in columns}),
            *_frames(simulation.cells.order_by("pk"), columns),
        ]
    )
    return whole.rename(
        {"eligible_after": f"eligible_{side}", "cost_before": f"today_{side}", "cost_after": f"cost_{side}"}
    )


OF_TWO: dict[str, Callable[[Simulation, Simulation], ExportKind]] = {
    "points": points_compared,
    "months": months_compared,
}
