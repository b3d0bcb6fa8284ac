"""htmx: which requests want a fragment, and how a response tells the page something."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from core.markup import Tone


class HtmxHttpRequest(HttpRequest):
    """A request that has passed the htmx middleware."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest | Any) -> bool:
    """Whether htmx asks for a part of the page; a boosted link or a restored history entry needs the whole."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def with_toast(response: HttpResponse, text: str, tone: Tone = "good") -> HttpResponse:
    """The response, and a short message that the page shows above itself. For htmx responses only."""
    return trigger_client_event(response, "zp:message", {"text": str(text), "tone": tone})
