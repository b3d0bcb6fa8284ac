"""`assess [--on DATE] [--company CODE] [--workers]`: decide the eight points and propose stages, as the workers do
every night."""

import datetime as dt
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.periods import today
from subsidies.management.following import follow, seconds
from subsidies.services import assessments

NAMES = ("decided", "added", "superseded", "stages_proposed", "stages_superseded")


def _day(text: str) -> dt.date:
    try:
        if len(text) == len("YYYY-MM-DD"):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise CommandError(f"{text!r} is not a day: write it as YYYY-MM-DD, such as 2026-03-01.")


class Command(BaseCommand):
    help = "Decide the eight points and propose stages for all companies, or for one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", default="", metavar="DATE", help="the day to decide for (default: today)")
        parser.add_argument("--company", default="", metavar="CODE", help="only the company with this code")
        parser.add_argument("--workers", action="store_true", help="leave the work to the workers and follow it")

    def handle(self, *_args: Any, **options: Any) -> None:
        on = _day(options["on"]) if options["on"] else today()
        request = partial(assessments.request_assessment, on=on, company=options["company"], fresh=True)
        run = follow(request, workers=options["workers"], label=f"Deciding for {on}", stdout=self.stdout)
        counts = dict.fromkeys(NAMES, 0) | run.result
        self.stdout.write(
            f"Decided for {on} in {seconds(run)}: {counts['decided']:,} decisions, of which {counts['added']:,} are new"
            f" and replace {counts['superseded']:,} earlier ones. {counts['stages_proposed']:,} moves to another stage"
            f" are proposed, and {counts['stages_superseded']:,} earlier ones are not any more."
        )
