"""Values of a draft that are tried while they are dragged: the figures follow the slider, and the last value wins."""

import uuid
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Locator, Request, Route, expect
from playwright.sync_api import Page as Tab

from core.periods import next_month, today
from subsidies import policy
from subsidies.models import PolicyVersion
from subsidies.services import drafts
from tests.browser.appearance import wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal

pytestmark = pytest.mark.browser

AREA = "rent_waiver.area_m2"


@pytest.fixture
def draft(portal: Portal) -> PolicyVersion:
    """One that says what is in force."""
    base = PolicyVersion.objects.published().order_by("-effective_from")[0]
    name = f"browser-{uuid.uuid4().hex[:8]}"
    return drafts.draft_version(
        base=base, name=name, effective_from=next_month(today()), by=portal.people["policy_editor"]
    )


@pytest.fixture
def tab(portal: Portal, visit: Visit, draft: PolicyVersion) -> Tab:
    """The page of a draft's sliders, with those of the rent waiver in sight. It knows when it was left."""
    opened = visit(portal.people["policy_editor"])
    opened.goto(reverse("subsidies:try_values", args=[draft.version]))
    opened.locator("details.zp-fold summary", has_text=policy.words(draft, "rent_waiver", "name")).click()
    opened.evaluate("window.isTheSamePage = true")
    return opened


def slider(tab: Tab) -> Locator:
    return tab.locator("[data-slides='try-rent_waiver-area_m2']")


def field(tab: Tab) -> Locator:
    return tab.locator("#try-rent_waiver-area_m2")


def figures(tab: Tab, draft: PolicyVersion) -> Locator:
    """What the rent waiver comes to."""
    return tab.locator("#trial tbody tr", has_text=policy.words(draft, "rent_waiver", "name"))


def tried(url: str) -> str:
    """The area that an address asks for, "" for the draft's own."""
    return parse_qs(urlsplit(url).query).get(AREA, [""])[0]


def thumb(handle: Locator) -> tuple[float, float]:
    """Where the mouse takes hold of a slider."""
    box = handle.bounding_box()
    assert box is not None
    low, high, value = (float(handle.evaluate(f"input => input.{name}")) for name in ("min", "max", "value"))
    return box["x"] + box["width"] * (value - low) / (high - low), box["y"] + box["height"] / 2


def test_the_figures_follow_a_slider_that_is_dragged(tab: Tab, draft: PolicyVersion) -> None:
    at_rest = figures(tab, draft).inner_text()
    slider(tab).scroll_into_view_if_needed()
    x, y = thumb(slider(tab))
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 40, y, steps=8)
    expect(field(tab)).not_to_have_value("300")
    expect(figures(tab, draft)).not_to_have_text(at_rest, use_inner_text=True)  # while the button is still down
    halfway = figures(tab, draft).inner_text()
    tab.mouse.move(x - 60, y, steps=8)
    tab.mouse.up()
    expect(figures(tab, draft)).not_to_have_text(halfway, use_inner_text=True)
    value = field(tab).input_value()
    assert 0 < int(value) < 300
    tab.wait_for_url(lambda url: tried(url) == value)
    assert tab.evaluate("window.isTheSamePage")
    assert wrong_anywhere(tab) == []


def test_the_figures_follow_the_keys(tab: Tab, draft: PolicyVersion) -> None:
    at_rest = figures(tab, draft).inner_text()
    slider(tab).focus()
    for _press in range(3):
        tab.keyboard.press("ArrowLeft")
    expect(field(tab)).to_have_value("297")
    expect(slider(tab)).to_be_focused()
    expect(figures(tab, draft)).not_to_have_text(at_rest, use_inner_text=True)
    tab.wait_for_url(lambda url: tried(url) == "297")
    for _press in range(3):
        tab.keyboard.press("ArrowRight")
    expect(field(tab)).to_have_value("300")
    tab.wait_for_url(lambda url: tried(url) == "")  # what the draft says itself is no part of the address
    expect(figures(tab, draft)).to_have_text(at_rest, use_inner_text=True)
    tab.keyboard.press("End")
    expect(field(tab)).to_have_value("900")
    tab.wait_for_url(lambda url: tried(url) == "900")
    assert tab.evaluate("window.isTheSamePage")


def test_of_requests_that_overlap_the_last_value_wins(tab: Tab, draft: PolicyVersion) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route, request: Request) -> None:
        if tried(request.url) == "1":
            held.append(route)
        else:
            route.continue_()

    at_rest = figures(tab, draft).inner_text()
    tab.route("**/try/**", hold_the_first)
    with tab.expect_request(lambda request: tried(request.url) == "1"):
        field(tab).fill("1")
    slider(tab).focus()
    tab.keyboard.press("End")
    tab.wait_for_url(lambda url: tried(url) == "900")
    expect(figures(tab, draft)).not_to_have_text(at_rest, use_inner_text=True)
    last = figures(tab, draft).inner_text()
    assert held
    for route in held:
        with suppress(Error):  # the page took the request back
            route.continue_()
    tab.wait_for_timeout(500)
    assert figures(tab, draft).inner_text() == last
    assert tried(tab.url) == "900"
    tab.unroute("**/try/**")
    tab.reload()  # the address says the same to somebody else
    assert figures(tab, draft).inner_text() == last
