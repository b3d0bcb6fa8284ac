"""What a page shows, as a file: the companies that a simulated draft touches."""

from collections.abc import Iterator
from itertools import islice

import polars as pl

from core.interchange import staging
from core.interchange.columns import Choice, Column, Exact, Text
from core.interchange.kinds import ExportKind
from subsidies.choices import Outcome, Point, PolicyChange
from subsidies.models import Simulation

CHANGES: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32),
    Choice(name="point", required=True, key=True, values=tuple(Point.values)),
    Choice(name="change", required=True, values=tuple(PolicyChange.values)),
    Choice(name="outcome_before", required=True, values=tuple(Outcome.values)),
    Choice(name="outcome_after", required=True, values=tuple(Outcome.values)),
    Exact(name="amount_before", places=2),
    Exact(name="amount_after", places=2),
    Text(name="criteria", max_length=400),
    Text(name="missing", max_length=400),
)


def changes_kind(simulation: Simulation) -> ExportKind:
    """The changes of one simulation as a kind of file, by company and point."""
    return ExportKind("simulation", lambda _on, _month: _frames(simulation), CHANGES)


def _frames(simulation: Simulation) -> Iterator[pl.DataFrame]:
    names = ["company__code", *(column.name for column in CHANGES[1:])]
    rows = simulation.changes.order_by("company__code", "point").values_list(*names).iterator(staging.ROWS_AT_ONCE)
    schema = {column.name: column.dtype for column in CHANGES}
    while chunk := list(islice(rows, staging.ROWS_AT_ONCE)):
        yield pl.DataFrame(chunk, schema=schema, orient="row")
