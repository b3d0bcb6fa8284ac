"""The cast that every access test shares, how its members sign in, and the road of files in and out.

Staff: one person for each role. Founders: alice owns the company, bob edits and carol views it; mallory owns another.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest
from django.test import Client
from django.utils import translation

from accounts.models import StaffRole, User
from companies.choices import MemberRole
from companies.models import Company
from core.interchange import exporting, importing, kinds
from core.interchange.importing import Imported
from core.interchange.problems import FileRefused
from tests.factories import TODAY, CompanyFactory, MembershipFactory, UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

SignedIn = Callable[[User], Client]
Import = Callable[..., Imported]


def _block(item: pytest.Item) -> int | None:
    """What needs programs of its own for a whole block (servers to kill; the portal and a browser), or takes long."""
    folder = item.path.relative_to(item.config.rootpath).parts[1]
    if folder in {"faults", "embedded"}:
        return 0
    if folder == "browser":
        return 1
    return 2 if item.get_closest_marker("slow") else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test process begins with one block and goes on with quick tests, which are what processes that are through
    take from others. Left last, as pytest-django sorts them, blocks would be torn apart, so that each process starts
    all those programs, and one process would be at a long test when the others have nothing left."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes == 1:
        return
    blocks: list[list[pytest.Item]] = [[] for _process in range(processes)]
    rest: list[pytest.Item] = []
    for item in items:
        block = _block(item)
        (rest if block is None else blocks[block % processes]).append(item)
    ordered: list[pytest.Item] = []
    for place, block in enumerate(blocks):
        share = (len(items) - len(ordered)) // (processes - place)  # as pytest-xdist deals them out
        filling = max(0, share - len(block))
        ordered += [*block, *rest[:filling]]
        del rest[:filling]
    items[:] = [*ordered, *rest]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def clean_cache(settings) -> None:
    """For tests of throttles, which count in the cache: keys of their own, because clearing it would hit all tests."""
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "KEY_PREFIX": f"{default['KEY_PREFIX']}{uuid.uuid4()}"}}


def staff_member(role: StaffRole) -> User:
    user = UserFactory(email=f"{role}@zone.example", name=role.replace("_", " ").title(), roles=[role])
    TOTP.activate(user, SECRET)
    return user


@pytest.fixture
def officer(db) -> User:
    return staff_member(StaffRole.OFFICER)


@pytest.fixture
def approver(db) -> User:
    return staff_member(StaffRole.APPROVER)


@pytest.fixture
def treasurer(db) -> User:
    return staff_member(StaffRole.TREASURER)


@pytest.fixture
def reviewer(db) -> User:
    return staff_member(StaffRole.REVIEWER)


@pytest.fixture
def policy_editor(db) -> User:
    return staff_member(StaffRole.POLICY_EDITOR)


@pytest.fixture
def auditor(db) -> User:
    return staff_member(StaffRole.AUDITOR)


@pytest.fixture
def company(db) -> Company:
    return CompanyFactory(code="A-001", name="Lingxi Audio", name_zh="灵犀音频")


@pytest.fixture
def other_company(db) -> Company:
    return CompanyFactory(code="B-001", name="Other Company")


def member(name: str, company: Company, role: MemberRole) -> User:
    user = UserFactory(email=f"{name}@example.org", name=name.title())
    MembershipFactory(company=company, user=user, role=role)
    return user


@pytest.fixture
def alice(company: Company) -> User:
    return member("alice", company, MemberRole.OWNER)


@pytest.fixture
def bob(company: Company) -> User:
    return member("bob", company, MemberRole.EDITOR)


@pytest.fixture
def carol(company: Company) -> User:
    return member("carol", company, MemberRole.VIEWER)


@pytest.fixture
def mallory(other_company: Company) -> User:
    return member("mallory", other_company, MemberRole.OWNER)


@pytest.fixture
def anonymous() -> Client:
    return Client()


@pytest.fixture
def signed_in() -> SignedIn:
    """A client of a person who has signed in; staff have passed their second factor too."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        if Authenticator.objects.filter(user=user).exists():
            request = HttpRequest()
            request.session = client.session
            record_authentication(request, user, method="mfa", type="totp")
            request.session.save()
        return client

    return sign_in


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a CSV file of a kind."""

    def to_file(kind: str, content: str) -> Path:
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def bring(write) -> Import:
    """Import the content of a CSV file."""

    def into_the_portal(kind: str, content: str, **options: Any) -> Imported:
        return importing.import_file(kinds.import_kind(kind), write(kind, content), on=TODAY, **options)

    return into_the_portal


@pytest.fixture
def refusals(bring) -> Callable[[str, str], list[tuple[int, str, str, str]]]:
    """The problems for which a file is refused: line, column, value, reason."""

    def of_file(kind: str, content: str) -> list[tuple[int, str, str, str]]:
        with pytest.raises(FileRefused) as refused:
            bring(kind, content)
        return refused.value.problems.rows()

    return of_file


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., str]:
    """What a kind is as a CSV file."""

    def as_csv(kind: str, **options: Any) -> str:
        path = tmp_path / f"{kind}-out.csv"
        exporting.export_file(kinds.export_kind(kind), path, **options)
        return path.read_text(encoding="utf-8")

    return as_csv
