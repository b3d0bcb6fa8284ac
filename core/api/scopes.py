"""Which scope a method of a view needs: one for reading, another for entering and correcting."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS


def scope_of(view: Any, method: str) -> str:
    """The scope that a method of the view needs; "" where nobody said."""
    scope: str = getattr(view, "scope", "")
    return scope if method in SAFE_METHODS else str(getattr(view, "write_scope", scope))
