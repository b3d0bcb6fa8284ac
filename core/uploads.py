"""Files that people bring by the browser: checked first, and imported when they say so.

The content is kept in the database, so that any web server can go on with it, and forgotten after a week. Checking
is a trial run of the import itself; so what the page shows is what will happen, unless the books change meanwhile.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.interchange.importing import Imported, import_file
from core.interchange.kinds import import_kind
from core.interchange.problems import FileRefused
from core.interchange.reading import read_table
from core.models import Upload

KEPT = dt.timedelta(days=7)
SHOWN = 200  # problems that a page lists
LONGEST_VALUE = 100  # characters of a cell


class _Read(Exception):
    """The header was read, and no more is wanted."""


def header_of(name: str, content: bytes) -> tuple[str, ...]:
    """The names of the file's columns. FileRefused where it cannot be read."""
    found: list[str] = []

    def accept(header: Sequence[str]) -> None:
        found.extend(header)
        raise _Read

    with _on_disk(name, content) as path, suppress(_Read):
        read_table(path, accept)
    return tuple(found)


def check_upload(*, kind: str, name: str, content: bytes, on: dt.date, by: Any) -> Upload:
    """Keep a file, and find out what its import would do on the day `on`. Nothing is imported."""
    Upload.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    findings = _tried(kind, name, content, on)
    return Upload.objects.create(kind=kind, name=name, content=content, findings=findings, created_by=by)


def take_upload(*, upload: Upload, on: dt.date, accept_valid: bool, by: Any) -> Upload:
    """Import it, with `accept_valid` its good rows alone. Conflict when it was imported already, or when the books have
    changed since it was checked and now refuse it: then its findings are new."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk, created_by=by)
        if held.taken_at is not None:
            raise Conflict(_("%(file)s was imported already.") % {"file": held.name}, code="taken_already")
        try:
            return _taken(held, on, accept_valid)
        except FileRefused as refused:
            held.findings = _tried(held.kind, held.name, bytes(held.content), on)
            held.save(update_fields=["findings"])
            told = str(refused)
    raise Conflict(told, code="file_refused")


def _taken(upload: Upload, on: dt.date, accept_valid: bool) -> Upload:
    with _on_disk(upload.name, bytes(upload.content)) as path:
        done = import_file(import_kind(upload.kind), path, on=on, accept_valid=accept_valid)
        upload.refused = done.refused_file.read_bytes() if done.refused_file else None
    upload.findings, upload.taken_at = findings_of(done), timezone.now()
    upload.save(update_fields=["findings", "refused", "taken_at"])
    return upload


def _tried(kind: str, name: str, content: bytes, on: dt.date) -> dict[str, Any]:
    with _on_disk(name, content) as path:
        try:
            return findings_of(import_file(import_kind(kind), path, on=on, dry_run=True, accept_valid=True))
        except FileRefused as refused:
            return {"is_refused": True, **_problems(refused.problems)}


def findings_of(done: Imported) -> dict[str, Any]:
    """What an import did, or would do: numbers of rows, notes, and the first problems with line, column, value and
    reason. A file that cannot be read at all, or has another header, `is_refused` as a whole."""
    return {
        "is_refused": False,
        "rows": done.rows,
        "new": done.stored.new,
        "changed": done.stored.changed,
        "unchanged": done.stored.unchanged,
        "refused_rows": done.refused_rows,
        "notes": list(done.stored.notes),
        **_problems(done.problems),
    }


def _problems(found: pl.DataFrame) -> dict[str, Any]:
    """The first of them, in texts that a page can show and the database can keep."""
    shown = found.head(SHOWN).with_columns(pl.col(pl.String).str.replace_all("\0", "�", literal=True))
    cut = shown.with_columns(pl.col("value").str.slice(0, LONGEST_VALUE))
    return {"problem_count": found.height, "problems": cut.to_dicts()}


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    """The file in a folder of its own, which goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        yield path
