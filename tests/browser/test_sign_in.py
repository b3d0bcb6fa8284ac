"""Signing in through the pages, as everybody does: the other tests begin with a session."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.appearance import wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.conftest import SECRET
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def code_of_the_moment() -> str:
    """What the authenticator of every member of staff here shows now."""
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def test_an_officer_signs_in_with_a_password_and_a_second_factor(portal: Portal, visit: Visit) -> None:
    officer = portal.newly_hired("officer")
    tab = visit()
    tab.goto(reverse("dashboard"))
    expect(tab).to_have_url(re.compile(reverse("account_login")))
    tab.get_by_label("Email").fill(officer.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Second factor")
    assert wrong_anywhere(tab) == []
    tab.locator("[name=code]").fill(code_of_the_moment())
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(portal.address + reverse("dashboard"))
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_password_is_told_without_saying_what_was_wrong(portal: Portal, visit: Visit) -> None:
    tab = visit()
    tab.goto(reverse("account_login"))
    tab.get_by_label("Email").fill("nobody@zone.example")
    tab.get_by_label("Password").fill("not the password")
    tab.keyboard.press("Enter")
    summary = tab.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(tab).to_have_title(re.compile("^Error:"))
    assert wrong_anywhere(tab) == []


def test_somebody_who_signs_out_is_a_stranger_again(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.newly_hired("auditor"))
    tab.goto(reverse("dashboard"))
    tab.locator("summary", has_text="Browser").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url(portal.address + reverse("landing"))
    tab.goto(reverse("dashboard"))
    expect(tab).to_have_url(re.compile(reverse("account_login")))
