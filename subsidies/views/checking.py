"""Checking a certificate: anybody who holds one types its code and sees whether the portal knows it, and as what."""

from collections.abc import Callable
from functools import wraps

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import public
from subsidies.certificates import codes
from subsidies.certificates.lookup import look_up
from subsidies.forms import CheckForm

View = Callable[..., HttpResponse]


def _unlisted(view: View) -> View:
    """Not for search engines, caches, or those who try codes one after another."""

    @wraps(view)
    def unlisted(request: HttpRequest, **arguments: str) -> HttpResponse:
        limits = {"check": settings.CHECK_RATE_LIMIT}
        response = consume_or_429(request, action="check", config=limits, limit_get=True)
        response = response or view(request, **arguments)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        return response

    return unlisted


@public
@require_GET
@_unlisted
def check_form(request: HttpRequest) -> HttpResponse:
    """The form; what is typed leads to the address of its check."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("subsidies:check", codes.normalized(form.cleaned_data["code"]))
    return render(request, "subsidies/check.html", {"form": form})


@public
@require_GET
@_unlisted
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the certificate of this code says, or that there is none: 404, for a code with a typing error too."""
    found = look_up(code)
    context = {"form": CheckForm(initial={"code": codes.normalized(code)}), "check": found}
    return render(request, "subsidies/check.html", context, status=200 if found.is_found else 404)
