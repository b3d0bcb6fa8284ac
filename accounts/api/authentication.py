"""`Authorization: Bearer <prefix>.<secret>`: which machine asks, and who of the staff answers for it.

The audit trail tells both: the person as who acted, and the key by which he did.
"""

import datetime as dt

import pghistory
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import keys
from accounts.models import ApiKey, User

USED_EVERY = dt.timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """The request's user is the staff member who made the key, `request.auth` the key: it never sees more than he
    does, changes nothing that he may not, and opens nothing once he has left. All refusals of a key read alike."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _space, token = header.partition(" ")
        prefix, _dot, secret = token.strip().partition(".")
        if scheme.lower() != "bearer" or not prefix or not secret or "\x00" in prefix:
            raise AuthenticationFailed("Send the key as: Authorization: Bearer <prefix>.<secret>")
        now = timezone.now()
        key = ApiKey.objects.select_related("created_by").filter(prefix=prefix).first()
        if key is None or not keys.matches(secret, key.secret_hash) or not key.is_valid_at(now):
            raise AuthenticationFailed("This key is unknown, expired or revoked.")
        if not key.created_by.is_staff_member:
            raise AuthenticationFailed("This key is unknown, expired or revoked.")
        _note_use(key, now)
        pghistory.context(key=key.prefix, key_name=key.name)  # the request's own, see core.middleware
        return key.created_by, key

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="zone portal"'


def _note_use(key: ApiKey, now: dt.datetime) -> None:
    """At most one write a minute and key, however fast a machine asks and in however many processes."""
    if key.last_used_at is not None and key.last_used_at >= now - USED_EVERY:
        return  # not even a statement
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = ApiKeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "description": "A key that staff make on the page “API keys”."}
