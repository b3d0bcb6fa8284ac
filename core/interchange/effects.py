"""What an import does to what is on record, in the columns of its file: what is new, what changes from what to what.

What is on record is told by the export of the same kind, before and after; so the two say it as the files do. Both are
read in the transaction of the import.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from core.interchange.kinds import EXPORTS, ImportKind
from core.interchange.problems import LINE

CHANGES = {LINE: pl.Int64, "key": pl.String, "column": pl.String, "before": pl.String, "after": pl.String}


@dataclass(frozen=True)
class Effect:
    """`changes`: each cell of the record that takes another value, by the line of the file and in its order, empty for
    unknown. `digest` is the same for the same effect, whenever and in whatever language it is reckoned."""

    changes: pl.DataFrame
    digest: str


def held(kind: ImportKind, rows: pl.DataFrame) -> pl.DataFrame:
    """What is on record under the keys of `rows`, in their columns and types."""
    wanted = [column for column in kind.columns if column.name in rows.columns]
    schema = {column.name: column.dtype for column in wanted}
    if kind.name not in EXPORTS:
        return pl.DataFrame(schema=schema)
    stored = EXPORTS[kind.name].frame(None, None)
    frames: Iterable[pl.DataFrame] = [stored] if isinstance(stored, pl.DataFrame) else stored
    keys = rows.select(kind.key).drop_nulls()
    found = (
        frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).join(keys, on=kind.key, how="semi")
        for frame in frames
    )
    return pl.concat([pl.DataFrame(schema=schema), *found])


def effect_of(
    kind: ImportKind, rows: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, refused: Sequence[tuple[int, str]]
) -> Effect:
    """What became of `rows` (typed, with their lines) between two looks at what is on record; `refused` are the lines
    and columns that are not imported."""
    changes = _changes(kind, rows, before, after)
    new = rows.join(before, on=kind.key, how="anti")[LINE].sort()
    digest = hashlib.sha256(repr((new.to_list(), changes.rows(), sorted(refused))).encode())
    return Effect(changes, digest.hexdigest())


def _changes(kind: ImportKind, rows: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    columns = [column for column in kind.columns if column.name in rows.columns and not column.key]
    texts = [column.text().alias(column.name) for column in columns]
    lines = rows.select(LINE, *kind.key)
    old = lines.join(before.select(*kind.key, *texts), on=kind.key)
    both = old.join(after.select(*kind.key, *texts), on=kind.key, suffix=" after")
    key = pl.concat_str([pl.col(name).cast(pl.String) for name in kind.key], separator=" · ")
    found = [
        both.filter(~pl.col(column.name).eq_missing(pl.col(f"{column.name} after"))).select(
            LINE,
            key.alias("key"),
            pl.lit(column.name).alias("column"),
            pl.col(column.name).fill_null("").alias("before"),
            pl.col(f"{column.name} after").fill_null("").alias("after"),
        )
        for column in columns
    ]
    return pl.concat([pl.DataFrame(schema=CHANGES), *found]).sort(LINE, maintain_order=True)
