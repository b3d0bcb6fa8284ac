"""One file into the database: read, check everything, write in one transaction, or refuse and change nothing.

Two imports of a kind run one after the other; whatever else happens meanwhile, the database's constraints have the
last word. The audit trail names the file as the actor.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pghistory
import polars as pl
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.interchange import problems
from core.interchange.columns import first_fault
from core.interchange.formulas import guarded
from core.interchange.kinds import ImportKind, Stored
from core.interchange.problems import LINE, FileRefused, refused_whole
from core.interchange.reading import Progress, Table, read_table, silent
from core.locks import lock_for_transaction

REASON = "reason"  # the column that a file of refused rows has besides, and that is not read again


@dataclass(frozen=True)
class Imported:
    """What an import did: rows stored, the problems of refused rows, and the file that these went back into."""

    stored: Stored
    rows: int
    problems: pl.DataFrame
    refused_rows: int = 0
    refused_file: Path | None = None


def import_file(
    kind: ImportKind,
    path: Path,
    *,
    on: dt.date,
    dry_run: bool = False,
    accept_valid: bool = False,
    progress: Progress = silent,
) -> Imported:
    """Import all rows of a file, or raise FileRefused with every problem and change nothing. `on` is the present day.

    With `accept_valid` the good rows are stored, and the others come back in `<name>.refused.csv` beside the file.
    With `dry_run` everything is done and undone again.
    """
    table = read_table(path, lambda header: _refuse_header(kind, path, header), progress)
    progress(_("Checking"), 0, 0)
    typed, found = _typed(kind, table)
    try:
        with transaction.atomic(), pghistory.context(actor=f"import {path.name}"):
            lock_for_transaction(f"import {kind.name}")
            found = problems.together([found, kind.check(_without(typed, found))])
            if found.height and not accept_valid:
                raise FileRefused(path.name, problems.with_values(found, table.rows))
            stored = kind.store(_without(typed, found), on, lambda done, total: progress(_("Writing"), done, total))
            refused_file = None if dry_run else _give_back(table, found, path)
            transaction.set_rollback(dry_run)
    except IntegrityError as error:
        raise _refused_by_database(path, error) from error
    told = problems.with_values(found, table.rows)
    return Imported(stored, table.rows.height, told, found[LINE].n_unique(), refused_file)


def _refuse_header(kind: ImportKind, path: Path, header: Sequence[str]) -> None:
    known = [column.name for column in kind.columns]
    found = [
        (1, name, _("is no column of %(kind)s") % {"kind": kind.name}) for name in header if not _known(name, known)
    ]
    found += [(1, name, _("is in the header twice")) for name in dict.fromkeys(header) if list(header).count(name) > 1]
    found += [
        (1, column.name, _("is a required column, and the header does not have it"))
        for column in kind.columns
        if column.required and column.name not in header
    ]
    if found:
        values = pl.DataFrame({LINE: 1, **{name: name for name in header if name != LINE}})
        raise FileRefused(path.name, problems.with_values(problems.of(found), values))


def _known(name: str, known: Sequence[str]) -> bool:
    return name in known or name == REASON


def _typed(kind: ImportKind, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows, bad cells as null, and the problems of single cells, ragged rows and repeated keys."""
    columns = [column for column in kind.columns if column.name in table.header]
    found = [table.ragged]
    for column in columns:
        told = table.rows.select(LINE, first_fault(column))
        found.append(problems.where(told, pl.col("reason").is_not_null(), column.name, pl.col("reason")))
    found.append(_repeated(kind, table.rows))
    return table.rows.select(LINE, *(column.value() for column in columns)), problems.together(found)


def _repeated(kind: ImportKind, rows: pl.DataFrame) -> pl.DataFrame:
    """All rows that share their key with another: which of them is meant cannot be known."""
    others = pl.col(LINE).sort().first().over(kind.key), pl.col(LINE).sort().slice(1, 1).first().over(kind.key)
    complete = rows.drop_nulls(kind.key)
    repeated = complete.filter(pl.struct(kind.key).is_duplicated()).with_columns(
        pl.when(pl.col(LINE) == others[0]).then(others[1]).otherwise(others[0]).alias("other")
    )
    reason = pl.format(_("stands in line {} too"), pl.col("other"))
    return problems.where(repeated, pl.lit(value=True), kind.key[0], reason)


def _without(typed: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    return typed.join(found, on=LINE, how="anti")


def _give_back(table: Table, found: pl.DataFrame, path: Path) -> Path | None:
    """Write the refused rows, as they came, with their reasons: mended, that file can be imported itself."""
    if not found.height:
        return None
    told = pl.when(pl.col("column") == "").then("reason").otherwise(pl.format("{}: {}", "column", "reason"))
    reasons = found.group_by(LINE, maintain_order=True).agg(told.str.join("; ").alias(REASON))
    columns = [name for name in table.header if name != REASON]
    rows = table.rows.select(LINE, *columns).join(reasons, on=LINE, how="inner", maintain_order="left").drop(LINE)
    target = path.with_name(f"{path.stem}.refused.csv")
    rows.with_columns(guarded(pl.col(*columns))).write_csv(target)
    return target


def _refused_by_database(path: Path, error: IntegrityError) -> FileRefused:
    """What the checks could not see: somebody else changed the same things while the file was being imported."""
    detail = getattr(error.__cause__, "diag", None)
    words = {"error": (getattr(detail, "message_detail", None) or getattr(detail, "message_primary", None) or error)}
    reason = _("the database refused a row, perhaps because of a change made meanwhile; try again (%(error)s)") % words
    return refused_whole(path.name, reason, line=0)
