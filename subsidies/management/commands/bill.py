"""`bill --month MONTH [--workers]`: the rent statements of a month, as the workers compute them on the first."""

import datetime as dt
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.periods import parse_month
from subsidies.management.following import follow, seconds
from subsidies.services import statements


def _month(text: str) -> dt.date:
    if not text:
        raise CommandError("Name the month to bill: --month YYYY-MM.")
    try:
        return parse_month(text)
    except ValueError as error:
        raise CommandError(str(error)) from None


class Command(BaseCommand):
    help = "Compute the rent statements of a month; issued ones are corrected in the earliest open month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", default="", metavar="MONTH", help="the month as YYYY-MM")
        parser.add_argument("--workers", action="store_true", help="leave the work to the workers and follow it")

    def handle(self, *_args: Any, **options: Any) -> None:
        billed = _month(options["month"])
        request = partial(statements.request_billing, month=billed)
        label = f"Billing {billed:%Y-%m}"
        run = follow(request, workers=options["workers"], label=label, stdout=self.stdout)
        names = ("statements", "written", "removed", "adjustments", "waiting")
        counts = dict.fromkeys(names, 0) | run.result
        self.stdout.write(
            f"Billed {billed:%Y-%m} in {seconds(run)}: {counts['statements']:,} open statements,"
            f" {counts['written']:,} written, {counts['removed']:,} removed,"
            f" {counts['adjustments']:,} corrections of issued months."
        )
        if counts["waiting"]:
            self.stdout.write(f"{counts['waiting']:,} corrections wait for the next open month.")
