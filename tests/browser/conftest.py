"""One portal and one browser for each test process: real programs on real servers, and nothing mocked.

Tests here do not use pytest-django's database: `portal` switches Django over to the one that the browser sees, where
what a test writes is committed and stays. So a test that changes something makes companies and people of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from accounts.models import User
from tests.browser import chromium, database, serving
from tests.browser.appearance import HEIGHT
from tests.browser.portal import Portal
from tests.browser.watch import Watch
from tests.conftest import SignedIn

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
            stack.enter_context(database.filled_database(name, portal.load))
        stack.enter_context(serving.web_server(listener, environment, scratch / "web.log"))
        with database.looking_into(name):
            portal.meet_people()
        serving.wait_until_healthy(portal.address, scratch / "web.log")
        yield portal


@pytest.fixture
def portal(served: Portal, django_db_blocker) -> Iterator[Portal]:
    """The portal, with Django's models leading to what it holds."""
    with django_db_blocker.unblock(), database.looking_into(served.database):
        yield served


@pytest.fixture
def visit(portal: Portal, browser: Browser, signed_in: SignedIn) -> Iterator[Visit]:
    """Opens tabs: `visit(who)` of a person who is signed in, `visit()` of a stranger. Each has nothing in its cache.

    When the test ends, no tab may have said anything in its console or failed to load anything.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_tab(
        who: User | None = None, *, language: str = "en", width: int = 1440, second_factor: bool = True
    ) -> Tab:
        context = browser.new_context(
            base_url=portal.address,
            locale=language,
            reduced_motion="reduce",
            viewport={"width": width, "height": HEIGHT},
        )
        contexts.append(context)
        cookies = {"django_language": language}
        if who is not None:
            cookies["sessionid"] = session_of(who, signed_in, second_factor)
        context.add_cookies([{"name": n, "value": v, "url": portal.address} for n, v in cookies.items()])
        context.set_default_timeout(WAIT_MILLISECONDS)
        tab = context.new_page()
        watches.append(Watch(tab))
        return tab

    yield open_tab
    said = [line for watch in watches for line in watch.said]
    for context in contexts:
        context.close()
    assert not said, "\n".join(said)


def session_of(who: User, signed_in: SignedIn, second_factor: bool) -> str:
    """The cookie of a session that has begun, without going through the sign-in page."""
    client = signed_in(who) if second_factor else Client()
    if not second_factor:
        client.force_login(who)
    return str(client.cookies["sessionid"].value)
