"""`import_data KIND FILE`: a zone's spreadsheet into the portal, or a list of what is wrong with it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.interchange import importing, kinds
from core.interchange.problems import FileRefused
from core.periods import today
from zone_portal.dashboard.progress import Bars

LISTED = 50


class Command(BaseCommand):
    help = "Import a CSV or XLSX file; nothing of it when something is wrong with it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds.discover()
        parser.add_argument("kind", metavar="KIND", help=", ".join(sorted(kinds.IMPORTS)))
        parser.add_argument("file", metavar="FILE", type=Path, help=".csv or .xlsx")
        parser.add_argument(
            "--dry-run", action="store_true", help="check, count and tell what would change; change nothing"
        )
        parser.add_argument(
            "--accept-valid", action="store_true", help="import the good rows; the others go to FILE.refused.csv"
        )
        parser.add_argument(
            "--tidy",
            action="store_true",
            help="read days, amounts and names of columns in other spellings too, where they can mean one thing only",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with Bars() as bars:
                done = importing.import_file(
                    kinds.import_kind(options["kind"]),
                    path,
                    on=today(),
                    dry_run=options["dry_run"],
                    accept_valid=options["accept_valid"],
                    tidy=options["tidy"],
                    look=options["dry_run"],
                    progress=bars,
                )
        except FileRefused as refused:
            self._list(path, refused.problems)
            raise CommandError(str(refused)) from refused
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._list(path, done.problems)
        if done.effect:
            self._tell(path, done.effect.changes)
        self._sum_up(path, done, dry_run=options["dry_run"])

    def _list(self, path: Path, problems: pl.DataFrame) -> None:
        for line, column, value, reason in problems.head(LISTED).iter_rows():
            place = f"{path.name}:{line}" if line else path.name
            shown = f" {value[:60]!r}" if value and value != column else ""
            self.stderr.write(f"{place}: {column}{shown} {reason}" if column else f"{place}:{shown} {reason}")
        if problems.height > LISTED:
            more = problems.height - LISTED
            self.stderr.write(ngettext("… and %d more problem", "… and %d more problems", more) % more)

    def _tell(self, path: Path, changes: pl.DataFrame) -> None:
        """What would change on record, from what to what."""
        for line, _key, column, before, after in changes.head(LISTED).iter_rows():
            self.stdout.write(f"{path.name}:{line}: {column} {before[:60]!r} → {after[:60]!r}")
        if changes.height > LISTED:
            more = changes.height - LISTED
            self.stdout.write(ngettext("… and %d more change", "… and %d more changes", more) % more)

    def _sum_up(self, path: Path, done: importing.Imported, *, dry_run: bool) -> None:
        stored = done.stored
        counts = {"file": path.name, "new": stored.new, "changed": stored.changed, "unchanged": stored.unchanged}
        self.stdout.write(_("%(file)s: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % counts)
        for note in stored.notes:
            self.stdout.write(note)
        if done.left_out:
            told = _("Columns that were left out: %(columns)s.")
            self.stdout.write(told % {"columns": ", ".join(done.left_out)})
        if done.readings is not None and done.readings.height:
            message = ngettext(
                "%(count)d cell was read in another spelling.",
                "%(count)d cells were read in another spelling.",
                done.readings.height,
            )
            self.stdout.write(message % {"count": done.readings.height})
        if done.refused_rows:
            message = ngettext("%(count)d row was refused.", "%(count)d rows were refused.", done.refused_rows)
            self.stdout.write(message % {"count": done.refused_rows})
        if done.refused_file:
            self.stdout.write(_("The refused rows are in %(file)s.") % {"file": done.refused_file})
        if dry_run:
            self.stdout.write(_("This was a trial: nothing was changed."))
