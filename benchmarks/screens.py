"""How the portal's screens hold up with a whole zone behind them: opened in Chromium, one after another.

    python benchmarks/screens.py [--companies 150000] [--shots FOLDER]

Makes a database of its own and drops it. The zone comes in by files; every company is decided, the month is billed and
a version of the policy is drafted; then the pages are opened from gunicorn. Each line says what the server took until
its first byte (the second time, as the first one fills caches), when the page was there, what it weighed on the wire,
and what was wrong: words in the console, a page wider than its window. The last column is the ratio to the page of a
company, which rests on one company alone.
"""

import argparse
import contextlib
import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from throwaway import throwaway_database
from workers import worker_processes

ROUTES: tuple[tuple[str, tuple[str, ...], str], ...] = (  # the first one is what the others are compared with
    ("companies:detail", ("company",), ""),
    ("dashboard", (), ""),
    ("dashboard_rows", ("in-zone",), ""),
    ("measures", (), ""),
    ("who_stays", (), ""),
    ("leaving", (), ""),
    ("cohort_comparison", (), ""),
    ("companies:schedule", (), ""),
    ("companies:checks_due", (), ""),
    ("subsidies:stage_proposals", (), ""),
    ("companies:list", (), ""),
    ("companies:list", (), "q=音"),
    ("companies:list", (), "q=lingxi"),
    ("companies:list", (), "page=2000"),
    ("spaces:leases", (), ""),
    ("spaces:units", (), ""),
    ("workspace:home", ("company",), ""),
    ("subsidies:entitlements", ("company",), ""),
    ("subsidies:statements", (), ""),
    ("subsidies:interest_statements", (), ""),
    ("subsidies:proposable", (), ""),
    ("subsidies:grants", (), ""),
    ("subsidies:budgets", (), ""),
    ("subsidies:runs", (), ""),
    ("funding:loans", (), ""),
    ("funding:projects", (), ""),
    ("community:talents", (), ""),
    ("companies:reports", (), ""),
    ("subsidies:expenses", (), ""),
    ("subsidies:suppliers", (), ""),
    ("subsidies:version", ("draft",), ""),
    ("subsidies:try_values", ("draft",), ""),
    ("subsidies:try_values", ("draft",), "rent_waiver.area_m2=200"),
    ("subsidies:try_values", ("draft",), "rent_waiver.area_m2=210"),
)
WIDTH, HEIGHT = 1440, 900
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TIMES = """() => {
    const [page] = performance.getEntriesByType("navigation");
    return {
        answered: (page.responseStart - page.requestStart) / 1000,
        there: page.loadEventEnd / 1000,
        bytes: page.transferSize,
    };
}"""


@dataclass(frozen=True)
class Zone:
    """What the pages are about, and the cookie of somebody who may open them all."""

    company: str
    draft: str
    session: str


def fill(companies: int, today: dt.date) -> None:
    """The zone out of files, decided, billed for the month, with a draft of the next version."""
    from django.core.management import call_command

    from core.interchange import importing, kinds
    from core.models import Run
    from subsidies.rules.pack import DEFAULT_PACK
    from subsidies.services import assessments, statements
    from zone_portal.demo.scale import Sizes, write_files

    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        for kind in write_files(files, Sizes.of(companies), today=today):
            importing.import_file(kinds.import_kind(kind), files / f"{kind}.csv", on=today)
    call_command("load_policy", str(DEFAULT_PACK), "--publish", verbosity=0)
    with worker_processes(1) as share:
        for kind_of_run, arguments in (
            (assessments.ASSESS, {"on": today.isoformat()}),
            (statements.BILL, {"month": f"{today:%Y-%m}"}),
        ):
            share(Run.objects.create(kind=kind_of_run, arguments=arguments).pk)


def met() -> Zone:
    """Somebody with all roles that read, signed in with a second factor."""
    from allauth.account.internal.flows.login import record_authentication
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP
    from django.http import HttpRequest
    from django.test import Client

    from accounts.models import RoleGrant, StaffRole, User
    from companies.models import Company
    from core.periods import today
    from subsidies.models import PolicyVersion
    from subsidies.services import drafts

    person = User.objects.create_user(email="bench@zone.example", name="Bench")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for role in (StaffRole.OFFICER, StaffRole.POLICY_EDITOR, StaffRole.TREASURER):
        RoleGrant.objects.create(user=person, role=role)
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = Client()
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, method="mfa", type="totp")
    request.session.save()
    law = PolicyVersion.objects.published().get()
    draft = drafts.draft_version(base=law, name="next", effective_from=today() + dt.timedelta(40), by=person)
    tenant = Company.objects.filter(leases__isnull=False).order_by("pk").first()
    if tenant is None:
        raise AssertionError("nobody leases anything in this zone")
    return Zone(tenant.code, draft.version, client.cookies["sessionid"].value)


@contextlib.contextmanager
def served(scratch: Path) -> Iterator[str]:
    from django.db import connection

    from tests.browser import serving

    with serving.listening() as listener:
        environment = serving.environment_for(str(connection.settings_dict["NAME"]), listener.getsockname()[1], scratch)
        with serving.static_files(environment):
            pass
        with serving.web_server(listener, environment, scratch / "web.log"):
            serving.wait_until_healthy(environment["PORTAL_BASE_URL"], scratch / "web.log")
            yield environment["PORTAL_BASE_URL"]


def look(browser: Any, address: str, zone: Zone, shots: Path | None) -> bool:
    """Open every screen twice; says whether nothing was wrong with any."""
    from django.urls import reverse

    context = browser.new_context(base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, locale="en")
    context.add_cookies([{"name": "sessionid", "value": zone.session, "url": address}])
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    first, all_well = None, True
    for place, (route, arguments, query) in enumerate(ROUTES):
        path = reverse(route, args=[getattr(zone, name, name) for name in arguments]) + (f"?{query}" if query else "")
        status = {tab.goto(path).status for _again in range(2)}
        told = tab.evaluate(TIMES)
        first = first or told["there"]
        wrong = [*said, *(f"status {one}" for one in status - {200})]
        if wider := tab.evaluate(TOO_WIDE):
            wrong.append(f"{wider} pixels too wide")
        said.clear()
        all_well &= not wrong
        print(
            f"{path:58} first byte {told['answered']:5.2f} s   there {told['there']:5.2f} s"
            f"   {told['bytes'] / 1024:5.0f} KiB   {told['there'] / first:5.1f}   {'; '.join(wrong)}",
            flush=True,
        )
        if shots:
            tab.screenshot(path=shots / f"{place:02}.png")
    context.close()
    return all_well


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=150_000)
    parser.add_argument("--shots", type=Path, default=None)
    options = parser.parse_args()
    from tests.browser import chromium

    found = chromium.find_chromium()
    if found is None:
        print(chromium.ABSENT)
        return 1
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    with throwaway_database(), tempfile.TemporaryDirectory() as folder:
        from core.periods import today

        fill(options.companies, today())
        zone = met()
        with served(Path(folder)) as address, chromium.launched(found, Path(folder)) as browser:
            # Playwright's event loop makes Django take this thread for an asynchronous one.
            return 0 if look(browser, address, zone, options.shots) else 1


if __name__ == "__main__":
    sys.exit(main())
