"""A file's rows as text, each with the line on which it begins: UTF-8 CSV (a byte-order mark is accepted) and XLSX.

Cells are stripped, empty ones are null, empty lines are skipped. Nothing is interpreted here; what cannot be read at
all (another encoding, broken quoting, another kind of file) raises FileRefused with the line.
"""

import codecs
import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
from django.utils.translation import gettext as _

from core.interchange import problems
from core.interchange.formulas import unguarded
from core.interchange.problems import LINE, refused_whole

SUFFIXES = (".csv", ".xlsx")
ROWS_AT_ONCE = 20_000
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
# More digits than Excel keeps: the binary fraction behind a decimal, as the reader spells it out.
_BEYOND_EXCEL = r"^-?\d{7,}\.\d{9}$"
_EXCEL = Context(prec=15)

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is (0: not known)."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress for callers who do not watch."""


@dataclass(frozen=True)
class Table:
    """The header in the file's order, the rows as text, and the rows whose number of cells is not the header's."""

    header: tuple[str, ...]
    rows: pl.DataFrame
    ragged: pl.DataFrame


def read_table(path: Path, accept_header: Callable[[Sequence[str]], None], progress: Progress = silent) -> Table:
    """Read a whole file; `accept_header` raises for a header that is not accepted, before any row is read."""
    if path.suffix.lower() not in SUFFIXES:
        known = _("is neither .csv nor .xlsx: those are the files that can be imported")
        raise refused_whole(path.name, known, value=path.suffix)
    if not path.is_file():
        raise refused_whole(path.name, _("there is no such file"))
    read = _read_xlsx if path.suffix.lower() == ".xlsx" else _read_csv
    table = read(path, accept_header, progress)
    cells = [pl.col(name) for name in table.header]
    return Table(table.header, table.rows.filter(pl.any_horizontal(cell.is_not_null() for cell in cells)), table.ragged)


def _read_csv(path: Path, accept_header: Callable[[Sequence[str]], None], progress: Progress) -> Table:
    ragged: list[tuple[int, str, str]] = []
    frames: list[pl.DataFrame] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = _header(next((row for row in reader if any(row)), []))
            _refuse_other_separators(path, header)
            accept_header(header)
            for chunk in _chunks(reader, header, ragged):
                frames.append(chunk)
                progress(_("Reading"), os.lseek(file.fileno(), 0, os.SEEK_CUR), path.stat().st_size)
    except UnicodeDecodeError as error:
        raise refused_whole(path.name, _encoding_reason(path), line=_line_of_byte(path)) from error
    except csv.Error as error:
        reason = _("cannot be read as CSV: %(error)s") % {"error": error}
        raise refused_whole(path.name, reason, line=reader.line_num) from error
    rows = pl.concat(frames) if frames else _frame([], [], header)
    return Table(header, rows.with_columns(unguarded(pl.col(*header))), problems.of(ragged))


def _chunks(reader: Any, header: tuple[str, ...], ragged: list[tuple[int, str, str]]) -> Iterator[pl.DataFrame]:
    """Frames of some thousand rows; rows of another width are noted and filled up or cut."""
    width, lines, rows = len(header), [], []
    begins = reader.line_num + 1
    for row in reader:
        if len(row) != width:
            if row and (len(row) < width or any(row[width:])):
                ragged.append((begins, "", _ragged_reason(len(row), width)))
            row = (row + [""] * width)[:width]
        lines.append(begins)
        rows.append(row)
        begins = reader.line_num + 1
        if len(rows) == ROWS_AT_ONCE:
            yield _frame(lines, rows, header)
            lines, rows = [], []
    yield _frame(lines, rows, header)


def _ragged_reason(cells: int, width: int) -> str:
    return _("has %(cells)d cells, but the header has %(width)d") % {"cells": cells, "width": width}


def _frame(lines: Sequence[int], rows: Sequence[Sequence[str]], header: tuple[str, ...]) -> pl.DataFrame:
    columns = [pl.Series(LINE, lines, dtype=pl.Int64)]
    texts = zip(*rows, strict=True) if rows else ([] for _name in header)
    columns += [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(header, texts, strict=True)]
    return _stripped(pl.DataFrame(columns), header)


def _stripped(rows: pl.DataFrame, header: Sequence[str]) -> pl.DataFrame:
    cells = pl.col(*header).str.strip_chars()
    return rows.with_columns(pl.when(cells != "").then(cells).name.keep())


def _header(cells: Sequence[str | None]) -> tuple[str, ...]:
    names = [(cell or "").strip() for cell in cells]
    while names and not names[-1]:  # spreadsheets leave empty columns at the end
        names.pop()
    return tuple(names)


def _refuse_other_separators(path: Path, header: tuple[str, ...]) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        mark = next(mark for mark in ";\t|" if mark in header[0])
        reason = _(
            "the columns must be separated by commas, and not by %(mark)s: save the file as “CSV UTF-8”, or as XLSX"
        )
        raise refused_whole(path.name, reason % {"mark": _("tabs") if mark == "\t" else f"“{mark}”"}, value=header[0])


def _encoding_reason(path: Path) -> str:
    """What to do about a file that is not UTF-8, with what it looks like instead."""
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _("is not UTF-8 but UTF-16 (“Unicode text”): save the file as “CSV UTF-8”")
    try:
        if re.search(r"[\u4e00-\u9fff]", content.decode("gb18030")):
            return _("is not UTF-8 but looks like GBK, as older programs save Chinese: save the file as “CSV UTF-8”")
    except UnicodeDecodeError:
        pass
    return _("is not UTF-8: save the file as “CSV UTF-8”")


def _line_of_byte(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _read_xlsx(path: Path, accept_header: Callable[[Sequence[str]], None], progress: Progress) -> Table:
    """The first sheet. Cells that hold a day are read as `YYYY-MM-DD`, numbers with the digits that Excel shows."""
    progress(_("Reading"), 0, 0)
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise refused_whole(path.name, _("cannot be read as an XLSX workbook")) from error
    sheet = sheet.with_row_index(LINE, offset=1).with_columns(pl.col(LINE).cast(pl.Int64))
    texts = [pl.col(name) for name in sheet.columns if name != LINE]
    filled = sheet.filter(pl.any_horizontal(text.is_not_null() for text in texts)) if texts else sheet
    header = _header(filled.row(0)[1:]) if filled.height else ()
    accept_header(header)
    body = filled.slice(1)
    beyond = pl.any_horizontal(pl.lit(value=False), *(text.is_not_null() for text in texts[len(header) :]))
    ragged = problems.where(body, beyond, "", _("has cells to the right of the header"))
    named = body.select(LINE, *(text.alias(name) for text, name in zip(texts, header, strict=False)))
    days = pl.col(*header).str.replace(_MIDNIGHT, "$1")
    shown = named.with_columns(days).with_columns(_as_shown(named[name]) for name in header)
    return Table(header, _stripped(shown, header), ragged)


def _as_shown(cells: pl.Series) -> pl.Expr:
    """Numbers in the 15 digits that Excel keeps: 1234567890.12, where its binary form is 1234567890.119999886."""
    spelled = cells.filter(cells.str.contains(_BEYOND_EXCEL).fill_null(value=False)).unique().to_list()
    shown = {text: f"{_EXCEL.create_decimal(text).normalize(_EXCEL):f}" for text in spelled}
    return pl.col(cells.name).replace(shown) if shown else pl.col(cells.name)
