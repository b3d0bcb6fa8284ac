"""Rows into a file, by its suffix: CSV, XLSX, Parquet or NDJSON. Whole or not at all, in bounded memory, exact.

Decimals keep their places: as text in CSV and NDJSON, as decimals in Parquet, and as numbers in XLSX as long as
Excel's 15 digits hold them. Text that looks like a formula is never run (`formulas`).
"""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.interchange.columns import Column, Day, Exact, Text, Whole, YesNo
from core.interchange.formulas import guarded
from core.interchange.kinds import ExportKind
from core.interchange.reading import Progress, silent

XLSX_ROWS = 1_048_575  # besides the header
EXCEL_DIGITS = 15
EXCEL_EARLIEST = dt.date(1900, 3, 1)  # Excel believes in a 29 February 1900

Rows = Iterable[pl.DataFrame]


class ExportRefused(DomainError):
    code = "export_refused"


def export_file(
    kind: ExportKind,
    path: Path,
    *,
    on: dt.date | None = None,
    month: dt.date | None = None,
    progress: Progress = silent,
) -> int:
    """Write all rows of a kind, return how many. ExportRefused for another suffix or an option that the kind lacks."""
    write = _writer(path)
    for name, given in (("on", on), ("month", month)):
        if given is not None and name not in kind.needs:
            raise ExportRefused(_("%(kind)s has no option --%(option)s.") % {"kind": kind.name, "option": name})
    counted = _Counted(kind, kind.frame(on, month), progress)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        write(kind.columns, counted.frames(), unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counted.rows


class _Counted:
    """The frames of a kind with the declared columns in their order, counted as they pass."""

    def __init__(self, kind: ExportKind, source: pl.DataFrame | Rows, progress: Progress):
        self.source = [source] if isinstance(source, pl.DataFrame) else source
        self.schema = {column.name: column.dtype for column in kind.columns}
        self.progress = progress
        self.rows = 0

    def frames(self) -> Iterator[pl.DataFrame]:
        for frame in self.source:
            yield frame.select(pl.col(name).cast(dtype) for name, dtype in self.schema.items())
            self.rows += frame.height
            self.progress(_("Writing"), self.rows, 0)


def _writer(path: Path) -> Callable[[tuple[Column, ...], Rows, Path], None]:
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet, ".ndjson": _write_ndjson}
    if path.suffix.lower() not in writers:
        message = _("A file cannot be written as %(suffix)s. Known are: %(known)s.")
        raise ExportRefused(message % {"suffix": path.suffix or path.name, "known": ", ".join(writers)})
    return writers[path.suffix.lower()]


def _as_text(columns: tuple[Column, ...], frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(guarded(column.text()) if isinstance(column, Text) else column.text() for column in columns)


def _write_csv(columns: tuple[Column, ...], frames: Rows, path: Path) -> None:
    with path.open("wb") as file:
        pl.DataFrame(schema=[column.name for column in columns]).write_csv(file)
        for frame in frames:
            # An empty text means the same as null, unknown, and is written alike.
            texts = _as_text(columns, frame).with_columns(pl.when(pl.all() != "").then(pl.all()).name.keep())
            texts.write_csv(file, include_header=False)


def _write_ndjson(columns: tuple[Column, ...], frames: Rows, path: Path) -> None:
    with path.open("wb") as file:
        for frame in frames:
            _documents(columns, frame).write_ndjson(file)


def _documents(columns: tuple[Column, ...], frame: pl.DataFrame) -> pl.DataFrame:
    """Yes and no as booleans and whole numbers as numbers; decimals and days as text, which keeps them exact."""
    return frame.select(column.cell if isinstance(column, Whole | YesNo) else column.text() for column in columns)


def _write_parquet(columns: tuple[Column, ...], frames: Rows, path: Path) -> None:
    """In parts first, which Polars then streams into one file. (It would read frames from a thread of its own, and
    that has another connection to the database.)"""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".parts-") as folder:
        pl.DataFrame(schema={column.name: column.dtype for column in columns}).write_parquet(f"{folder}/0.parquet")
        for number, frame in enumerate(frames, start=1):
            frame.write_parquet(f"{folder}/{number}.parquet")
        parts = sorted(Path(folder).iterdir(), key=lambda part: int(part.stem))
        pl.scan_parquet(parts).sink_parquet(path)


def _write_xlsx(columns: tuple[Column, ...], frames: Rows, path: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.name for column in columns])
        sheet.freeze_panes(1, 0)
        writers = [_cell_writer(book, sheet, column) for column in columns]
        number = 0
        for frame in frames:
            for row in frame.select(_xlsx_value(column) for column in columns).iter_rows():
                number += 1
                if number > XLSX_ROWS:
                    raise ExportRefused(
                        _("An XLSX sheet has no room for so many rows: write .csv or .parquet instead.")
                    )
                for index, value in enumerate(row):
                    if value is not None and value != "":
                        writers[index](number, index, value)


def _xlsx_value(column: Column) -> pl.Expr:
    return column.cell if isinstance(column, Day | Exact | Whole) else column.text()


def _cell_writer(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, column: Column
) -> Callable[[int, int, Any], object]:
    if isinstance(column, Day):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, index, value: (
            sheet.write_datetime(row, index, value, day)
            if value >= EXCEL_EARLIEST
            else sheet.write_string(row, index, value.isoformat())
        )
    if isinstance(column, Exact):
        number = book.add_format({"num_format": f"0.{'0' * column.places}" if column.places else "0"})
        return lambda row, index, value: (
            sheet.write_number(row, index, value, number)
            if len(value.as_tuple().digits) <= EXCEL_DIGITS
            else sheet.write_string(row, index, str(value))
        )
    return sheet.write_number if isinstance(column, Whole) else sheet.write_string
