"""Guards of pages: who may open a view at all. Each marks the view, so that a test finds every route without one.

What a person may see of the things behind a page is decided in the fetch (`visible_to`), what he may do with them by
the predicates in each app's `permissions.py`; a guard is only the outer door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SignedInRequest(HttpRequest):
    """What a guarded view gets: somebody has signed in."""

    user: User


@dataclass(frozen=True)
class Guard:
    """`open` to all, for people who are `signed_in`, or for `staff` (with `roles`: only for these)."""

    kind: Literal["open", "signed_in", "staff"]
    roles: frozenset[str] = frozenset()


def public(view: View) -> View:
    """Anybody may open it, signed in or not."""
    view.guard = Guard("open")  # type: ignore[attr-defined]
    return view


def sign_in_required(view: View) -> View:
    """Anonymous visitors are led to the sign-in page; the view decides in its fetch what the others see."""
    return _guarded(view, Guard("signed_in"))


def staff_required(*roles: str) -> Callable[[View], View]:
    """For staff with one of the roles (none named: any). A founder gets 404, as if there were no such page; a staff
    member of another role 403."""

    def decorate(view: View) -> View:
        return _guarded(view, Guard("staff", frozenset(str(role) for role in roles)))

    return decorate


def guard_of(view: Any) -> Guard | None:
    """The guard that a view carries; None for a view that nobody guards."""
    return getattr(view, "guard", None)


def _guarded(view: View, guard: Guard) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return to_sign_in(request)
        if guard.kind == "staff":
            if not user.is_staff_member:
                raise Http404
            if guard.roles and not user.has_role(*guard.roles):
                raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.guard = guard  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a fragment's request moves the whole page there."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(reverse("account_login")))
    return redirect_to_login(request.get_full_path())
