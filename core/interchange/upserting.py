"""Set-based writes of a file's rows, matched by key: a fixed number of statements whatever the size.

Frames are typed and checked already; here the database's constraints have the last word, and an IntegrityError of
theirs passes through. A write wants the caller's transaction, may be repeated (a second run changes nothing) and leaves
the audit trail to the triggers. Columns that a frame does not have keep what is stored.
"""

# ruff: noqa: S608 - table and column names are the apps' own; what a file brings arrives by COPY
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection

from core import audit
from core.interchange.concerned import few, write_naming
from core.interchange.kinds import Stored, Tick
from core.interchange.staging import ROWS_AT_ONCE, sql_types, stage

# What a new record that may be declared void one day (`core.records`) begins with.
NEW_RECORD = {"void_reason": "''", "created_at": "now()", "updated_at": "now()"}


@dataclass(frozen=True)
class Upsert:
    """How the rows of a staged table `incoming` become those of `table`, as SQL expressions by column.

    `joined` finds what the row refers to and, as `held`, the row that is stored already. `key` and `fresh` are written
    for new rows only, `values` for all; a held row whose values differ is changed, and stamped in the column `stamp`.
    `concerned`, all of one type, says whom a row concerns, and whom the held one did: a row that moves concerns both.
    """

    table: str
    joined: str
    key: Mapping[str, str]
    values: Mapping[str, str]
    concerned: Sequence[str] = ("NULL::bigint",)
    fresh: Mapping[str, str] = field(default_factory=lambda: NEW_RECORD)
    stamp: str = "updated_at"

    def write(self, frame: pl.DataFrame, tick: Tick) -> Stored:
        """Write all rows of a frame whose columns the expressions know as `incoming`."""
        numbered = frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        stage("incoming", sql_types(numbered), numbered)
        self._match()
        audit.prepare_for_bulk()
        _new, named = write_naming("SELECT named FROM matched WHERE held IS NULL")
        changed, more = self._update()
        new = self._insert(frame.height, tick)
        return Stored(new, changed, frame.height - new - changed, named=few(named, more))

    def _match(self) -> None:
        """The table `matched`: each row as it is to be stored, with the id of the row that is there in `held`.

        It is made once, with statistics: the statements that follow need no join beyond it.
        """
        written = {**self.key, **self.values, **self.fresh}
        columns = ", ".join(f"{expression} AS {name}" for name, expression in written.items())
        _execute("DROP TABLE IF EXISTS matched")
        _execute(
            f"CREATE TEMPORARY TABLE matched ON COMMIT DROP AS"
            f" SELECT incoming.row, held.id AS held, ARRAY[{', '.join(self.concerned)}] AS named, {columns}"
            f" FROM incoming {self.joined}"
        )
        _execute("CREATE INDEX ON matched (row)")
        _execute("ANALYZE matched")

    def _update(self) -> tuple[int, set[Any]]:
        """Change the held rows that differ, all in one statement, so that rows may take each other's place; how many,
        and whom they concern."""
        held, values = (", ".join(f"{row}.{name}" for name in self.values) for row in ("held", "matched"))
        stamped = f", {self.stamp} = now()" if self.stamp else ""
        return write_naming(
            f"UPDATE {self.table} held SET ({', '.join(self.values)}) = ROW ({values}){stamped} FROM matched"
            f" WHERE held.id = matched.held AND ROW ({held}) IS DISTINCT FROM ROW ({values}) RETURNING matched.named"
        )

    def _insert(self, total: int, tick: Tick) -> int:
        """Add the rows that are not held, some thousand at a time, in the order of the file."""
        named = ", ".join([*self.key, *self.values, *self.fresh])
        new = 0
        for start in range(0, total, ROWS_AT_ONCE):
            tick(start, total)
            new += _execute(
                f"INSERT INTO {self.table} ({named}) SELECT {named} FROM matched"
                " WHERE held IS NULL AND row >= %s AND row < %s ORDER BY row",
                [start, start + ROWS_AT_ONCE],
            )
        tick(total, total)
        if new:
            _execute(f"ANALYZE {self.table}")  # what follows at once would be planned for a table of the old size
        return new


def given(frame: pl.DataFrame, column: str, *, unknown: str = "NULL", stored: str = "", cast: str = "") -> str:
    """A column of the file where it has it, else what is stored (as `stored`, or under the same name), `unknown` where
    neither is."""
    source = f"incoming.{column}{cast}" if column in frame.columns else f"held.{stored or column}"
    return source if unknown == "NULL" else f"coalesce({source}, {unknown})"


def given_period(frame: pl.DataFrame, first: str, last: str, period: str) -> str:
    """A half-open range of the file's two days, both included; a day whose column it has not stays as it is."""
    lower = f"incoming.{first}" if first in frame.columns else f"lower(held.{period})"
    upper = f"incoming.{last} + 1" if last in frame.columns else f"upper(held.{period})"
    return f"CASE WHEN {lower} IS NOT NULL OR {upper} IS NOT NULL THEN daterange({lower}, {upper}) END"


def _execute(statement: str, parameters: list[int] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
