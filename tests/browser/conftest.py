"""One portal and one browser for each test process: real programs on real servers, and nothing mocked.

Tests here do not use pytest-django's database: `portal` switches Django over to the one that the browser sees, where
what a test writes is committed and stays. So a test that changes something makes companies and people of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from accounts.models import User
from tests.browser import chromium, serving
from tests.browser.appearance import HEIGHT, WIDTHS, begin
from tests.browser.portal import Portal
from tests.browser.watch import Watch
from tests.conftest import SignedIn
from tests.zone_database import looking_into, zone_database

Visit = Callable[..., Tab]
WAIT_MILLISECONDS = 15_000


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def browser(scratch: Path) -> Iterator[Browser]:
    found = chromium.find_chromium()
    if found is None:
        pytest.skip(chromium.ABSENT)
    # Playwright's event loop makes Django take this thread for an asynchronous one, from now to the end. Django keeps
    # the connections of the two apart: one that stays open on the other side would hold the suite's database.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, chromium.launched(found, scratch) as launched:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield launched
        connections.close_all()


@pytest.fixture(scope="session")
def served(browser: Browser, scratch: Path, django_db_setup: None, django_db_blocker) -> Iterator[Portal]:
    """The portal with the demo zone in it, from its static files to its worker's queue."""
    name = f"test_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        listener = stack.enter_context(serving.listening())
        environment = serving.environment_for(name, listener.getsockname()[1], scratch)
        portal = Portal(environment=environment, database=name, scratch=scratch)
        with serving.static_files(environment):
            stack.enter_context(zone_database(name))
        stack.enter_context(serving.web_server(listener, environment, scratch / "web.log"))
        with looking_into(name):
            portal.meet_people()
        serving.wait_until_healthy(portal.address, scratch / "web.log")
        yield portal


@pytest.fixture
def portal(served: Portal, django_db_blocker) -> Iterator[Portal]:
    """The portal, with Django's models leading to what it holds."""
    with django_db_blocker.unblock(), looking_into(served.database):
        yield served


@pytest.fixture
def visit(portal: Portal, browser: Browser, signed_in: SignedIn) -> Iterator[Visit]:
    """Opens tabs: `visit(who)` of a person who is signed in, `visit()` of a stranger. Each has nothing in its cache.

    When the test ends, no tab may have said anything in its console or failed to load anything.
    """
    watches: list[Watch] = []

    def open_tab(
        who: User | None = None, *, language: str = "en", width: int = 1440, second_factor: bool = True
    ) -> Tab:
        watches.append(Watch(opened(browser, portal, language=language, width=width)))
        tab = watches[-1].tab
        if who is not None:
            come_in(tab, portal, session_of(who, signed_in, second_factor))
        return tab

    yield open_tab
    said = [line for watch in watches for line in watch.said]
    for watch in watches:
        watch.tab.context.close()
    assert not said, "\n".join(said)


@pytest.fixture(scope="session")
def kept_tabs() -> dict[tuple[User | None, bool], Watch]:
    return {}


@pytest.fixture
def look(
    portal: Portal, browser: Browser, signed_in: SignedIn, kept_tabs: dict[tuple[User | None, bool], Watch]
) -> Iterator[Visit]:
    """For tests that look at one page after another and do nothing there: as `visit`, with one tab for each person."""
    watches: list[Watch] = []

    def tab_of(who: User | None = None, *, second_factor: bool = True) -> Tab:
        key = (who, second_factor)
        if key not in kept_tabs:
            kept_tabs[key] = Watch(opened(browser, portal))
        watches.append(kept_tabs[key])
        tab = watches[-1].tab
        if who is not None:  # anew each time: some pages want to know after a while whether it is still he
            come_in(tab, portal, session_of(who, signed_in, second_factor))
        speak(tab, portal, "en")
        begin(tab)
        return tab

    yield tab_of
    said = [line for watch in watches for line in watch.said]
    for watch in watches:
        watch.said.clear()
    assert not said, "\n".join(said)


def opened(browser: Browser, portal: Portal, *, language: str = "en", width: int = WIDTHS[0]) -> Tab:
    """A new tab with nothing in its cache."""
    context = browser.new_context(
        base_url=portal.address,
        locale=language,
        reduced_motion="reduce",
        viewport={"width": width, "height": HEIGHT},
    )
    context.set_default_timeout(WAIT_MILLISECONDS)
    tab = context.new_page()
    speak(tab, portal, language)
    return tab


def come_in(tab: Tab, portal: Portal, session: str) -> None:
    """Give the tab the cookie of a session."""
    tab.context.add_cookies([{"name": "sessionid", "value": session, "url": portal.address}])


def speak(tab: Tab, portal: Portal, language: str) -> None:
    """Have the pages that the tab loads from now on in a language."""
    tab.context.add_cookies([{"name": "django_language", "value": language, "url": portal.address}])


def session_of(who: User, signed_in: SignedIn, second_factor: bool) -> str:
    """The cookie of a session that has begun a moment ago, without going through the sign-in page. With
    `second_factor`, all that the person has was asked for; else not even the password within the last minutes."""
    if not second_factor:
        client = Client()
        client.force_login(who)
    else:
        client = signed_in(who)
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, who, method="password")
        request.session.save()
    return str(client.cookies["sessionid"].value)
