"""System checks: mistakes in the configuration that would only be noticed when it is too late."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

TRIAL_KEY = "only-for-trial-and-tests-"


@register(Tags.security)
def demo_is_not_public(**_kwargs: Any) -> list[CheckMessage]:
    """E001: a demo zone shows its sign-in codes and mails to everybody."""
    if not settings.DEMO or settings.DEBUG or not settings.HTTPS:
        return []
    return [
        Error(
            "PORTAL_DEMO is on, and PORTAL_BASE_URL is a public address: sign-in codes and mails would be shown.",
            hint="Unset PORTAL_DEMO, or set PORTAL_BASE_URL to the http:// address of a machine for trying out.",
            id="portal.E001",
        )
    ]


@register(Tags.security, deploy=True)
def production_is_configured(**_kwargs: Any) -> list[CheckMessage]:
    """E002, E003, W001: what a portal with real founders in it needs."""
    found: list[CheckMessage] = []
    if settings.SECRET_KEY.startswith(TRIAL_KEY):
        found.append(Error("DJANGO_SECRET_KEY is not set.", hint="Set a long random text.", id="portal.E002"))
    if settings.DEMO:
        found.append(
            Error("PORTAL_DEMO is on.", hint="Unset it: demo accounts have known passwords.", id="portal.E003")
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        found.append(
            checks.Warning(
                "Mail is written to files.", hint="Set EMAIL_URL, such as smtp://user@host:587.", id="portal.W001"
            )
        )
    return found
