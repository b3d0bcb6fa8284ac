"""A list of rows as a page and as a file: what the address narrows down and sorts is what the file holds.

The file is of the interchange format, so that it can be mended and imported again.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import polars as pl
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django_tables2 import RequestConfig

from core.interchange import kinds
from core.interchange.columns import Column
from core.interchange.exporting import export_file
from core.interchange.kinds import ExportKind
from core.periods import Day
from core.tables import PortalTable

Turned = TypeVar("Turned", bound=PortalTable)
PER_PAGE = 25
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def turned(request: HttpRequest, table: Turned) -> Turned:
    """The table, sorted and turned to the page that the address names."""
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return table


def is_exported(name: str) -> bool:
    """Whether rows of this kind can be taken home as a file."""
    kinds.discover()
    return name in kinds.EXPORTS


def asked_format(request: HttpRequest, name: str) -> str:
    """The suffix of the file that `?format=` asks for; "" for the page."""
    suffix = request.GET.get("format", "")
    return suffix if suffix in FORMATS and is_exported(name) else ""


def as_file(name: str, suffix: str, rows: QuerySet, keys: Mapping[str, str], on: Day) -> HttpResponse:
    """The rows as a file of the kind `name`. `keys` leads from the key columns of the kind to fields of the rows."""
    return download(_only(kinds.export_kind(name), rows, keys), suffix, f"{name}-{on}")


def frame_as_file(name: str, suffix: str, frame: pl.DataFrame, columns: Sequence[Column], on: Day) -> HttpResponse:
    """Figures that are no kind of the interchange format, as a file with these columns."""
    return download(ExportKind(name, lambda _on, _month: frame, tuple(columns)), suffix, f"{name}-{on}")


def download(kind: ExportKind, suffix: str, name: str) -> HttpResponse:
    """A file of the kind, called `name`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind.name}.{suffix}"
        export_file(kind, path)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(content, content_type=FORMATS[suffix], headers=headers)


def _only(kind: ExportKind, rows: QuerySet, keys: Mapping[str, str]) -> ExportKind:
    """The kind with these rows alone."""
    schema = {column.name: column.dtype for column in kind.columns if column.name in keys}
    wanted = pl.DataFrame(
        list(rows.order_by().values_list(*(keys[name] for name in schema))), schema=schema, orient="row"
    )

    def frames(on: Day | None, month: Day | None) -> Iterator[pl.DataFrame]:
        found = kind.frame(on, month)
        for frame in [found] if isinstance(found, pl.DataFrame) else found:
            yield frame.join(wanted, on=list(schema), how="semi", maintain_order="left")

    return replace(kind, frame=frames)
