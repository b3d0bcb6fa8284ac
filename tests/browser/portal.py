"""The portal under test: where it answers, and the people in it."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import StaffRole, User
from companies.choices import ApplicationState
from companies.models import Application, Company
from core.periods import today
from spaces.models import Lease
from tests.conftest import SECRET
from tests.factories import UserFactory
from zone_portal.demo import accounts


@dataclass(frozen=True)
class Portal:
    """The demo zone, served. `people` are known by what they are: by their roles of staff; `founder`, an owner of a
    company, and `colleague`, who may only read there; `applicant`, who has an unsent application; `newcomer`, who has
    nothing yet; `recruit`, staff without a second factor."""

    environment: dict[str, str]
    database: str
    scratch: Path
    people: dict[str, User] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.environment["PORTAL_BASE_URL"]

    def meet_people(self) -> None:
        """Learn who is who in the zone that was loaded, and bring those in whom it lacks. All speak the language of
        their browser, which tests choose."""
        User.objects.update(language="")
        for known in accounts.STAFF:
            self.people[str(known.staff)] = User.objects.get(email=known.email)
        RecoveryCodes.activate(self.people["officer"])
        self.people.update(
            founder=User.objects.get(email="wang.qing@founders.example"),
            colleague=User.objects.get(email="sun.yi@founders.example"),
            applicant=User.objects.get(email="jonas.weber@founders.example"),
            newcomer=person("browser-newcomer"),
            recruit=person("browser-recruit", roles=[StaffRole.AUDITOR]),
        )

    @property
    def company(self) -> Company:
        """The founder's: it leases several units."""
        return Company.objects.get(memberships__user=self.people["founder"])

    @property
    def lease(self) -> Lease:
        """One that is in force, of the founder's company."""
        return Lease.objects.filter(company=self.company, term__contains=today()).order_by("number")[0]

    @property
    def unsent(self) -> Application:
        """The applicant's."""
        return Application.objects.get(created_by=self.people["applicant"])

    def sent(self, state: ApplicationState) -> Application:
        return Application.objects.filter(state=state, submitted_at__isnull=False).order_by("pk")[0]

    def newly_hired(self, role: str) -> User:
        """A member of staff whom no other test knows."""
        user = person(f"browser-{uuid.uuid4().hex[:8]}", roles=[StaffRole(role)])
        TOTP.activate(user, SECRET)
        return user


def person(name: str, **fields: Any) -> User:
    """Somebody with a confirmed address, who can sign in with the factories' password."""
    user: User = UserFactory(email=f"{name}@zone.example", name=name.replace("-", " ").title(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
