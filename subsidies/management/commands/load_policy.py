"""`load_policy FILE [--publish]`: a policy pack as a draft, or in force where there never was a policy."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from subsidies.rules import pack
from subsidies.rules.errors import PackError
from subsidies.services import policies


class Command(BaseCommand):
    help = "Load a policy pack (YAML) as a draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="put it in force; only where no policy ever was")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            loaded = policies.load_pack(pack=pack.load(options["file"]), publish=options["publish"])
        except (PackError, DomainError) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        version = loaded.version
        known = "was in the portal already, unchanged" if loaded.was_known else "is loaded"
        assumed = sum(parameter.provenance == "assumed" for parameter in version.parameters.all())
        self.stdout.write(
            f"Version {version.version} of {version.policy} {known}: {version.state}, from {version.effective_from},"
            f" with {version.parameters.count()} parameters, {assumed} of them assumed."
        )
