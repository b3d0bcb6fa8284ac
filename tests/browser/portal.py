"""The portal under test: where it answers, and the people and things in it."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from tests.conftest import SECRET
from tests.factories import (
    CompanyFactory,
    LeaseFactory,
    MembershipFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Portal:
    """`people` by role: the roles of staff, and `founder`, `newcomer` (no company yet), `recruit` (staff, with no
    second factor yet)."""

    environment: dict[str, str]
    database: str
    scratch: Path
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.environment["PORTAL_BASE_URL"]

    def populate(self) -> None:
        """Fill the empty portal, through Django's connection to it."""
        for role in StaffRole:
            self.people[role] = staff_member(f"browser-{role}", role)
        self.people["founder"] = person("browser-founder")
        self.people["newcomer"] = person("browser-newcomer")
        self.people["recruit"] = person("browser-recruit", roles=[StaffRole.AUDITOR])
        company = CompanyFactory(
            code="BR-001", name="Lingxi Audio Technology Co., Ltd.", name_zh="杭州灵犀音频科技有限公司"
        )
        MembershipFactory(company=company, user=self.people["founder"], role=MemberRole.OWNER)
        self.things["company"] = company
        self.things["lease"] = LeaseFactory(company=company)
        RecoveryCodes.activate(self.people["officer"])

    def newly_hired(self, role: str) -> User:
        """A member of staff whom no other test knows."""
        return staff_member(f"browser-{uuid.uuid4().hex[:8]}", StaffRole(role))


def person(name: str, **fields: Any) -> User:
    """Somebody with a confirmed address, who can sign in with the factories' password."""
    user = UserFactory(email=f"{name}@zone.example", name=name.replace("-", " ").title(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def staff_member(name: str, role: StaffRole) -> User:
    user = person(name, roles=[role])
    TOTP.activate(user, SECRET)
    return user
