"""The portal without a mouse."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from core.periods import DAY, today
from spaces.models import Booking
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.factories import BookingFactory, RoomFactory

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement.textContent.trim().slice(0, 60)"


def test_the_first_tab_stop_skips_to_the_content(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()


def test_from_the_content_a_few_steps_lead_to_what_the_page_is_for(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    tab.locator("#main").focus()
    stops = []
    for _step in range(3):
        tab.keyboard.press("Tab")
        stops.append(tab.evaluate(FOCUSED))
    assert any("Let a unit" in stop for stop in stops), stops


def test_every_stop_of_a_page_shows_where_it_is(portal: Portal, visit: Visit) -> None:
    """Focus that cannot be seen is lost: each stop has an outline or a shadow. Fields of days show the part that has
    the focus, which is Chromium's own work."""
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    ring = """() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
        const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
        return outlined || boxShadow !== 'none' || document.activeElement.type === 'date';
    }"""
    for _step in range(25):
        tab.keyboard.press("Tab")
        assert tab.evaluate(ring), tab.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")


def test_the_palette_leads_to_a_page_by_keys_alone(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    tab.keyboard.press("/")
    tab.keyboard.type("leases")
    expect(tab.locator("#palette [role=option]").first).to_contain_text("Leases")
    tab.keyboard.press("Escape")
    expect(tab.locator("#palette")).to_be_hidden()
    tab.keyboard.press("Control+k")
    tab.keyboard.type("units")
    expect(tab.locator("#palette [role=option]").first).to_contain_text("Units")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(portal.address + reverse("spaces:units"))


def test_g_and_a_letter_go_to_a_page(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    for key, route in (("u", "spaces:units"), ("1", "spaces:day")):
        tab.keyboard.press("g")
        tab.keyboard.press(key)
        expect(tab).to_have_url(portal.address + reverse(route))


def test_a_table_is_sorted_by_keys_alone_and_keeps_the_focus(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    header = tab.locator("th a.zp-th-sort").first
    header.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("th[aria-sort=ascending] a")).to_be_focused()
    expect(tab).to_have_url(re.compile("sort="))
    tab.keyboard.press("Enter")
    expect(tab.locator("th[aria-sort=descending] a")).to_be_focused()


def to_the_grid(tab: Tab) -> None:
    """Step from the content to the grid, which is one stop of the Tab key."""
    tab.locator("#main").focus()
    for _step in range(25):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => Boolean(document.activeElement.closest('[data-grid] td'))"):
            return
    raise AssertionError("no stop in the grid")


def test_a_room_is_booked_in_the_day_grid_by_keys_alone(portal: Portal, visit: Visit) -> None:
    day = today() + 3 * DAY
    first = RoomFactory(code="KEYS-1", name="Keys one", capacity=977)
    second = RoomFactory(code="KEYS-2", name="Keys two", capacity=977)
    held = BookingFactory(
        room=first,
        company=portal.company,
        booked_by=portal.people["founder"],
        day=day,
        begins=dt.time(8),
        ends=dt.time(9),
    )
    tab = visit(portal.people["founder"])
    tab.goto(f"{reverse('spaces:day')}?day={day}&capacity=977")
    to_the_grid(tab)
    expect(tab.locator(":focus")).to_have_attribute("href", f"{held.code}/")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(":focus")).to_have_attribute("aria-label", re.compile("09:00.*24:00"))
    tab.keyboard.press("Home")
    expect(tab.locator(":focus")).to_have_attribute("aria-label", re.compile("00:00.*08:00"))
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("booking-new"))
    expect(tab.get_by_label("From", exact=True)).to_have_value("08:00")
    tab.get_by_label("What for").focus()
    tab.keyboard.type("By keys")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("By keys")
    made = Booking.objects.get(room=second)
    assert (made.company, made.booked_by) == (portal.company, portal.people["founder"])
