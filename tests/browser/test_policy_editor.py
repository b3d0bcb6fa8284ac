"""The editor of a draft of the policy, as somebody works in it."""

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from core.periods import next_month, today
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.services import drafts
from tests.browser.appearance import wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal

pytestmark = pytest.mark.browser

MONTHS = "#rent_waiver-months-value"


@pytest.fixture
def draft(portal: Portal) -> PolicyVersion:
    """One that no other test knows."""
    base = PolicyVersion.objects.published().order_by("-effective_from")[0]
    return drafts.draft_version(
        base=base,
        name=f"browser-{uuid.uuid4().hex[:8]}",
        effective_from=next_month(today()),
        by=portal.people["policy_editor"],
    )


@pytest.fixture
def tab(portal: Portal, visit: Visit, draft: PolicyVersion) -> Tab:
    opened = visit(portal.people["policy_editor"])
    opened.goto(reverse("subsidies:edit_section", args=[draft.version, "rent_waiver"]))
    return opened


def test_a_number_is_saved_by_keys_alone_and_marked_as_changed(tab: Tab, draft: PolicyVersion) -> None:
    tab.locator(MONTHS).focus()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("24")
    tab.keyboard.press("Enter")
    expect(tab.locator("#number-rent_waiver-months .zp-diff ins")).to_have_text("24 months")
    expect(tab.locator(MONTHS)).to_be_focused()
    assert PolicyParameter.objects.get(version=draft, name="rent_waiver.months").value == "24"
    assert wrong_anywhere(tab) == []


def test_an_impossible_number_is_refused_and_leads_to_its_field(tab: Tab) -> None:
    tab.locator(MONTHS).fill("35.5")
    tab.locator("#rent_waiver-months-save").click()
    summary = tab.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("It is a whole number.")
    assert wrong_anywhere(tab) == []
    summary.get_by_role("link").click()
    expect(tab.locator(MONTHS)).to_be_focused()


def test_words_that_changed_are_marked_and_the_draft_says_where_it_stands(tab: Tab) -> None:
    clause = tab.locator("#rent_waiver-clause_en")
    clause.fill(clause.input_value().replace("300", "200"))
    tab.locator("#rent_waiver-save").click()
    expect(tab.locator("#text-rent_waiver .zp-diff ins")).to_have_text("200")
    expect(tab.locator("#standing")).to_contain_text("Nobody simulated exactly this content")
    assert wrong_anywhere(tab) == []


def test_who_was_slower_is_told_by_whom(tab: Tab, draft: PolicyVersion, portal: Portal) -> None:
    row = PolicyParameter.objects.get(version=draft, name="rent_waiver.months")
    editor = portal.people["policy_editor"]
    same = {"name": row.name, "provenance": row.provenance, "source": row.source}
    drafts.change_parameter(version=draft, **same, value=Decimal(12), revision=0, by=editor)
    tab.locator("#rent_waiver-months-save").click()
    expect(tab.locator("[data-error-summary]")).to_contain_text(f"{editor.name} changed rent_waiver.months")


def test_all_assumed_values_of_a_point_are_confirmed_at_once(tab: Tab, draft: PolicyVersion) -> None:
    tab.get_by_role("button", name="Confirm all").click()
    expect(tab.locator(".zp-messages")).to_contain_text("Confirmed for the zone: rent_waiver.yearly_budget.")
    assert wrong_anywhere(tab) == []


def test_a_draft_is_discarded_after_one_more_question(tab: Tab, draft: PolicyVersion) -> None:
    tab.goto(reverse("subsidies:version", args=[draft.version]))
    tab.get_by_role("button", name="Discard").first.click()
    dialog = tab.get_by_role("dialog", name="Discard this draft?")
    expect(dialog).to_be_visible()
    assert wrong_anywhere(tab) == []
    dialog.get_by_role("button", name="Discard").click()
    expect(tab.locator(".zp-messages")).to_contain_text("was discarded")
    assert not PolicyVersion.objects.filter(pk=draft.pk).exists()
