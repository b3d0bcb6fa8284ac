"""A list of a thousand companies as it is kept comes in by the browser, and the command line finds nothing to add."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from companies.models import Company
from core.markup import number
from core.periods import today
from tests.browser.appearance import wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from zone_portal.demo import kept

pytestmark = pytest.mark.browser


def test_a_list_as_it_is_kept_is_looked_through_and_brought_in(portal: Portal, visit: Visit, tmp_path: Path) -> None:
    listed = kept.kept(today())
    good = sum(company.is_good for company in listed)
    tab = visit(portal.people["officer"])
    for kind, path in kept.write_files(listed, tmp_path).items():
        tab.goto(reverse("files"))
        tab.locator("#id_kind").select_option(kind)
        tab.locator("#id_file").set_input_files(path)
        expect(tab.locator("#id_tidy")).to_be_checked()
        tab.get_by_role("button", name="Check the file").click()
        expect(tab.locator("main")).to_contain_text("Read in another spelling")
        if kind == "companies":
            assert not Company.objects.filter(code__startswith="K-").exists()
            expect(tab.locator("main")).to_contain_text("is not a day: write it as YYYY-MM-DD")
            expect(tab.get_by_role("button", name=f"Import the {number(good)} good rows")).to_be_visible()
            assert wrong_anywhere(tab) == []
        with tab.expect_download() as download:
            tab.get_by_role("link", name="Download the refused rows").click()
        assert download.value.suggested_filename == f"{kind}.refused.csv"
        tab.get_by_role("button", name="good rows").click()
        expect(tab.locator(".zp-lead")).to_contain_text("imported on")
        assert commanded(kind, path).startswith(f"{kind}.csv: 0 new, 0 changed, ")
    assert Company.objects.filter(code__startswith="K-").count() == good
    tab.goto(reverse("imports"))
    tab.get_by_role("link", name="companies.csv").first.click()
    expect(tab.locator("main")).to_contain_text("Companies that it was about")
    assert wrong_anywhere(tab) == []


def commanded(kind: str, path: Path) -> str:
    """What the command line would make of the same file."""
    told = io.StringIO()
    call_command("import_data", kind, str(path), "--tidy", "--accept-valid", "--dry-run", stdout=told, stderr=told)
    return next(line for line in told.getvalue().splitlines() if " new, " in line)
