"""The demo zone's mailbox: a newcomer follows the links of his mails here, without a mail server."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import public
from accounts.demo import mails


@public
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails of the demo zone; no such page on a real portal."""
    if not settings.DEMO:
        raise Http404
    return render(request, "accounts/demo_mail.html", {"mails": mails()})
