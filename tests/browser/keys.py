"""Forms filled in by keys alone: nothing is clicked, and a field is reached by Tab as a person reaches it."""

import datetime as dt

from playwright.sync_api import Page as Tab

MOST_STOPS = 60  # a page where something takes more steps is no page to work with


def reach(tab: Tab, selector: str) -> None:
    """Press Tab until what the selector names has the focus."""
    target = tab.locator(selector).first
    target.wait_for(state="attached")
    for _stop in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached within {MOST_STOPS} steps on {tab.url}")


def fill(tab: Tab, name: str, text: str) -> None:
    reach(tab, f"main [name={name}]")
    tab.keyboard.type(text)


def fill_day(tab: Tab, name: str, day: dt.date) -> None:
    """In a browser that speaks American English a day is typed month first."""
    reach(tab, f"main [name={name}]")
    tab.keyboard.type(f"{day:%m%d%Y}")


def choose(tab: Tab, name: str, value: str) -> None:
    """One of several radio buttons: Tab reaches the group, arrows the others."""
    group = tab.locator(f"main [name={name}]")
    group.first.wait_for(state="attached")
    chosen = f"main [name={name}]:checked"
    reach(tab, chosen if tab.locator(chosen).count() else f"main [name={name}]")
    tab.keyboard.press("Space")
    for _choice in range(group.count()):
        if tab.locator(f"main [name={name}]:checked").get_attribute("value") == value:
            return
        tab.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {value!r} in {name}")


def push(tab: Tab, words: str) -> None:
    reach(tab, f"main button:has-text({words!r})")
    tab.keyboard.press("Enter")


def follow(tab: Tab, words: str) -> None:
    reach(tab, f"main a:has-text({words!r})")
    tab.keyboard.press("Enter")
