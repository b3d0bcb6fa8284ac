"""`manage.py make_files DIR`: files of any size for `import_data`, the same for the same arguments."""

import datetime as dt
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.periods import today
from zone_portal.demo import kept, scale


class Command(BaseCommand):
    help = "Write the files of a zone of any size, a CSV for each kind, for imports and benchmarks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--companies", type=int, default=150_000)
        parser.add_argument("--leases", type=int, default=200_000)
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day the files are made for (default: today)",
        )
        parser.add_argument("--seed", type=int, default=scale.SEED)
        parser.add_argument(
            "--kept",
            action="store_true",
            help="instead a list of a thousand companies with the usual dirt, as people keep it: import it with --tidy",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["companies"] < 1 or options["leases"] < 0:
            raise CommandError("At least one company and no fewer than no leases, please.")
        if options["kept"]:
            for path in kept.write_files(kept.kept(options["today"] or today()), options["folder"]).values():
                self.stdout.write(str(path))
            return
        started = time.monotonic()
        rows = scale.write_files(
            options["folder"],
            scale.Sizes.of(options["companies"], options["leases"]),
            today=options["today"] or today(),
            seed=options["seed"],
        )
        for kind, count in rows.items():
            self.stdout.write(f"{count:>9,}  {options['folder'] / kind}.csv")
        self.stdout.write(f"Written in {time.monotonic() - started:.1f} s. Import them in this order.")
