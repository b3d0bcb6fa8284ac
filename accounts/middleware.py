"""What signing in means beyond the password: a person's own language, and a second factor for staff."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]

# What a staff member may open before the second factor: setting it up, proving it, leaving.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "set_language",
    }
)


class UserLanguageMiddleware:
    """Whoever is signed in reads the language of his profile; the others what their browser or their choice says."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    """Staff work only in sessions that passed the second factor; one without is led to it, or to setting it up."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in BEFORE_SECOND_FACTOR:
            return None
        user = request.user
        if not user.is_authenticated or passed_second_factor(request) or not user.is_staff_member:
            return None
        return _to_second_factor(request)


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session has shown a code of an authenticator or a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    has_one = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
    if has_one:
        url = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
    else:
        url = reverse("mfa_activate_totp")
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)
