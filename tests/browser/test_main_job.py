"""The portal's main job from end to end: real pages, a real worker, a real REST client, and nothing else.

A founder signs up and applies, an officer admits the company and lets it a unit, workers decide what it is entitled to
and bill its rent, the founder sees both, and a machine pulls the statement.
"""

import datetime as dt
import json
import re
import time
import urllib.request
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.models import Scope
from accounts.services import create_key
from companies.models import Company
from core.periods import DAY, month_start, next_month, previous_month, today
from spaces.models import Unit
from tests.browser import keys, serving
from tests.browser.appearance import wrong_anywhere
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from zone_portal.demo.credit import credit_code

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOUNDER = "mei.tang@founders.example"
PASSWORD = "a lantern over the canal"
NAME, NAME_ZH = "Canal Lantern Games", "运河灯火游戏"
PRICE = Decimal("3.2000")
WAIVED_AT_MOST = Decimal(300)  # m², as the policy says
DECIDED_WITHIN = 30  # seconds that a worker may take here, on a machine that does a hundred things at once


def test_from_a_founders_application_to_a_statement_that_a_machine_pulls(portal: Portal, visit: Visit) -> None:
    with serving.celery_worker(portal.environment, portal.scratch / "worker.log"):
        founder = visit()
        sign_up(founder, portal)
        apply_by_keys_alone(founder)
        officer = visit(portal.people["officer"])
        admit(officer)
        company = Company.objects.get(name=NAME)
        unit = Unit.objects.filter(leases=None, area_m2__gt=WAIVED_AT_MOST).order_by("code")[0]
        let(officer, company, unit)
        sees_the_relief(founder, company)
        month = previous_month(today())
        bill(officer, month)
        rent, waived = rent_of(unit, month)
        sees_the_statement(founder, company, month, rent, waived)
    assert pulled_statement(portal, company) == {
        "company": company.code,
        "month": f"{month:%Y-%m}",
        "rent": str(rent),
        "waived": str(waived),
        "payable": str(rent - waived),
    }


def sign_up(tab: Tab, portal: Portal) -> None:
    tab.goto(reverse("account_signup"))
    tab.get_by_label("Email").fill(FOUNDER)
    tab.locator("#id_password1").fill(PASSWORD)
    tab.locator("#id_password2").fill(PASSWORD)
    tab.get_by_role("button", name="Make the account").click()
    expect(tab).to_have_url(portal.address + reverse("account_email_verification_sent"))
    tab.goto(link_in_mail(portal))
    tab.get_by_role("button", name="Confirm").click()
    if not tab.url.endswith(reverse("applications:start")):
        tab.goto(reverse("account_login"))
        tab.get_by_label("Email").fill(FOUNDER)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.keyboard.press("Enter")
    expect(tab).to_have_url(portal.address + reverse("applications:start"))


def link_in_mail(portal: Portal) -> str:
    """The link that the founder got: the worker sends it."""
    folder = portal.scratch / "mail"
    pattern = re.compile(rf"{re.escape(portal.address)}\S+confirm-email/\S+/")

    def find() -> str | None:
        for path in sorted(folder.glob("*.log")) if folder.exists() else []:
            text = path.read_text().replace("=\n", "")
            if FOUNDER in text and (found := pattern.search(text)):
                return found.group()
        return None

    return str(awaited(find, "no mail with a link to confirm the address"))


def apply_by_keys_alone(tab: Tab) -> None:
    """The whole wizard without a mouse, once with a mistake."""
    keys.choose(tab, "kind", "company")
    tab.keyboard.press("Enter")
    keys.fill(tab, "name", NAME)
    keys.fill(tab, "name_zh", NAME_ZH)
    tab.keyboard.press("Enter")  # the credit code is missing
    expect(tab.locator("[data-error-summary]")).to_be_focused()
    assert wrong_anywhere(tab) == []
    keys.follow(tab, "Unified social credit code")
    expect(tab.locator("#id_uscc")).to_be_focused()
    tab.keyboard.type(credit_code(27_182_818))
    keys.fill_day(tab, "founded_on", today() - 500 * DAY)
    tab.keyboard.press("Enter")
    keys.fill(tab, "contact", "Mei Tang")
    keys.fill(tab, "founders", "Mei Tang, games")
    keys.push(tab, "Save and continue")
    keys.fill(tab, "industry", "games")
    keys.choose(tab, "field", "culture")
    keys.fill(tab, "summary", "Games that are told along the canal, for people who walk there in the evening.")
    keys.push(tab, "Save and continue")
    keys.choose(tab, "want", "office")
    keys.fill(tab, "area_m2", "350")
    keys.push(tab, "Save and continue")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(tab.locator("[data-error-summary]")).to_have_count(0)
    keys.push(tab, "Send the application")
    expect(tab.get_by_text("Your application was sent.")).to_be_visible()


def admit(tab: Tab) -> None:
    registered = month_start(today()) - 400 * DAY
    tab.goto(reverse("applications:queue"))
    tab.get_by_role("link", name=NAME).first.click()
    tab.get_by_role("link", name="Admit").click()
    tab.locator("#id_registered_on").fill(registered.isoformat())
    tab.locator("#id_operating_from").fill(registered.isoformat())
    tab.get_by_role("button", name="Admit").click()
    expect(tab.get_by_text(re.compile(f"{NAME} is admitted"))).to_be_visible()


def let(tab: Tab, company: Company, unit: Unit) -> None:
    tab.goto(f"{reverse('spaces:lease_create')}?company={company.code}&unit={unit.code}")
    tab.locator("#id_area_m2").fill(str(unit.area_m2))
    tab.locator("#id_price_per_m2_day").fill(str(PRICE))
    tab.locator("#id_first_day").fill(previous_month(today()).isoformat())
    tab.locator("#id_number").fill("BROWSER/2026-001")
    tab.get_by_role("button", name="Sign the lease").click()
    expect(tab.get_by_text(re.compile(f"Unit {unit.code} is let"))).to_be_visible()


def sees_the_relief(tab: Tab, company: Company) -> None:
    """Nobody asked for a decision: it comes by itself."""

    def decided() -> bool:
        tab.goto(reverse("subsidies:entitlements", args=[company.code]))
        granted = tab.locator("details.zp-account", has_text=re.compile("rent", re.IGNORECASE)).first
        return granted.count() > 0 and "¥" in granted.inner_text()

    awaited(decided, "no decision on the rent relief")
    assert wrong_anywhere(tab) == []


def bill(tab: Tab, month: dt.date) -> None:
    tab.goto(reverse("subsidies:runs"))
    tab.get_by_role("button", name="Bill a month").click()
    dialog = tab.get_by_role("dialog", name="Bill a month?")
    dialog.locator("[name=month]").fill(f"{month:%Y-%m}")
    dialog.get_by_role("button", name="Bill", exact=True).click()
    expect(tab.locator("#run")).to_contain_text("done", timeout=DECIDED_WITHIN * 1000)


def rent_of(unit: Unit, month: dt.date) -> tuple[Decimal, Decimal]:
    """Rent and relief of a whole month, by hand."""
    days = (next_month(month) - month).days
    areas = (unit.area_m2, min(unit.area_m2, WAIVED_AT_MOST))
    rent, waived = ((area * PRICE * days).quantize(Decimal("0.01"), ROUND_HALF_UP) for area in areas)
    return rent, waived


def sees_the_statement(tab: Tab, company: Company, month: dt.date, rent: Decimal, waived: Decimal) -> None:
    tab.goto(reverse("subsidies:company_statements", args=[company.code]))
    tab.get_by_role("link", name=f"{month:%Y-%m}").click()
    for amount in (rent, waived, rent - waived):
        expect(tab.get_by_text(f"¥{amount:,.2f}", exact=True).first).to_be_visible()
    assert wrong_anywhere(tab) == []


def pulled_statement(portal: Portal, company: Company) -> dict[str, Any]:
    """What a machine with a key reads of the company's only statement."""
    treasurer = portal.people["treasurer"]
    _key, token = create_key(
        name="finance", scopes=[Scope.STATEMENTS_READ], days=1, now=timezone.now(), created_by=treasurer, by=treasurer
    )
    request = urllib.request.Request(
        f"{portal.address}/api/v1/rent-statements/?company={company.code}",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        (statement,) = json.load(answer)["results"]
    return {name: statement[name] for name in ("company", "month", "rent", "waived", "payable")}


def awaited(find: Any, otherwise: str) -> Any:
    """What `find` returns as soon as it is something; fails with `otherwise` after DECIDED_WITHIN seconds."""
    ends = time.monotonic() + DECIDED_WITHIN
    while time.monotonic() < ends:
        if found := find():
            return found
        time.sleep(0.3)
    raise AssertionError(f"{otherwise}, within {DECIDED_WITHIN} seconds")
