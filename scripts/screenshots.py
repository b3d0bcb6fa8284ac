"""Takes the pictures of the README from a demo that runs: `.venv/bin/python -m scripts.screenshots [ADDRESS]`.

Signs in through the pages as the demo's people do, 1440 pixels wide and in the light theme, and writes
docs/screenshots/*.png.
"""

import os
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, ViewportSize
from playwright.sync_api import Page as Tab

from tests.browser.chromium import ABSENT, find_chromium, launched

CHECKOUT = Path(__file__).resolve().parent.parent
PICTURES = CHECKOUT / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1440, "height": 900}
LARGEST = 175_000  # bytes: whoever clones the repository loads them


def main(address: str = "http://localhost:8000") -> int:
    """The exit code; the reason for a failure goes to standard error."""
    chromium = find_chromium()
    if chromium is None:
        print(ABSENT, file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, launched(chromium, Path(scratch)) as browser:
        officer = signed_in(browser, address, "officer@zone.example")
        take(officer, "/dashboard/", "dashboard.png")
        founder = signed_in(browser, address, "wang.qing@founders.example")
        founder.goto("/home/")  # leads to the workspace
        take(founder, f"{founder.url}entitlements/", "entitlements.png")
    return 0


def signed_in(browser: Browser, address: str, email: str) -> Tab:
    """A tab of one of the demo's people; staff type the code that the page of a demo shows."""
    from zone_portal.demo.accounts import PASSWORD  # needs django.setup()

    tab = browser.new_page(base_url=address, viewport=SIZE, color_scheme="light", locale="en", reduced_motion="reduce")
    tab.goto("/accounts/login/")
    tab.locator("[name=login]").fill(email)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.locator("main button[type=submit]").click()
    tab.wait_for_url(lambda url: "/accounts/login/" not in url)
    if "/2fa/" in tab.url:
        tab.locator("[name=code]").fill(tab.locator("#demo-code .zp-num").inner_text())
        tab.locator("main button[type=submit]").first.click()
    tab.wait_for_url(lambda url: "/accounts/" not in url)
    return tab


def take(tab: Tab, path: str, name: str) -> None:
    """What a visitor sees of the page before he scrolls."""
    tab.goto(path)
    tab.wait_for_load_state("networkidle")
    picture = PICTURES / name
    tab.screenshot(path=picture, animations="disabled")
    size = picture.stat().st_size
    print(f"{picture.relative_to(CHECKOUT)}  {size:,} bytes")
    if size > LARGEST:
        raise SystemExit(f"{name} is larger than {LARGEST:,} bytes")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")
    os.environ.setdefault("PORTAL_DEMO", "1")
    django.setup()
    sys.exit(main(*sys.argv[1:]))
