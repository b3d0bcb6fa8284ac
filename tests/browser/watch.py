"""What a tab says that nobody should have to hear: console messages, errors of scripts, what could not be loaded."""

from playwright.sync_api import ConsoleMessage, Request, Response
from playwright.sync_api import Page as Tab


class Watch:
    """Collects in `said` what `tab` says. Chromium writes a console message of its own for a page that is answered with
    an error status; that page is meant where it comes from, and anything else of such a page is reported as usual."""

    def __init__(self, tab: Tab):
        self.said: list[str] = []
        self.tab = tab
        self._refused: set[str] = set()
        tab.on("console", self._console)
        tab.on("pageerror", lambda error: self.said.append(f"{tab.url}: error: {error}"))
        tab.on("requestfailed", self._failed)
        tab.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        if place in self._refused and message.text.startswith("Failed to load resource"):
            return
        self.said.append(f"{self.tab.url}: console {message.type}: {message.text} ({place})")

    def _failed(self, request: Request) -> None:
        # A page that is left takes its requests with it
        if request.failure != "net::ERR_ABORTED":
            self.said.append(f"{self.tab.url}: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.request.is_navigation_request():
            self._refused.add(response.url)
        else:
            self.said.append(f"{self.tab.url}: {response.url}: {response.status}")
