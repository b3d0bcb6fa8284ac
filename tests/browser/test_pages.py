"""Each page as its readers get it: clean in the console and for axe, wide and narrow, light and dark, and small."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page as Tab

from tests.browser.appearance import sticks_out, wrong_anywhere
from tests.browser.conftest import Visit, speak
from tests.browser.pages import NO_PAGES, PAGES, Page
from tests.browser.portal import Portal
from tests.browser.weight import Scales

pytestmark = pytest.mark.browser

MOST_BYTES = 60_000
TRANSLATIONS = {"zh-hans": "zh-Hans", "de": "de"}  # the portal's code, and that of the web


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield namespace + pattern.name
        else:
            yield from routes(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))


def test_every_route_is_looked_at_or_excepted_with_a_reason() -> None:
    looked_at = {page.route for page in PAGES}
    known = {route for route in routes(get_resolver()) if not route.startswith("v1:")}
    assert known - looked_at - set(NO_PAGES) == set(), "new routes: add them to tests/browser/pages.py"
    assert set(NO_PAGES) - known == set(), "exceptions for routes that are gone"
    assert looked_at & set(NO_PAGES) == set()


def shown(tab: Tab, page: Page, portal: Portal) -> None:
    address = page.path(portal)
    response = tab.goto(address)
    assert response is not None
    assert response.status == page.status, f"{address} answers {response.status}"
    assert urlsplit(tab.url).path == urlsplit(address).path, f"{address} leads to {tab.url}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_accessible_quiet_light_and_speaks_every_language(page: Page, portal: Portal, look: Visit) -> None:
    tab = look(portal.people.get(page.who), second_factor=page.second_factor)
    with Scales(tab) as scales:
        shown(tab, page, portal)
        assert tab.locator("h1").count() == page.titles
        problems = wrong_anywhere(tab)  # loads nothing more, and gives late requests the time to be weighed
    problems += [problem for language in TRANSLATIONS for problem in wrong_on_a_phone(tab, page, portal, language)]
    assert not problems, "\n".join(problems)
    assert scales.bytes < MOST_BYTES, scales.report()


def wrong_on_a_phone(tab: Tab, page: Page, portal: Portal, language: str) -> list[str]:
    """What is wrong with the page in another language, in the tab that is as narrow as a phone by now."""
    speak(tab, portal, language)
    shown(tab, page, portal)
    found = []
    if (said := tab.locator("html").get_attribute("lang")) != TRANSLATIONS[language]:
        found.append(f"{language}: the page says that it is in {said}")
    if not tab.locator("h1").first.inner_text().strip():
        found.append(f"{language}: the title is empty")
    if wider := sticks_out(tab):
        found.append(f"{language}: the page is {wider} pixels wider than a phone")
    return found
