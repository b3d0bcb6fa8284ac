"""Make a machine key from the command line. The token is printed once and kept nowhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import services
from accounts.models import Scope, StaffRole, User
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make a key for the REST API and print its token, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scope", action="append", choices=Scope.values, required=True, dest="scopes")
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--for", dest="email", help="the staff member who answers for it (default: an approver)")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            key, token = services.create_key(
                name=options["name"],
                scopes=options["scopes"],
                days=options["days"],
                now=timezone.now(),
                created_by=self._responsible(options["email"]),
                by=None,
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{key.name}: {', '.join(key.scopes)}, until {key.expires_at:%Y-%m-%d}. Shown only once:")
        self.stdout.write(token)

    def _responsible(self, email: str | None) -> User:
        staff = User.objects.filter(is_active=True, role_grants__isnull=False)
        found = (
            staff.filter(email__iexact=email) if email else staff.filter(role_grants__role=StaffRole.APPROVER)
        ).first()
        if found is None:
            who = f"no staff member {email}" if email else "no approver yet"
            raise CommandError(f"There is {who}: name a staff member with --for, or grant a role first.")
        return found
