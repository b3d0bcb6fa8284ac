"""The command palette: the pages and the companies that a visitor may see, in one list, searched in both scripts."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import sign_in_required
from companies.models import Company
from core.text import fold
from zone_portal.dashboard import navigation
from zone_portal.dashboard.navigation import Link

MOST_COMPANIES = 6


@sign_in_required
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """The options for `?q=`; without words, the pages only."""
    words = request.GET.get("q", "").strip()
    companies = _companies(request.user, words)
    pages = [link for link in _pages(request.user) if fold(words) in fold(str(link.label))]
    return render(request, "partials/palette_options.html", {"words": words, "companies": companies, "pages": pages})


def _pages(user: Any) -> Iterable[Link]:
    for section in navigation.sections_for(user):
        yield from section.links
    yield from navigation.actions_for(user)


def _companies(user: Any, words: str) -> list[tuple[Company, str]]:
    """At most six companies with the page on which this visitor sees them."""
    if not words:
        return []
    route = "companies:detail" if user.is_staff_member else "workspace:home"
    found = Company.objects.visible_to(user).search_for(words)[:MOST_COMPANIES]
    return [(company, reverse(route, args=[company.code])) for company in found]
