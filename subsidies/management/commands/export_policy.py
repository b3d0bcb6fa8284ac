"""`export_policy [VERSION] FILE`: a version as a policy pack; without VERSION the newest published one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subsidies import policy
from subsidies.models import PolicyVersion
from subsidies.rules import pack


class Command(BaseCommand):
    help = "Write a version of the policy to a file, from which load_policy reads it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="+", metavar="[VERSION] FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        if len(options["words"]) > 2:
            raise CommandError("Name a version and a file, or a file alone.")
        *versions, file = options["words"]
        version = _version(versions[0] if versions else "")
        try:
            Path(file).write_text(pack.dumps(policy.pack_of(version)), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Version {version.version} of {version.policy} is in {file}.")


def _version(name: str) -> PolicyVersion:
    if name:
        found = PolicyVersion.objects.filter(version=name).first()
        refusal = f"There is no version {name!r}."
    else:
        found = PolicyVersion.objects.published().order_by("-effective_from").first()
        refusal = "No version was ever published. Name a draft's version, or load one with load_policy."
    if found is None:
        known = ", ".join(PolicyVersion.objects.values_list("version", flat=True)) or "none"
        raise CommandError(f"{refusal} Versions in the portal: {known}.")
    return found
