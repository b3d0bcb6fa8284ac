"""The navigation, as data: which pages there are, and who sees which. The palette and the keys read the same lists.

This decides only what is offered. Whether a page may be opened is decided where it is fetched.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffRole
from accounts.permissions import MANAGES_KEYS
from companies.choices import ApplicationState
from companies.models import Application, Company
from core.markup import local_name
from subsidies.choices import PolicyState
from subsidies.models import PolicyVersion
from subsidies.permissions import can_approve_policy
from subsidies.querysets import READS_DRAFTS
from zone_portal.dashboard.models import LeavingTask, TaskState
from zone_portal.dashboard.permissions import SEES_SIGNALS

ALL_STAFF = frozenset(StaffRole.values)
OFFICERS = frozenset({StaffRole.OFFICER})
MONEY = frozenset({StaffRole.OFFICER, StaffRole.APPROVER, StaffRole.TREASURER, StaffRole.AUDITOR})
KEYS = frozenset(MANAGES_KEYS)
POLICY = READS_DRAFTS
SIGNALS = frozenset(SEES_SIGNALS)


@dataclass(frozen=True)
class Entry:
    """A page: its route, its words, its icon, and the letter that follows `g`."""

    route: str
    label: Any
    icon: str
    key: str = ""
    roles: frozenset[str] = ALL_STAFF
    count: str = ""  # the name of a counter in COUNTERS


@dataclass(frozen=True)
class Group:
    title: Any
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry made for one visitor: `count` is None where nothing is counted."""

    label: Any
    url: str
    icon: str
    key: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Section:
    title: Any
    links: list[Link] = field(default_factory=list)


STAFF = (
    Group(
        _("Overview"),
        (
            Entry("dashboard", _("Dashboard"), icon="layout-dashboard", key="d"),
            Entry("applications:queue", _("Applications"), icon="inbox", key="a", count="applications"),
            Entry("measures", _("What the zone measures"), icon="chart-bar", key="7"),
            Entry("who_stays", _("Who stays"), icon="heart-handshake", key="6"),
            Entry("cohort_comparison", _("Cohorts"), icon="users-group"),
            Entry("leaving", _("Companies that may leave"), icon="door", roles=SIGNALS, count="leaving"),
        ),
    ),
    Group(
        _("Companies"),
        (
            Entry("companies:list", _("Companies"), icon="building", key="c"),
            Entry("companies:reports", _("Reports"), icon="clipboard-list", key="b"),
            Entry("companies:schedule", _("Schedule of reports"), icon="calendar"),
            Entry("subsidies:stage_proposals", _("Proposed stages"), icon="stairs-up"),
            Entry("community:support_packages", _("Support packages"), icon="gift"),
            Entry("funding:rounds", _("Financing rounds"), icon="coins"),
            Entry("funding:projects", _("Projects"), icon="bulb", key="j"),
            Entry("community:talents", _("Talents"), icon="user-star", key="h"),
            Entry("companies:checks_due", _("Official data"), icon="shield-check"),
        ),
    ),
    Group(
        _("Spaces"),
        (
            Entry("spaces:path", _("The path"), icon="route", key="q"),
            Entry("spaces:occupancy", _("Occupancy"), icon="chart-bar", key="y"),
            Entry("spaces:units", _("Units"), icon="layout-grid", key="u"),
            Entry("spaces:leases", _("Leases"), icon="file-text", key="l"),
            Entry("spaces:desks", _("Desk memberships"), icon="armchair", key="x"),
            Entry("spaces:day_passes", _("Day passes"), icon="ticket"),
            Entry("spaces:offers", _("Offers"), icon="send", key="z"),
            Entry("spaces:day", _("Rooms of the day"), icon="calendar", key="1"),
            Entry("spaces:bookings", _("Bookings"), icon="list", key="2"),
            Entry("spaces:rooms", _("Rooms"), icon="door", key="3"),
        ),
    ),
    Group(
        _("Policy and money"),
        (
            Entry("subsidies:policy", _("The policy"), icon="scale", key="p", roles=POLICY),
            Entry("subsidies:versions", _("Versions"), icon="history", key="v", roles=POLICY, count="approvals"),
            Entry("subsidies:statements", _("Rent statements"), icon="receipt", key="s", roles=MONEY),
            Entry("subsidies:payments", _("Payments of rent"), icon="building-bank", key="4", roles=MONEY),
            Entry("subsidies:arrears", _("Arrears"), icon="clock", key="5", roles=MONEY),
            Entry("funding:loans", _("Loans"), icon="building-bank", key="o"),
            Entry("subsidies:expenses", _("Costs"), icon="shopping-cart", key="e"),
            Entry("subsidies:suppliers", _("Suppliers"), icon="truck-delivery", key="w"),
            Entry("subsidies:grants", _("Grants"), icon="gift", key="g", roles=MONEY),
            Entry("spaces:deposits", _("Deposits"), icon="cash", roles=MONEY),
            Entry("subsidies:budgets", _("Budgets"), icon="scale", key="m", roles=MONEY),
            Entry("subsidies:runs", _("Runs"), icon="refresh", key="r"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Entry("files", _("Files"), icon="file-upload", key="f", roles=OFFICERS | {StaffRole.TREASURER}),
            Entry("imports", _("Imports"), icon="history", roles=OFFICERS | {StaffRole.TREASURER, StaffRole.AUDITOR}),
            Entry("accounts:staff", _("Staff and roles"), icon="users-group", key="t"),
            Entry("accounts:keys", _("Keys for machines"), icon="key", key="k", roles=KEYS),
            Entry("api:reference", _("API"), icon="code", key="i"),
        ),
    ),
)

# What only the palette offers: things to do rather than places to be
STAFF_ACTIONS = (
    Entry("spaces:lease_create", _("Let a unit"), icon="plus", roles=OFFICERS),
    Entry("spaces:offer_new", _("Offer a unit"), icon="plus", roles=OFFICERS),
    Entry("spaces:booking_new", _("Book a room"), icon="plus", roles=ALL_STAFF - {StaffRole.AUDITOR}),
    Entry("accounts:notices", _("Notices"), icon="bell", key="n"),
)

COMPANY = (
    Entry("workspace:home", _("Overview"), icon="building", key="d"),
    Entry("subsidies:entitlements", _("What you are entitled to"), icon="gift", key="e"),
    Entry("community:company_support", _("Support"), icon="heart-handshake"),
    Entry("workspace:facts", _("Facts for the policy"), icon="clipboard-list", key="f"),
    Entry("subsidies:company_grants", _("Grants"), icon="check", key="g"),
    Entry("subsidies:company_statements", _("Rent statements"), icon="receipt", key="s"),
)

EVERYBODY = Group(
    _("The zone"),
    (
        Entry("spaces:day", _("Rooms of the day"), icon="calendar", key="y"),
        Entry("spaces:bookings", _("My bookings"), icon="list", key="x"),
        Entry("spaces:rooms", _("Rooms"), icon="door", key="z"),
        Entry("applications:start", _("Apply to the zone"), icon="send", key="a"),
        Entry("subsidies:policy", _("The policy"), icon="scale", key="p"),
        Entry("api:reference", _("API"), icon="code", key="i"),
    ),
)


def _to_approve(user: Any) -> int:
    """Drafts in simulation that wait for this approver: those in which he had no hand."""
    if not can_approve_policy(user):
        return 0
    return PolicyVersion.objects.filter(state=PolicyState.SIMULATED).exclude(authors__author=user).count()


def _to_look_into(user: Any) -> int:
    """Tasks that nobody has in hand, about companies that this person does not work in."""
    found = LeavingTask.objects.filter(state=TaskState.OPEN, company__merged_into=None)
    return found.exclude(company__in=user.memberships.values("company")).count()


COUNTERS: dict[str, Callable[[Any], int]] = {
    "applications": lambda user: Application.objects.visible_to(user).filter(state=ApplicationState.SUBMITTED).count(),
    "approvals": _to_approve,
    "leaving": _to_look_into,
}


def sections_for(user: Any, path: str = "") -> list[Section]:
    """The navigation of one visitor: staff by role, founders by company, strangers none."""
    if not user.is_authenticated:
        return []
    if user.is_staff_member:
        made = [Section(group.title, list(_staff_links(user, group.entries, path))) for group in STAFF]
    else:
        made = [
            *_workspaces(user, path),
            Section(EVERYBODY.title, [_link(e, path) for e in EVERYBODY.entries if _is_there(e)]),
        ]
    return [section for section in _with_one_current(made) if section.links]


def _with_one_current(made: list[Section]) -> list[Section]:
    """Of two pages of which one lies below the other, the nearer one is current."""
    nearest = max((link.url for section in made for link in section.links if link.current), key=len, default="")
    return [
        Section(section.title, [replace(link, current=link.current and link.url == nearest) for link in section.links])
        for section in made
    ]


def actions_for(user: Any) -> list[Link]:
    """What the palette offers beyond the navigation."""
    if not user.is_authenticated:
        return []
    notices = [_link(entry, "") for entry in STAFF_ACTIONS if entry.route == "accounts:notices" and _is_there(entry)]
    return list(_staff_links(user, STAFF_ACTIONS, "")) if user.is_staff_member else notices


def _staff_links(user: Any, entries: Iterable[Entry], path: str) -> Iterator[Link]:
    for entry in entries:
        if user.has_role(*entry.roles) and _is_there(entry):
            counter = COUNTERS.get(entry.count)
            yield _link(entry, path, count=counter(user) if counter else None)


def _workspaces(user: Any, path: str) -> Iterator[Section]:
    """A section a company; the keys lead to the first one."""
    for number, company in enumerate(Company.objects.visible_to(user)):
        entries = [entry for entry in COMPANY if _is_there(entry, company.code)]
        links = [_link(entry, path, company.code, key=entry.key if number == 0 else "") for entry in entries]
        yield Section(local_name(company), links)


def _is_there(entry: Entry, *args: str) -> bool:
    """Whether this portal has the page: an app may be left out of an installation."""
    try:
        reverse(entry.route, args=args)
    except NoReverseMatch:
        return False
    return True


def _link(entry: Entry, path: str, *args: str, key: str | None = None, count: int | None = None) -> Link:
    url = reverse(entry.route, args=args)
    # An overview page is current only itself; a list also while one of its rows is open
    current = path == url or (not args and path.startswith(url))
    return Link(entry.label, url, entry.icon, entry.key if key is None else key, current, count)


def home_for(user: Any) -> str:
    """Where somebody lands after signing in."""
    if not user.is_authenticated:
        return reverse("landing")
    if user.is_staff_member:
        return reverse("dashboard")
    company = Company.objects.visible_to(user).first()
    return reverse("workspace:home", args=[company.code]) if company else reverse("applications:start")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the frame of every page needs. Lazy, so that fragments pay no query for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "home_url": reverse("landing")}
    return {
        "navigation": SimpleLazyObject(lambda: sections_for(user, request.path)),
        "home_url": SimpleLazyObject(lambda: home_for(user)),
        "unread_notices": SimpleLazyObject(lambda: user.notices.filter(read_at=None).count()),
    }
