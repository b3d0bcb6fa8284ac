"""The demo zone's people and its mailbox. Nothing here works unless `settings.DEMO` is on."""

import datetime as dt
import email
import email.policy
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.cache import cache as shared_cache
from django.db import transaction

from accounts.models import RoleGrant, User

MOST_MAILS = 100


@dataclass(frozen=True)
class DemoCode:
    """The sign-in code of a demo account: valid for `seconds` more; `used` when it opened a session already."""

    text: str
    seconds: int
    used: bool


@dataclass(frozen=True)
class DemoMail:
    at: dt.datetime
    to: str
    subject: str
    text: str


@transaction.atomic
def create_demo_user(
    email: str, *, name: str, password: str, language: str = "", roles: Iterable[str] = (), totp_secret: str = ""
) -> User:
    """A person of the demo zone, verified, with his roles and second factor; running it again changes nothing.

    Raises RuntimeError on a portal that is no demo: these accounts have known passwords.
    """
    if not settings.DEMO:
        raise RuntimeError("demo accounts exist only in a demo zone: set PORTAL_DEMO=1")
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name, language=language)
        user.password = _hashed(password, get_hasher().algorithm)
        user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    for role in roles:
        RoleGrant.objects.get_or_create(user=user, role=role)
    if totp_secret and not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        made = TOTP.activate(user, totp_secret).instance
        made.data["demo"] = True
        made.save(update_fields=["data"])
    return user


@cache
def _hashed(password: str, algorithm: str) -> str:
    """Hashing takes half a second on purpose; the demo's people share a password that is public anyway."""
    return make_password(password, hasher=algorithm)


def code_of(user: User) -> DemoCode | None:
    """The code that a demo account's authenticator shows now; None for everybody else and on a real portal."""
    if not settings.DEMO:
        return None
    made = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP, data__demo=True).first()
    if made is None:
        return None
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(decrypt(made.data["secret"]), counter))
    used = shared_cache.get(TOTP(made)._get_used_cache_key(code)) is not None
    return DemoCode(text=code, seconds=30 - int(time.time()) % 30, used=used)


def mails() -> list[DemoMail]:
    """What the portal sent, the newest first; only mail kept in files can be shown."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", "") or "")
    if not settings.DEMO or not folder.is_absolute() or not folder.is_dir():
        return []
    newest = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [mail for path in newest[:MOST_MAILS] for mail in reversed(list(_read(path)))][:MOST_MAILS]


def _read(path: Path) -> Iterator[DemoMail]:
    """The mails of one file: Django writes a line of dashes after each."""
    for part in path.read_bytes().split(b"-" * 79 + b"\n"):
        if part.strip():
            message = email.message_from_bytes(part, _class=EmailMessage, policy=email.policy.default)
            body = message.get_body(("plain",))
            text = str(body.get_content()).strip() if body else ""
            at = message["Date"].datetime.replace(tzinfo=dt.UTC)  # which Django writes as -0000
            yield DemoMail(at, str(message["To"]), str(message["Subject"]), text)
