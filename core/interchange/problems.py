"""What is wrong with a file, row by row: file, line, column, value and reason, all of it and not just the first."""

from collections.abc import Iterable
from typing import Any

import polars as pl
from django.utils.translation import ngettext

from core import markup
from core.errors import DomainError

LINE = "line"
SCHEMA = {LINE: pl.Int64, "column": pl.String, "reason": pl.String}


def none() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def where(rows: pl.DataFrame, condition: pl.Expr, column: str, reason: str | pl.Expr) -> pl.DataFrame:
    """The problem of all `rows` on which the condition holds (unknown does not), blamed on one column."""
    told = pl.lit(reason) if isinstance(reason, str) else reason
    return rows.filter(condition.fill_null(value=False)).select(
        pl.col(LINE).cast(pl.Int64), pl.lit(column).alias("column"), told.cast(pl.String).alias("reason")
    )


def of(found: Iterable[tuple[int, str, str]]) -> pl.DataFrame:
    """Problems found one by one, as (line, column, reason)."""
    return pl.DataFrame(list(found), schema=SCHEMA, orient="row")


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All problems by line, in the order in which they were found within a line."""
    return pl.concat([none(), *parts]).sort(LINE, maintain_order=True)


def with_values(problems: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """The problems with what stood in the file: columns line, column, value, reason."""
    columns = [name for name in texts.columns if name != LINE]
    wanted = texts.join(problems.select(LINE).unique(), on=LINE, how="semi")
    values = wanted.unpivot(on=columns, index=LINE, variable_name="column", value_name="value")
    found = problems.join(values, on=[LINE, "column"], how="left", maintain_order="left")
    return found.select(LINE, "column", pl.col("value").fill_null(""), "reason")


class FileRefused(DomainError):
    """Nothing of the file was imported. `problems` has line, column, value and reason of each."""

    code = "file_refused"

    def __init__(self, file: str, problems: pl.DataFrame):
        self.file = file
        self.problems = problems
        count = problems.height
        super().__init__(
            ngettext(
                "%(file)s was refused for %(count)s problem; nothing was imported.",
                "%(file)s was refused for %(count)s problems; nothing was imported.",
                count,
            )
            % {"file": file, "count": markup.count(count)}
        )


def refused_whole(file: str, reason: Any, *, line: int = 1, column: str = "", value: str = "") -> FileRefused:
    """A file that is refused for one reason that is no row's."""
    row = {LINE: line, "column": column, "value": value, "reason": str(reason)}
    return FileRefused(file, pl.DataFrame([row], schema={**SCHEMA, "value": pl.String}).select(*row))
