"""Frames in and out of PostgreSQL by COPY: the fast road for many rows, in the transaction of Django's connection.

Money and other decimals travel as text or as integers of their smallest step, never as floats.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
from django.db import connection

NULL = "\\N"
_BYTES_AT_ONCE = 1 << 20


def read_frame(query: str, parameters: Sequence[Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The rows of one SELECT as a frame with the columns of `schema`, in their order. Booleans and days are read from
    PostgreSQL's own text, null stays null (and text may not be empty, which could not be told from null)."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv)", buffer, _BYTES_AT_ONCE)
    if not buffer.tell():
        return pl.DataFrame(schema=dict(schema))
    buffer.seek(0)
    # Booleans come as t and f.
    raw = {name: pl.String() if dtype == pl.Boolean else dtype for name, dtype in schema.items()}
    frame = pl.read_csv(buffer, has_header=False, schema=raw, low_memory=True)
    flags = [pl.col(name) == "t" for name, dtype in schema.items() if dtype == pl.Boolean]
    return frame.with_columns(flags) if flags else frame


def write_frame(frame: pl.DataFrame, table: str, *, columns: Sequence[str] | None = None) -> int:
    """Append the rows of `frame` to `table` (its columns are named as the frame's); returns how many there were.

    The table's constraints and triggers see each row; `save()` and `full_clean()` do not.
    """
    names = list(columns or frame.columns)
    return write_frames([frame.select(names)], table, names)


def write_frames(frames: Iterable[pl.DataFrame], table: str, columns: Sequence[str]) -> int:
    """The same for one frame after another, all with these `columns`. The next one is made (in a thread, without a
    database) while PostgreSQL takes the one before."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    statement = f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        for height, rows in _made_ahead((frame.height, _as_copied(frame.select(columns))) for frame in frames):
            cursor.copy_expert(statement, rows, _BYTES_AT_ONCE)
            count += height
    return count


def _made_ahead(items: Iterator[tuple[int, io.BytesIO]]) -> Iterator[tuple[int, io.BytesIO]]:
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _as_copied(frame: pl.DataFrame) -> io.BytesIO:
    buffer = io.BytesIO()
    text = [_escaped(name) for name, dtype in frame.schema.items() if dtype == pl.String]
    frame.with_columns(text).write_csv(
        buffer, include_header=False, separator="\t", null_value=NULL, quote_style="never"
    )
    buffer.seek(0)
    return buffer


def _escaped(name: str) -> pl.Expr:
    """COPY's own text format has four characters that mean something."""
    escaped = pl.col(name)
    for character, code in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        escaped = escaped.str.replace_all(character, code, literal=True)
    return escaped.alias(name)
