"""What a key opens: the scope that a view names."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey
from core.api.scopes import scope_of


class HasScope(BasePermission):
    """A view without a `scope` is open to no key at all; one without a `write_scope` takes nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        scope = scope_of(view, request.method or "")
        if not scope or scope not in request.auth.scopes:
            raise PermissionDenied(f"This address needs a key with the scope {scope}.")
        return True
