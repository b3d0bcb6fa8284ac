"""`export_data KIND FILE`: what the portal holds or computed, as a file."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from core.errors import DomainError
from core.interchange import exporting, kinds
from core.periods import parse_month
from zone_portal.dashboard.progress import Bars


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: write it as YYYY-MM-DD") from error


def _month(text: str) -> dt.date:
    try:
        return parse_month(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Export a kind of data as CSV, XLSX, Parquet or NDJSON, by the suffix of the file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds.discover()
        parser.add_argument("kind", metavar="KIND", help=", ".join(sorted(kinds.EXPORTS)))
        parser.add_argument("file", metavar="FILE", type=Path, help=".csv, .xlsx, .parquet or .ndjson")
        parser.add_argument("--on", metavar="DATE", type=_day, help="the day, for kinds that have one (YYYY-MM-DD)")
        parser.add_argument(
            "--month", metavar="MONTH", type=_month, help="the month, for kinds that have one (YYYY-MM)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with Bars() as bars:
                rows = exporting.export_file(
                    kinds.export_kind(options["kind"]), path, on=options["on"], month=options["month"], progress=bars
                )
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        message = ngettext("%(count)d row in %(file)s.", "%(count)d rows in %(file)s.", rows)
        self.stdout.write(message % {"count": rows, "file": path})
