"""Rows of a file as a temporary table, and queries whose rows may be many in frames of bounded size."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection, transaction

from core.frames import write_frame

ROWS_AT_ONCE = 20_000


def sql_types(frame: pl.DataFrame) -> dict[str, str]:
    """The SQL type of each column of a frame."""
    return {name: _sql_type(dtype) for name, dtype in frame.schema.items()}


def _sql_type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"numeric({dtype.precision or 18},{dtype.scale})"
    return {pl.String(): "text", pl.Date(): "date", pl.Int64(): "bigint", pl.Boolean(): "boolean"}[dtype]


def stage(table: str, types: Mapping[str, str], frame: pl.DataFrame) -> None:
    """A temporary table of those columns of `types` (SQL types) that the frame has. Ends with the transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a staged table lives as long as its transaction")
    columns = [name for name in types if name in frame.columns]
    declared = ", ".join(f"{connection.ops.quote_name(name)} {types[name]}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({declared}) ON COMMIT DROP")
        write_frame(frame, table, columns=columns)
        cursor.execute(f"ANALYZE {table}")


def frames_of(query: str, schema: Mapping[str, Any], parameters: Sequence[Any] = ()) -> Iterator[pl.DataFrame]:
    """The rows of a query in frames of bounded size, from one snapshot; at least one frame, which may be empty."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield pl.DataFrame(rows, schema=dict(schema), orient="row")
        yield pl.DataFrame(schema=dict(schema))
