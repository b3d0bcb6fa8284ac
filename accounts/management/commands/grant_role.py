"""Give a person a staff role from the command line: how the first approver comes into being."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import services
from accounts.models import StaffRole, User
from core.errors import DomainError


class Command(BaseCommand):
    help = "Give a person who has signed up a staff role (approvers grant later ones in the portal)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=StaffRole.values)

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has signed up as {options['email']}.")
        try:
            services.grant_role(user=user, role=options["role"], by=None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.email} is {options['role']} now, and sets up a second factor at the next sign-in.")
