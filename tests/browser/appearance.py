"""How a page is looked at: widths and themes, changed in place without loading it again, and what is wrong in each."""

import itertools
from collections.abc import Iterator

from playwright.sync_api import Page as Tab

from tests.browser import axe

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
HEIGHT = 900

CUT_OFF = """() => [...document.querySelectorAll("table")]
    .filter(table => !table.closest("[tabindex]") && table.scrollWidth > table.parentElement.clientWidth + 1)
    .map(table => table.innerText.slice(0, 60))"""

# The page has the theme, and has arrived at it
SETTLED = """theme => document.documentElement.dataset.bsTheme === theme
    && !document.getAnimations().some(motion => motion instanceof CSSTransition)"""


def wrong_anywhere(tab: Tab) -> list[str]:
    """What is wrong with the page, wide and narrow, light and dark."""
    return [f"{width} {theme}: {problem}" for width, theme in appearances(tab) for problem in wrong(tab, theme)]


def wrong(tab: Tab, theme: str = "light") -> list[str]:
    """What is wrong with the page as it stands. The dark theme changes nothing but colours."""
    found = axe.violations(tab, colours_only=theme == "dark")
    found += [f"cut off: {words}" for words in cut_off(tab)]
    wider = sticks_out(tab)
    return [*found, f"the page is {wider} pixels wider than the window"] if wider else found


def appearances(tab: Tab) -> Iterator[tuple[int, str]]:
    """Put the tab into each width and theme in turn; yields them."""
    for width, theme in itertools.product(WIDTHS, THEMES):
        appear(tab, width, theme)
        yield width, theme


def begin(tab: Tab) -> None:
    """Let the page that is loaded next have the first width and theme."""
    tab.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    tab.emulate_media(color_scheme="light")


def appear(tab: Tab, width: int, theme: str) -> None:
    tab.set_viewport_size({"width": width, "height": HEIGHT})
    tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    tab.wait_for_function(SETTLED, arg=theme)


def cut_off(tab: Tab) -> list[str]:
    """The beginnings of tables that are wider than their place and cannot be scrolled by keyboard."""
    found: list[str] = tab.evaluate(CUT_OFF)
    return found


def sticks_out(tab: Tab) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    return int(tab.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
