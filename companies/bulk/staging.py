"""From a frame to a temporary table, and what a set-based write says: how many rows, or which rows are refused."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, Incomplete, conflict_from

SQL_TYPES = {pl.String(): "text", pl.Date(): "date", pl.Boolean(): "boolean"}
SHOWN = 5


@dataclass(frozen=True)
class Upserted:
    """How many rows were new, were changed, and were there already as they are; and the companies (ids) that the new
    and changed ones are about, None where they are too many to be named."""

    new: int
    changed: int
    unchanged: int
    named: tuple[int, ...] | None = field(default=None, compare=False)


def refuse(codes: Iterable[str], message: str, error: type[DomainError] = Incomplete) -> None:
    """Raise when there are any; `message` names the first few as %(rows)s."""
    rows = list(dict.fromkeys(codes))
    if not rows:
        return
    named = ", ".join(rows[:SHOWN])
    if len(rows) > SHOWN:
        named = _("%(rows)s and %(count)d more") % {"rows": named, "count": len(rows) - SHOWN}
    raise error(message % {"rows": named})


def refuse_doubles(frame: pl.DataFrame, key: Sequence[str]) -> None:
    doubled = frame.filter(pl.struct(key).is_duplicated())
    refuse(doubled.select(pl.concat_str(key, separator=" → ")).to_series(), _("Named twice: %(rows)s."))


def typed(frame: pl.DataFrame, columns: dict[str, pl.DataType], *, required: Sequence[str]) -> pl.DataFrame:
    """The known columns, cast; ValueError for a frame of another shape, which is the caller's mistake."""
    if missing := [name for name in required if name not in frame.columns]:
        raise ValueError(f"the frame lacks {', '.join(missing)}")
    if unknown := [name for name in frame.columns if name not in columns]:
        raise ValueError(f"the frame has unknown columns: {', '.join(unknown)}")
    return frame.select(pl.col(name).cast(columns[name]) for name in frame.columns)


def stage(table: str, columns: dict[str, pl.DataType], frame: pl.DataFrame) -> None:
    """The frame as a temporary table that ends with the transaction."""
    defined = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in columns.items())
    data = io.BytesIO()
    # Quoted "" is an empty text and an unquoted nothing is null: COPY reads CSV exactly so.
    frame.select(list(columns)).write_csv(data, include_header=False)
    data.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({defined}) ON COMMIT DROP")
        cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv)", data)
        cursor.execute(f"ANALYZE {table}")


def guarded_write(model: type[models.Model], write: Callable[..., Upserted], *arguments: Any) -> Upserted:
    """Run the statements; what a constraint refuses comes back in the constraint's own words."""
    try:
        with transaction.atomic():
            return write(*arguments)
    except IntegrityError as error:
        raise conflict_from(error, model) from error


def execute(sql: str, parameters: Any = ()) -> int:
    """Run one statement; returns how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def rows_of(sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
