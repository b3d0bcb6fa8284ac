"""`replay [--company CODE] [--point POINT] [--decision ID]`: prove that stored decisions come out as they did."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.errors import DomainError
from subsidies.gather import stored
from subsidies.gather.stored import Chosen
from subsidies.services import replays


class Command(BaseCommand):
    help = "Decide stored decisions again from the facts that they kept, check their seals, and tell every difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", default="", metavar="CODE", help="only those of the company with this code")
        parser.add_argument("--point", default="", metavar="POINT", help="only those on this point of the policy")
        parser.add_argument("--decision", default="", metavar="ID", help="only the one with this public id")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            chosen = replays.choose(company=options["company"], point=options["point"], decision=options["decision"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        begun = time.monotonic()
        decisions, wrong = self._replay(chosen)
        seconds = time.monotonic() - begun
        if wrong:
            raise CommandError(f"{wrong:,} of {decisions:,} decisions are not what they were ({seconds:.1f} s).")
        self.stdout.write(f"Replayed {decisions:,} decisions in {seconds:.1f} s: all come out as they did.")

    def _replay(self, chosen: Chosen) -> tuple[int, int]:
        """How many decisions there were, and with how many something is wrong. Each difference is a line."""
        decisions = wrong = 0
        total, hidden = stored.count(chosen), not sys.stderr.isatty()
        with tqdm(desc="Replaying", unit="decision", total=total, file=sys.stderr, disable=hidden) as bar:
            for count, found in replays.replay(chosen):
                for one in found:
                    self.stdout.write(f"{one.company} {one.point} {one.what}: {one.told} (decision {one.decision})")
                decisions += count
                wrong += len({one.decision for one in found})
                bar.update(count)
        return decisions, wrong
