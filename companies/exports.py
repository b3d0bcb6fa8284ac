"""The register as a file, with the columns of the interchange format: what is exported can be imported again."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from core.periods import first_day, last_day

COLUMNS = (
    "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registered_on", "deregistered_on",
    "operating_from", "operating_until", "stage", "listed", "bad_credit", "country", "website",
)  # fmt: skip
STORED = (
    "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registration", "operation",
    "stage", "listed", "bad_credit", "country", "website",
)  # fmt: skip
BATCH = 2000
YES_NO = {True: "yes", False: "no", None: ""}


def csv_lines(companies: QuerySet[Any]) -> Iterator[str]:
    """The lines of a CSV file with a byte-order mark, a batch of rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield "\ufeff" + _taken(buffer)
    for number, row in enumerate(_rows(companies), start=1):
        writer.writerow(row)
        if number % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(companies: QuerySet[Any], file: io.IOBase) -> None:
    """One sheet, written row by row in constant memory; all cells are texts, so that no spreadsheet computes them."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("companies")
        for line, row in enumerate([COLUMNS, *_rows(companies)]):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _rows(companies: QuerySet[Any]) -> Iterator[list[str]]:
    for values in companies.values_list(*STORED).iterator(chunk_size=BATCH):
        row = dict(zip(STORED, values, strict=True))
        registration, operation = row.pop("registration"), row.pop("operation")
        row |= {
            "registered_on": first_day(registration),
            "deregistered_on": last_day(registration),
            "operating_from": first_day(operation),
            "operating_until": last_day(operation),
            "listed": YES_NO[row["listed"]],
            "bad_credit": YES_NO[row["bad_credit"]],
        }
        yield [str(row[name]) if row[name] is not None else "" for name in COLUMNS]
