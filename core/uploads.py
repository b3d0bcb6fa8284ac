"""Files that people bring by the browser: checked first, and imported when they say so.

The content is kept in the database, so that any web server can go on with it, until it is imported or given up, and for
a week at most. Checking is a trial run of the import itself, and its effect is kept by a digest: what the page shows is
what is written, or nothing is, because the books have changed meanwhile.
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
from core.interchange.importing import EffectChanged, Imported, import_file
from core.interchange.kinds import import_kind
from core.interchange.problems import FileRefused
from core.interchange.reading import read_table
from core.interchange.tidying import header_name
from core.models import Upload

KEPT = dt.timedelta(days=7)
MOST_ROWS = 20_000
SHOWN = 200  # problems, changes and readings that a page lists
NEVER_SEEN = "-"  # no effect has this digest: what nobody could look at is looked at first
LONGEST_VALUE = 100  # characters of a cell


class _Read(Exception):
    """The header was read, and no more is wanted."""


def header_of(name: str, content: bytes) -> tuple[str, ...]:
    """The names of the file's columns, however they are spelled. FileRefused where it cannot be read."""
    found: list[str] = []

    def accept(header: Sequence[str]) -> None:
        found.extend(map(header_name, header))
        raise _Read

    with _on_disk(name, content) as path, suppress(_Read):
        read_table(path, accept)
    return tuple(found)


def check_upload(*, kind: str, name: str, content: bytes, on: dt.date, by: Any, tidy: bool = False) -> Upload:
    """Keep a file, and find out what its import would do on the day `on`. Nothing is imported. With `tidy` what people
    write in another way than the format is read too."""
    forget_old(timezone.now())
    upload = Upload(kind=kind, name=name, content=content, is_tidied=tidy, created_by=by)
    _look(upload, on)
    upload.save()
    return upload


def take_upload(*, upload: Upload, on: dt.date, accept_valid: bool, by: Any) -> Upload:
    """Import it, with `accept_valid` its good rows alone. Conflict when it was imported already, or when the books have
    changed since it was checked, so that something else would be written, or nothing: then its findings are new."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk, created_by=by)
        if held.taken_at is not None:
            raise Conflict(_("%(file)s was imported already.") % {"file": held.name}, code="taken_already")
        try:
            return _taken(held, on, accept_valid, by)
        except FileRefused as refused:
            told, code = str(refused), refused.code
        except EffectChanged as changed:
            again = _("Look through it once more, then import it.")
            told, code = f"{changed} {again}", changed.code
        _look(held, on)
        held.save(update_fields=["findings", "refused"])
    raise Conflict(told, code=code)


def give_up(*, upload: Upload, by: Any) -> None:
    """Forget a file that is not to be imported. Conflict when it was."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk, created_by=by)
        if held.taken_at is not None:
            raise Conflict(_("%(file)s was imported already.") % {"file": held.name}, code="taken_already")
        held.delete()


def forget_old(now: dt.datetime) -> int:
    """Delete the files that are a week old; returns how many there were."""
    return Upload.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _taken(upload: Upload, on: dt.date, accept_valid: bool, by: Any) -> Upload:
    with _on_disk(upload.name, bytes(upload.content)) as path:
        done = import_file(
            import_kind(upload.kind),
            path,
            on=on,
            accept_valid=accept_valid,
            tidy=upload.is_tidied,
            expected=upload.findings.get("effect") or NEVER_SEEN,
            most_rows=MOST_ROWS,
            by=by,
        )
    upload.refused = _as_csv(done)
    upload.findings, upload.taken_at, upload.content = findings_of(done), timezone.now(), b""
    upload.save(update_fields=["findings", "refused", "taken_at", "content"])
    return upload


def _look(upload: Upload, on: dt.date) -> None:
    """Find out what an import would do now, and which rows it would refuse."""
    with _on_disk(upload.name, bytes(upload.content)) as path:
        try:
            done = import_file(
                import_kind(upload.kind),
                path,
                on=on,
                dry_run=True,
                accept_valid=True,
                tidy=upload.is_tidied,
                look=True,
                most_rows=MOST_ROWS,
            )
            upload.findings, upload.refused = findings_of(done), _as_csv(done)
        except FileRefused as refused:
            upload.findings, upload.refused = {"is_refused": True, **_listed("problem", refused.problems)}, None


def _as_csv(done: Imported) -> bytes | None:
    return None if done.refused is None else done.refused.write_csv().encode()


def findings_of(done: Imported) -> dict[str, Any]:
    """What an import did, or would do: numbers of rows, notes, and the first problems with line, column, value and
    reason, changes with line, key, column, before and after, and readings with line, column, value and read. A file
    that cannot be read at all, or has another header, `is_refused` as a whole."""
    effect = done.effect
    return {
        "is_refused": False,
        "rows": done.rows,
        "new": done.stored.new,
        "changed": done.stored.changed,
        "unchanged": done.stored.unchanged,
        "refused_rows": done.refused_rows,
        "notes": list(done.stored.notes),
        "left_out": list(done.left_out),
        "effect": effect.digest if effect else "",
        **_listed("problem", done.problems),
        **(_listed("change", effect.changes) if effect else {}),
        **(_listed("reading", done.readings) if done.readings is not None else {}),
    }


def _listed(name: str, found: pl.DataFrame) -> dict[str, Any]:
    """The first of them, in texts that a page can show and the database can keep."""
    shown = found.head(SHOWN).with_columns(pl.col(pl.String).str.replace_all("\0", "�", literal=True))
    cells = [column for column in shown.columns if column in ("value", "read", "key", "before", "after")]
    cut = shown.with_columns(pl.col(cells).str.slice(0, LONGEST_VALUE))
    return {f"{name}_count": found.height, f"{name}s": cut.to_dicts()}


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    """The file in a folder of its own, which goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        yield path
