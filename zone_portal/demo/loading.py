"""The demo zone into an empty portal: the files and services that people use, in one transaction."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from companies.services import people
from companies.services import register as registering
from core import runs
from core.errors import Conflict
from core.interchange.importing import import_file
from core.interchange.kinds import import_kind
from core.periods import DAY, first_day, last_day, month_start, previous_month
from spaces import services as spaces
from subsidies.models import PolicyVersion
from subsidies.rules import pack as packs
from subsidies.rules.windows import add_months
from subsidies.services import assessments, policies, statements
from zone_portal.demo import (
    accounts,
    applications,
    desks,
    exits,
    grants,
    lives,
    measures,
    payments,
    register,
    reporting,
    rooms,
    support,
)
from zone_portal.demo.calendar import POLICY_STARTS
from zone_portal.demo.places import CAMPUSES
from zone_portal.demo.zone import Zone, make_zone, write_files

VERSION = "2025-09-25-demo"  # the published policy, in force earlier than published: the name says so
BILLED_MONTHS = 14
ISSUED_AFTER_DAYS = 4  # of the month that follows
EARLIER_DAYS = 30  # when the companies were decided before, so that changes can be seen
CORRECTED_STORY = "registers_late"
CORRECTION_DAYS = 45

Say = Callable[[str], None]


def is_loaded() -> bool:
    """Whether the demo zone is in this portal: its policy version is, which no real zone has."""
    return PolicyVersion.objects.filter(version=VERSION).exists()


def write_all_files(zone: Zone, folder: Path) -> dict[str, Path]:
    """The files of the zone in the order of their import, and its policy pack as `policy`."""
    paths = write_files(zone, folder)
    policy = folder / "policy.yaml"
    demo = dataclasses.replace(packs.load(packs.DEFAULT_PACK), version=VERSION, effective_from=POLICY_STARTS)
    policy.write_text(packs.dumps(demo), encoding="utf-8")
    return {**paths, "policy": policy}


@transaction.atomic
def load(*, today: dt.date, folder: Path, say: Say) -> None:
    """Make the zone of the day and load it. Conflict on a portal that holds companies of its own; a load that is
    interrupted leaves nothing behind."""
    _refuse_foreign_companies()
    zone = make_zone(today)
    users = {person.email: accounts.create(person) for person in accounts.PEOPLE}
    officer, treasurer = users["officer@zone.example"], users["treasurer@zone.example"]
    say(_("the people have their accounts"))
    _import(zone, folder, officer, say)
    with pghistory.context(user=officer.pk):  # else what the last file named stays on the transaction
        lives.live(zone, officer=officer, treasurer=treasurer)
        say(_("the leases live"))
        exits.ask_all(zone, officer=officer)
        register.keep(today=zone.today, officer=officer)
        applications.apply_all(zone, officer=officer)
        say(_("the applications are in"))
    with pghistory.context(actor="demo"):
        _decide(today)
        say(_("the companies are decided"))
    with pghistory.context(user=treasurer.pk):
        grants.grant_all(on=today, officer=officer, approver=users["approver@zone.example"], treasurer=treasurer)
        say(_("the grants are made"))
        _bill(zone, officer=officer, treasurer=treasurer)
        say(_("the rent is billed"))
        payments.pay_all(on=today, treasurer=treasurer)
        say(_("the rent is paid, most of it"))
    with pghistory.context(user=officer.pk):
        for person in accounts.FOUNDERS:
            company = Company.objects.get(code=zone.of_story(person.story)[0].code)
            people.add_member(company=company, user=users[person.email], role=person.role, by=officer)
        say(_("the founders have their workspaces"))
        reporting.report_all(zone, officer=officer)
        support.bring_packages(today=today, officer=officer)
        support.support_all(today=today, officer=officer)
        say(_("the companies are supported"))
        rooms.open_fields(today=today, officer=officer)
        measures.keep(today=today, officer=officer, approver=users["approver@zone.example"])
        measures.look_into(today=today, officer=officer)
        say(_("the rooms are booked"))


def _refuse_foreign_companies() -> None:
    count = Company.objects.count()
    if count:
        raise Conflict(
            _("This portal has companies of its own (%(count)d): the demo zone goes into an empty one only.")
            % {"count": count},
            code="not_empty",
        )


def _import(zone: Zone, folder: Path, officer: User, say: Say) -> None:
    """The policy before the leases and companies: what comes after it is decided by it."""
    paths = write_all_files(zone, folder)
    policies.load_pack(pack=packs.load(paths.pop("policy")), publish=True)
    for campus in CAMPUSES:
        spaces.add_campus(code=campus.code, name=campus.code, name_zh=campus.name_zh, step=campus.step, by=officer)
    for kind, path in paths.items():
        done = import_file(import_kind(kind), path, on=zone.today, by=officer)
        say(_("%(file)s is imported: %(count)d rows") % {"file": path.name, "count": done.rows})
    desks.give_out(today=zone.today, officer=officer)


def _decide(today: dt.date) -> None:
    """As of some weeks ago and of today: what ended in between is seen as a change."""
    for day in (today - EARLIER_DAYS * DAY, today):
        runs.execute(assessments.request_assessment(on=day))


def _bill(zone: Zone, *, officer: User, treasurer: User) -> None:
    """The months before this one; all but the newest are issued. A correction made before the newest is billed
    comes back in it as adjustments of the issued ones."""
    newest = previous_month(zone.today)
    month = max(add_months(month_start(zone.today), -BILLED_MONTHS), POLICY_STARTS)
    while month < newest:
        _bill_month(month)
        following = add_months(month, 1)
        issued = dt.datetime.combine(following + ISSUED_AFTER_DAYS * DAY, dt.time(10), timezone.get_default_timezone())
        statements.issue_statements(month=month, on=zone.today, by=treasurer, at=issued)
        month = following
    _correct_a_registration(zone, officer)
    _bill_month(newest)


def _bill_month(month: dt.date) -> None:
    runs.execute(statements.request_billing(month=month))


def _correct_a_registration(zone: Zone, officer: User) -> None:
    """It turns out that a company was registered earlier than the zone was told."""
    company = Company.objects.get(code=zone.of_story(CORRECTED_STORY)[-1].code)
    told = first_day(company.registration)
    if told is not None:
        earlier, last = told - CORRECTION_DAYS * DAY, last_day(company.registration)
        registering.register_company(company=company, first=earlier, last=last, by=officer, on=zone.today)
