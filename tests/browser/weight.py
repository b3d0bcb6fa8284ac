"""What a page weighs: the bytes that came over the wire for its first load, as Chromium's network layer counts them."""

from types import TracebackType
from typing import Any

from playwright.sync_api import Page as Tab


class Scales:
    """Counts while the `with` block runs, in which nothing comes out of a cache. Heads of answers count too.

    The cache is off, so that nothing of the pages before comes out of it. What the page itself asks for once more, such
    as the icons of a part that came later, a browser has by then: a static file counts once. What the page before asked
    for and gets now is not counted.
    """

    def __init__(self, tab: Tab):
        self._tab = tab
        self._addresses: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._counted: set[str] = set()

    def __enter__(self) -> "Scales":
        self._session = self._tab.context.new_cdp_session(self._tab)
        self._session.on("Network.requestWillBeSent", self._sent)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._tab.wait_for_load_state("networkidle")
        self._session.detach()

    @property
    def bytes(self) -> int:
        return sum(self._sizes.values())

    def report(self) -> str:
        """A line for each request, the heaviest first."""
        heaviest = sorted(self._sizes.items(), key=lambda item: -item[1])
        return "\n".join([f"{self.bytes} bytes", *(f"{size:8} {self._addresses[id_]}" for id_, size in heaviest)])

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"])
        if address is None or ("/static/" in address and address in self._counted):
            return
        self._counted.add(address)
        self._sizes[event["requestId"]] = int(event["encodedDataLength"])
