"""What pages turn into when somebody uses them: each state is as accessible and quiet as the page at rest."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from core.models import Run, RunState
from subsidies.services import assessments
from tests.browser.appearance import THEMES, appear, wrong, wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.factories import ReportFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def parts(portal: Portal, visit: Visit) -> Tab:
    """The page that shows every part."""
    tab = visit(portal.people["officer"])
    tab.goto(reverse("styleguide"))
    return tab


def test_the_palette_offers_pages_and_finds_companies_in_both_scripts(parts: Tab, portal: Portal) -> None:
    parts.keyboard.press("Control+k")
    words = parts.get_by_role("combobox", name="Search or jump to")
    expect(words).to_be_focused()
    expect(parts.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")
    assert wrong_anywhere(parts) == []
    company = portal.company
    for typed in (company.name_zh[2:4], company.name.split()[0].lower()):
        words.fill(typed)
        expect(parts.locator("#palette [role=option]", has_text=company.code)).to_be_visible()
    words.fill("nothing is called that")
    expect(parts.locator("#palette .zp-palette-none")).to_be_visible()
    assert wrong_anywhere(parts) == []


def test_to_type_on_while_the_server_searches_is_no_error(parts: Tab) -> None:
    parts.keyboard.press("Control+k")
    for _letter in range(3):  # each takes back the request before it
        parts.evaluate("htmx.trigger(document.querySelector('#palette input'), 'zp:palette')")
    expect(parts.locator("#palette [role=option]").first).to_be_visible()


def test_a_colour_that_is_hard_to_read_is_found_wherever_it_stands(parts: Tab) -> None:
    assert wrong_anywhere(parts) == []
    parts.evaluate("""() => {
        const cell = [...document.querySelectorAll("main td")].filter(td => td.innerText.trim()).at(-1);
        cell.style.color = "#999";
        cell.style.backgroundColor = "#aaa";
    }""")
    for _again in range(2):  # what is wrong is found as often as it is looked at
        (found,) = wrong(parts)
        assert "axe color-contrast" in found
        assert "#aaaaaa" in found


def test_targets_that_a_finger_cannot_tell_apart_are_found(parts: Tab) -> None:
    parts.evaluate("""() => {
        const row = document.querySelector("main").appendChild(document.createElement("div"));
        row.style.display = "flex";
        for (const name of ["one", "other"]) {
            const target = row.appendChild(document.createElement("button"));
            target.setAttribute("aria-label", name);
            target.style.cssText = "width: 10px; height: 10px; min-height: 0; padding: 0; border: 0";
        }
    }""")
    (found,) = wrong(parts)
    assert "axe target-size" in found
    assert "2 times" in found


def test_an_icon_that_draws_nothing_is_found(parts: Tab) -> None:
    parts.evaluate("""() => {
        const use = document.querySelector("main svg use");
        use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#nothing"));
    }""")
    (found,) = wrong(parts)
    assert "no such icon" in found


def test_a_target_under_another_is_found(parts: Tab) -> None:
    parts.evaluate("""() => {
        const row = document.querySelector("main").appendChild(document.createElement("div"));
        row.style.cssText = "position: relative; height: 60px";
        for (const [name, width] of [["under", 60], ["over", 50]]) {
            const target = row.appendChild(document.createElement("button"));
            target.setAttribute("aria-label", name);
            target.style.cssText = `position: absolute; left: 0; top: 0; width: ${width}px; height: 40px; padding: 0`;
        }
    }""")
    (found,) = wrong(parts)
    assert "axe target-size" in found


def test_the_menu_of_a_phone_opens_and_closes(parts: Tab) -> None:
    for theme in THEMES:
        appear(parts, 390, theme)
        side = parts.locator("#side")
        expect(side).to_be_hidden()
        menu = parts.get_by_role("button", name="Menu")
        menu.click()
        expect(side).to_be_visible()
        expect(menu).to_have_attribute("aria-expanded", "true")
        assert wrong(parts) == []
        menu.click()
        expect(side).to_be_hidden()


def test_the_list_of_keys_opens_by_its_key_and_closes_by_escape(parts: Tab) -> None:
    parts.keyboard.press("?")
    keys = parts.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    named = dict(zip(keys.locator("dt").all_inner_texts(), keys.locator("dd").all_inner_texts(), strict=True))
    assert named["g l"] == "Leases"
    assert named["g n"] == "Notices"
    assert named["g 1"] == "Rooms of the day"
    assert wrong_anywhere(parts) == []
    parts.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize("menu", ["Account of", "Language"])
def test_a_menu_opens_and_escape_gives_the_focus_back(parts: Tab, menu: str) -> None:
    opener = parts.locator(f"summary[aria-label^='{menu}']")
    opener.click()
    expect(parts.locator("details[open] .zp-menu-list")).to_be_visible()
    assert wrong_anywhere(parts) == []
    parts.keyboard.press("Escape")
    expect(parts.locator("details[open] .zp-menu-list")).to_have_count(0)
    expect(opener).to_be_focused()


def test_what_cannot_be_undone_is_asked_for_once_more(parts: Tab) -> None:
    parts.get_by_role("button", name="Confirm").click()
    dialog = parts.get_by_role("dialog", name="End this lease?")
    expect(dialog).to_be_visible()
    assert wrong_anywhere(parts) == []
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_rows_that_are_picked_are_counted(parts: Tab) -> None:
    parts.get_by_role("checkbox", name="Pick all on this page").check()
    picked = parts.locator("#samples tbody [data-pick]")
    assert all(picked.nth(number).is_checked() for number in range(picked.count()))
    assert wrong_anywhere(parts) == []


def test_turning_and_sorting_a_table_changes_the_address_and_nothing_else(parts: Tab) -> None:
    parts.evaluate("() => { window.samePage = true; }")
    parts.get_by_role("navigation", name=re.compile("Pages of")).get_by_role("link", name="Page 2").click()
    expect(parts).to_have_url(re.compile("page=2"))
    parts.get_by_role("columnheader", name="Rent").get_by_role("link").click()
    expect(parts).to_have_url(re.compile("sort=rent"))
    expect(parts.get_by_role("columnheader", name="Rent")).to_have_attribute("aria-sort", "ascending")
    assert parts.evaluate("() => window.samePage")
    parts.go_back()
    expect(parts).to_have_url(re.compile("page=2"))


def test_the_theme_is_remembered_from_page_to_page(parts: Tab) -> None:
    parts.get_by_role("button", name="Switch between light and dark").click()
    expect(parts.locator("html")).to_have_attribute("data-bs-theme", "dark")
    parts.goto(reverse("landing"))
    expect(parts.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_toast_is_told_and_can_be_dismissed(parts: Tab) -> None:
    tell = "text => dispatchEvent(new CustomEvent('zp:message', { detail: { text, tone: 'bad' } }))"
    parts.evaluate(tell, "The lease was not saved.")
    toast = parts.locator("#toasts .zp-note")
    expect(toast).to_contain_text("The lease was not saved.")
    assert wrong_anywhere(parts) == []
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_a_form_that_was_refused_leads_to_each_field(portal: Portal, visit: Visit) -> None:
    tab = visit()
    tab.goto(reverse("account_signup"))
    tab.get_by_role("button", name=re.compile("Make|Sign up|Create")).last.click()
    summary = tab.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert wrong_anywhere(tab) == []
    summary.get_by_role("link").first.click()
    expect(tab.locator("#id_email")).to_be_focused()


def test_a_saved_profile_is_told_by_a_message(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.newly_hired("officer"))
    tab.goto(reverse("accounts:profile"))
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".zp-messages .zp-note")).to_be_visible()
    assert wrong_anywhere(tab) == []


def test_a_filter_that_fits_nothing_says_so_and_can_be_cleared(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:leases"))
    words = tab.get_by_role("searchbox").first
    words.press_sequentially("no such lease")
    expect(tab).to_have_url(re.compile("no\\+such\\+lease|no%20such%20lease"))
    expect(words).to_be_focused()
    expect(tab.get_by_role("link", name="Clear the filters")).to_be_visible()
    assert wrong_anywhere(tab) == []
    tab.get_by_role("button", name="Clear", exact=True).click()
    expect(tab.locator("tbody tr").first).to_be_visible()


def test_a_lease_of_a_unit_that_is_let_is_refused_beside_the_field(portal: Portal, visit: Visit) -> None:
    lease = portal.lease
    tab = visit(portal.people["officer"])
    tab.goto(reverse("spaces:lease_create"))
    tab.locator("#id_company").fill(lease.company.code)
    tab.locator("#id_unit").fill(lease.unit.code)
    tab.locator("#id_area_m2").fill("10")
    tab.locator("#id_price_per_m2_day").fill("3.5")
    tab.locator("#id_first_day").fill(lease.term.lower.isoformat())
    tab.locator("#id_number").fill("BR-CONFLICT")
    expect(tab.locator("#preview")).not_to_be_empty()
    assert wrong_anywhere(tab) == []
    tab.get_by_role("button", name="Sign the lease").click()
    expect(tab.locator("[data-error-summary]")).to_be_focused()
    assert wrong_anywhere(tab) == []


def test_a_run_that_works_shows_its_progress_and_then_its_end(portal: Portal, visit: Visit) -> None:
    run = Run.objects.create(
        kind=assessments.KIND.name, arguments={"on": "2026-01-01"}, state=RunState.RUNNING, total=9
    )
    tab = visit(portal.people["officer"])
    tab.goto(reverse("subsidies:run", args=[run.public_id]))
    Run.objects.filter(pk=run.pk).update(done=4)
    expect(tab.get_by_role("progressbar")).to_have_attribute("value", "4")
    assert wrong_anywhere(tab) == []
    Run.objects.filter(pk=run.pk).update(done=9, state=RunState.DONE)
    expect(tab.get_by_role("progressbar")).to_have_count(0)
    assert wrong_anywhere(tab) == []


def test_every_reason_of_a_decision_can_be_unfolded(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["founder"])
    tab.goto(reverse("subsidies:entitlements", args=[portal.company.code]))
    tab.evaluate("() => document.querySelectorAll('main details').forEach(part => { part.open = true; })")
    assert wrong_anywhere(tab) == []


def test_the_reference_of_the_api_can_be_unfolded(portal: Portal, visit: Visit) -> None:
    tab = visit()
    tab.goto(reverse("api:kind", args=["leases"]))
    tab.evaluate("() => document.querySelectorAll('main details').forEach(part => { part.open = true; })")
    assert wrong_anywhere(tab) == []


@pytest.mark.parametrize(
    ("who", "route", "button"),
    [
        ("treasurer", "subsidies:statements", "Issue"),
        ("officer", "subsidies:runs", "Bill a month"),
        ("officer", "subsidies:runs", "Decide all now"),
    ],
)
def test_an_act_on_many_companies_is_asked_for_once_more(
    portal: Portal, visit: Visit, who: str, route: str, button: str
) -> None:
    tab = visit(portal.people[who])
    tab.goto(reverse(route))
    tab.locator(f"main [data-open]:has-text({button!r})").click()
    expect(tab.locator("dialog[open]")).to_be_visible()
    assert wrong_anywhere(tab) == []


def test_a_company_that_seems_to_be_known_is_shown_while_it_is_entered(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["officer"])
    tab.goto(reverse("companies:create"))
    tab.locator("#id_name").press_sequentially(portal.company.name)
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name=re.compile(portal.company.code))).to_be_visible()
    assert wrong_anywhere(tab) == []


def test_an_answer_of_the_wizard_is_kept_as_soon_as_it_is_given(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["applicant"])
    page = reverse("applications:step", args=[portal.unsent.public_id, "building"])
    tab.goto(page)
    tab.locator("#id_industry").fill("lantern making")
    tab.keyboard.press("Tab")
    expect(tab.locator("#saved")).to_have_text(re.compile("Saved"))
    assert wrong_anywhere(tab) == []
    tab.goto(page)
    expect(tab.locator("#id_industry")).to_have_value("lantern making")


def test_a_page_that_is_refused_leaves_the_reader_a_way_on(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["colleague"])
    tab.goto(reverse("workspace:profile", args=[portal.company.code]))
    assert tab.locator("main a").count() > 0
    tab.locator("main a").first.click()
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


def test_a_founder_enters_a_loan_and_what_was_paid_back(portal: Portal, visit: Visit) -> None:
    tab = visit(portal.people["founder"])
    tab.goto(reverse("workspace:facts", args=[portal.company.code]))
    tab.get_by_role("link", name="Enter a loan").click()
    typed = {
        "number": "BR-LOAN",
        "bank": "Bank of Hangzhou",
        "principal": "1000",
        "annual_rate_percent": "3.45",
        "drawn_on": "2026-01-05",
        "due_on": "2026-01-05",
    }
    for name, value in typed.items():
        tab.locator(f"#id_{name}").fill(value)
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("[data-error-summary]")).to_be_focused()
    assert wrong_anywhere(tab) == []
    tab.locator("#id_due_on").fill("2027-01-05")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("link", name="Record a repayment").click()
    tab.locator("#id_paid_on").fill("2026-06-05")
    tab.locator("#id_principal").fill("400.50")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("main")).to_contain_text("¥599.50")
    assert wrong_anywhere(tab) == []


def test_a_report_is_verified_after_a_question(portal: Portal, visit: Visit) -> None:
    report = ReportFactory()
    tab = visit(portal.people["officer"])
    tab.goto(reverse("companies:report", args=[report.pk]))
    tab.get_by_role("button", name="Verify").click()
    dialog = tab.get_by_role("dialog", name="Verify this report?")
    expect(dialog).to_be_visible()
    assert wrong_anywhere(tab) == []
    dialog.get_by_role("button", name="Verify").click()
    expect(tab.get_by_role("button", name="Take the verification back").first).to_be_visible()


def test_the_good_rows_of_a_file_are_imported_and_the_others_taken_home(portal: Portal, visit: Visit) -> None:
    header, code = "loan,company,bank,principal,annual_rate_percent,drawn_on\n", portal.company.code
    rows = f"BR-A,{code},Bank,1000.00,3.45,2026-01-05\nBR-B,nobody,Bank,1000.00,3.45,2026-01-05\n"
    tab = visit(portal.people["officer"])
    tab.goto(reverse("files"))
    tab.locator("#id_kind").select_option("loans")
    tab.locator("#id_file").set_input_files(
        {"name": "loans.csv", "mimeType": "text/csv", "buffer": (header + rows).encode()}
    )
    tab.get_by_role("button", name="Check the file").click()
    expect(tab.locator("tbody")).to_contain_text("is no company of the register")
    tab.get_by_role("button", name="Import the 1 good row").click()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download the refused rows").click()
    assert download.value.suggested_filename == "loans.refused.csv"
    assert wrong_anywhere(tab) == []
