"""Names that a spreadsheet would run as formulas (`=cmd|…`): disarmed in CSV files, and armed again when read.

A text cell that begins like a formula gets one apostrophe in front, as people type it themselves; reading takes that
one away, so that a file goes out and comes in unchanged. XLSX, Parquet and NDJSON know what is text and need no guard.
"""

import polars as pl

_RISKY = r"^'*[=+\-@\t\r]"
_NUMBER = r"^[+-]?\d+(\.\d+)?$"  # runs nothing, and would no longer be one behind an apostrophe
_GUARDED = r"^''*[=+\-@\t\r]"


def guarded(cell: pl.Expr) -> pl.Expr:
    """The text as it is safe to open in a spreadsheet."""
    return (
        pl.when(cell.str.contains(_RISKY) & ~cell.str.contains(_NUMBER))
        .then(pl.lit("'") + cell)
        .otherwise(cell)
        .name.keep()
    )


def unguarded(cell: pl.Expr) -> pl.Expr:
    """What `guarded` was given."""
    return pl.when(cell.str.contains(_GUARDED)).then(cell.str.slice(1)).otherwise(cell).name.keep()
