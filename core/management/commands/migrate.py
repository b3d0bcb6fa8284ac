"""Django's `migrate`, one at a time: several at once on a fresh database fail in Django itself."""

from typing import Any

from django.core.management.commands import migrate

from core.locks import advisory_lock


class Command(migrate.Command):
    """Waits for any other `migrate` on the same database, then finds what is left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        with advisory_lock("migrate"):
            super().handle(*args, **options)
