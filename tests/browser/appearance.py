"""How a page is looked at: widths and themes, changed in place without loading it again, and what is wrong in each."""

import itertools
from collections.abc import Iterator

from playwright.sync_api import Page as Tab

from tests.browser import axe

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
APPEARANCES = tuple(itertools.product(WIDTHS, THEMES))
HEIGHT = 900

# What is wider than its place: the beginnings of tables that cannot be scrolled by keyboard, and by how many pixels the
# page is wider than the window. And what shows nothing: icons that the sprite lacks.
TOO_WIDE = """() => ({
    tables: [...document.querySelectorAll("table")]
        .filter(table => !table.closest("[tabindex]") && table.scrollWidth > table.parentElement.clientWidth + 1)
        .map(table => table.innerText.slice(0, 60)),
    page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    blank: [...document.querySelectorAll("svg use")]
        .filter(use => use.checkVisibility() && !use.getBBox().width).map(use => use.getAttribute("href")),
})"""

# Until the page has the theme, and has arrived at it
SETTLED = """async ({ theme, milliseconds }) => {
    const ends = performance.now() + milliseconds;
    const isSettled = () => document.documentElement.dataset.bsTheme === theme
        && !document.getAnimations().some(motion => motion instanceof CSSTransition);
    while (!isSettled()) {
        if (performance.now() > ends) throw new Error(`the page does not become ${theme}`);
        await new Promise(requestAnimationFrame);
    }
}"""
SETTLES_IN_MILLISECONDS = 15_000


def wrong_anywhere(tab: Tab) -> list[str]:
    """What is wrong with the page, wide and narrow, light and dark."""
    return [f"{width} {theme}: {problem}" for width, theme in appearances(tab) for problem in wrong(tab, theme)]


def wrong(tab: Tab, theme: str = "light") -> list[str]:
    """What is wrong with the page as it stands. The dark theme changes nothing but colours."""
    found = axe.violations(tab, colours_only=theme == "dark")
    too_wide = tab.evaluate(TOO_WIDE)
    found += [f"cut off: {words}" for words in too_wide["tables"]]
    found += [f"no such icon: {icon}" for icon in too_wide["blank"]]
    return [*found, f"the page is {too_wide['page']} pixels wider than the window"] if too_wide["page"] else found


def appearances(tab: Tab) -> Iterator[tuple[int, str]]:
    """Put the tab into each width and theme in turn; yields them."""
    for width, theme in APPEARANCES:
        appear(tab, width, theme)
        yield width, theme


def begin(tab: Tab) -> None:
    """Let the page that is loaded next have the first width and theme."""
    tab.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    tab.emulate_media(color_scheme="light")


def appear(tab: Tab, width: int, theme: str) -> None:
    size = {"width": width, "height": HEIGHT}
    if tab.viewport_size != size:  # each question to the browser costs as much as the answer
        tab.set_viewport_size(size)  # type: ignore[arg-type]
    tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    tab.evaluate(SETTLED, {"theme": theme, "milliseconds": SETTLES_IN_MILLISECONDS})


def sticks_out(tab: Tab) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    return int(tab.evaluate(TOO_WIDE)["page"])
