"""One file into the database: read, check everything, write in one transaction, or refuse and change nothing.

Two imports of a kind run one after the other; whatever else happens meanwhile, the database's constraints have the
last word. The audit trail names the file, its hash and who brought it, and each import that was done is on record
(`FileImport`).
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pghistory
import polars as pl
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import markup
from core.errors import DomainError
from core.interchange import effects, problems, tidying
from core.interchange.columns import first_fault
from core.interchange.effects import Effect
from core.interchange.formulas import guarded
from core.interchange.kinds import ImportKind, Stored
from core.interchange.problems import LINE, FileRefused, refused_whole
from core.interchange.reading import Progress, Table, read_table, silent
from core.interchange.tidying import Tidied
from core.locks import lock_for_transaction
from core.models import FileImport

REASON = "reason"  # the column that a file of refused rows has besides, and that is not read again
MOST_REMEMBERED = 5_000  # codes of what an import was about


class EffectChanged(DomainError):
    """The books have changed since somebody looked at what an import would do: now it would do something else."""

    status = 409
    code = "effect_changed"


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do.

    `problems` are those of the refused rows, `refused` these rows as they came, with their reasons (None for none), and
    `refused_file` the file into which they went back. `readings` are the cells that were read in the spelling of the
    format, `left_out` the columns that were not read. `effect` is what changes on record, where somebody looked.
    """

    stored: Stored
    rows: int
    problems: pl.DataFrame
    refused_rows: int = 0
    refused: pl.DataFrame | None = None
    refused_file: Path | None = None
    readings: pl.DataFrame | None = None
    left_out: tuple[str, ...] = ()
    effect: Effect | None = None


@dataclass(frozen=True)
class _File:
    """A file that was read: its rows as they came, and in the spelling of the format; what was found so far."""

    kind: ImportKind
    path: Path
    digest: str
    came: Table
    tidied: Tidied
    left_out: tuple[str, ...]
    typed: pl.DataFrame
    found: pl.DataFrame


def import_file(
    kind: ImportKind,
    path: Path,
    *,
    on: dt.date,
    dry_run: bool = False,
    accept_valid: bool = False,
    tidy: bool = False,
    look: bool = False,
    expected: str = "",
    most_rows: int = 0,
    by: Any = None,
    progress: Progress = silent,
) -> Imported:
    """Import all rows of a file, or raise FileRefused with every problem and change nothing. `on` is the present day,
    `by` who brings the file (None: the command line), `most_rows` how many it may have (0: any number).

    With `accept_valid` the good rows are stored, and the others come back in `<name>.refused.csv` beside the file.
    With `dry_run` everything is done and undone again. With `tidy` what people write in another way than the format is
    read too (`tidying`). With `look` it is told what changes on record; where that is not `expected`, the digest of an
    effect that was seen before, EffectChanged is raised and nothing is changed.
    """
    file = _opened(kind, path, tidy=tidy, most_rows=most_rows, progress=progress)
    try:
        with (
            transaction.atomic(),
            pghistory.context(actor=f"import {path.name}", file=path.name, sha256=file.digest),
        ):
            lock_for_transaction(f"import {kind.name}")
            done = _stored(file, on, accept_valid=accept_valid, look=look or bool(expected), progress=progress)
            if expected and (done.effect is None or done.effect.digest != expected):
                raise EffectChanged(_("What is on record has changed: the import would do something else now."))
            if dry_run:
                transaction.set_rollback(True)
                return done
            _remember(file, done, tidy=tidy, by=by)
            return _with_refused_file(done, path)
    except IntegrityError as error:
        raise _refused_by_database(path, error) from error


def _opened(kind: ImportKind, path: Path, *, tidy: bool, most_rows: int, progress: Progress) -> _File:
    """Read a file and check its cells one by one. Raises FileRefused where it cannot be read, or has another header."""

    def names(header: Sequence[str]) -> list[str]:
        return [tidying.header_name(name) for name in header] if tidy else list(header)

    def left_out(header: Sequence[str]) -> list[str]:
        return tidying.strangers(kind, names(header), [REASON]) if tidy else []

    def accept(header: Sequence[str]) -> None:
        _refuse_header(kind, path, names(header), left_out(header))

    read = read_table(path, accept, progress)
    if most_rows and read.rows.height > most_rows:
        reason = _("has %(rows)s rows, and no more than %(most)s are taken: split the file, or import it on the server")
        words = {"rows": markup.count(read.rows.height), "most": markup.count(most_rows)}
        raise refused_whole(path.name, reason % words)
    progress(_("Checking"), 0, 0)
    came, strangers = tidying.with_header(read, names(read.header)), left_out(read.header)
    known = tidying.without_columns(came, strangers)
    tidied = tidying.tidied(kind, known) if tidy else tidying.untouched(known)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return _File(kind, path, digest, came, tidied, tuple(strangers), *_typed(kind, tidied))


def _stored(file: _File, on: dt.date, *, accept_valid: bool, look: bool, progress: Progress) -> Imported:
    """Check the rows against what is on record and write the good ones. FileRefused for others, if they are to go in
    all or not at all."""
    kind, typed, found = file.kind, file.typed, file.found
    before = effects.held(kind, typed) if look or file.tidied.spans.height else None
    if before is not None:
        typed, contradicted = tidying.settle(file.tidied, typed, before, kind.key)
        found = problems.together([found, contradicted])
    found = problems.together([found, kind.check(_without(typed, found))])
    told = problems.with_values(found, file.came.rows)
    if found.height and not accept_valid:
        raise FileRefused(file.path.name, told)
    good = _without(typed, found)
    stored = kind.store(good, on, lambda done, total: progress(_("Writing"), done, total))
    effect = None
    if look and before is not None:
        refused = found.select(LINE, "column").rows()
        effect = effects.effect_of(kind, good, before, effects.held(kind, good), refused)
    return Imported(
        stored,
        file.came.rows.height,
        told,
        found[LINE].n_unique(),
        _given_back(file.came, found),
        readings=file.tidied.readings,
        left_out=file.left_out,
        effect=effect,
    )


def _remember(file: _File, done: Imported, *, tidy: bool, by: Any) -> None:
    """Put the import on record: who, when, what file, how many rows of what."""
    good, about = file.tidied.table.rows.join(done.problems, on=LINE, how="anti"), file.kind.about
    codes = good[about].drop_nulls().unique().sort().to_list() if about in good.columns else []
    FileImport.objects.create(
        kind=file.kind.name,
        name=file.path.name,
        sha256=file.digest,
        imported_by=by,
        rows=done.rows,
        new=done.stored.new,
        changed=done.stored.changed,
        unchanged=done.stored.unchanged,
        refused=done.refused_rows,
        is_tidied=tidy,
        about=codes if len(codes) <= MOST_REMEMBERED else None,
    )


def _refuse_header(kind: ImportKind, path: Path, header: Sequence[str], left_out: Sequence[str]) -> None:
    known = [column.name for column in kind.columns]
    unknown = [name for name in header if name not in (*known, REASON, *left_out)]
    found = [(1, name, _unknown_reason(kind, name, known)) for name in unknown]
    found += [(1, name, _("is in the header twice")) for name in dict.fromkeys(header) if list(header).count(name) > 1]
    found += [
        (1, column.name, _("is a required column, and the header does not have it"))
        for column in kind.columns
        if column.required and column.name not in header
    ]
    if found:
        values = pl.DataFrame({LINE: 1, **{name: name for name in header if name != LINE}})
        raise FileRefused(path.name, problems.with_values(problems.of(found), values))


def _unknown_reason(kind: ImportKind, name: str, known: Sequence[str]) -> str:
    if not name:
        return _("a column has no name in the header: name it, or delete it")
    words = {"kind": kind.name, "meant": tidying.meant(name, known)}
    if words["meant"]:
        return _("is no column of %(kind)s: is %(meant)s meant?") % words
    return _("is no column of %(kind)s: leave it out") % words


def _typed(kind: ImportKind, tidied: Tidied) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows, bad cells as null, and the problems of single cells, ragged rows and repeated keys."""
    table = tidied.table
    columns = [column for column in kind.columns if column.name in table.header]
    found = [table.ragged, tidied.problems]
    for column in columns:
        told = table.rows.select(LINE, first_fault(column))
        faults = problems.where(told, pl.col("reason").is_not_null(), column.name, pl.col("reason"))
        # What reading found about a cell says more than that the cell is not as the format wants it.
        found.append(faults.join(tidied.problems, on=[LINE, "column"], how="anti"))
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


def _given_back(table: Table, found: pl.DataFrame) -> pl.DataFrame | None:
    """The refused rows, as they came, with their reasons, safe to open in a spreadsheet: mended, they can be imported
    themselves. None for no rows."""
    if not found.height:
        return None
    told = pl.when(pl.col("column") == "").then("reason").otherwise(pl.format("{}: {}", "column", "reason"))
    reasons = found.group_by(LINE, maintain_order=True).agg(told.str.join("; ").alias(REASON))
    columns = [name for name in table.header if name != REASON]
    rows = table.rows.select(LINE, *columns).join(reasons, on=LINE, how="inner", maintain_order="left").drop(LINE)
    return rows.with_columns(guarded(pl.col(*columns)))


def _with_refused_file(done: Imported, path: Path) -> Imported:
    """Write the refused rows beside the file that they came from."""
    if done.refused is None:
        return done
    target = path.with_name(f"{path.stem}.refused.csv")
    done.refused.write_csv(target)
    return replace(done, refused_file=target)


def _refused_by_database(path: Path, error: IntegrityError) -> FileRefused:
    """What the checks could not see: somebody else changed the same things while the file was being imported."""
    detail = getattr(error.__cause__, "diag", None)
    words = {"error": (getattr(detail, "message_detail", None) or getattr(detail, "message_primary", None) or error)}
    reason = _("the database refused a row, perhaps because of a change made meanwhile; try again (%(error)s)") % words
    return refused_whole(path.name, reason, line=0)
