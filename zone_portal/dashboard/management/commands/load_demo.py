"""`manage.py load_demo`: the demo zone into an empty portal; the second time it says so and changes nothing."""

import datetime as dt
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.periods import today
from zone_portal.demo import accounts, loading
from zone_portal.demo.zone import make_zone

EARLIEST = dt.date(2025, 1, 1)  # before it, the stories of two years would begin before the policy


class Command(BaseCommand):
    help = "Load the demo zone into an empty portal (with PORTAL_DEMO=1), or write its files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=dt.date.fromisoformat, metavar="DATE", help="make the zone of this day")
        parser.add_argument("--accounts", action="store_true", help="print the demo accounts, load nothing")
        parser.add_argument("--files", type=Path, metavar="DIR", help="write the zone's files to DIR, load nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        day = options["today"] or today()
        if day < EARLIEST:
            raise CommandError(_("The demo zone can be made for days from %(day)s on.") % {"day": EARLIEST})
        if options["accounts"]:
            self._list_accounts()
        elif options["files"]:
            for path in loading.write_all_files(make_zone(day), options["files"]).values():
                self.stdout.write(str(path))
        else:
            self._load(day, list_accounts=options["verbosity"] > 0)

    def _list_accounts(self) -> None:
        for line in accounts.listing():
            self.stdout.write(line)

    def _load(self, day: dt.date, *, list_accounts: bool) -> None:
        if not settings.DEMO:
            raise CommandError(
                _("The accounts of the demo zone have public passwords: load it only where PORTAL_DEMO=1 is set.")
            )
        if loading.is_loaded():
            self.stdout.write("  " + _("The demo zone is there already; nothing was changed."))
            return
        try:
            with tempfile.TemporaryDirectory() as folder:
                loading.load(today=day, folder=Path(folder), say=self._say)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if list_accounts:
            self._list_accounts()

    def _say(self, done: str) -> None:
        self.stdout.write(f"    {done}")
        self.stdout.flush()
