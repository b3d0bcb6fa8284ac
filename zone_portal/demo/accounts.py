"""The people of the demo zone: whom to sign in as, and what to look at then.

All passwords are the same and public. They work on a portal with PORTAL_DEMO=1 only, where the sign-in page also shows
the code of the second factor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.demo import create_demo_user
from accounts.models import StaffRole, User
from companies.choices import MemberRole

PASSWORD = "liangzhu in the woods"  # noqa: S105 - the demo's, and public
TOTP_SECRET = "KRUWC6LJONUGK4TFMZUXEZLG"  # noqa: S105


@dataclass(frozen=True)
class Person:
    """`story` names that of the company whose workspace the person works in, as its `role`."""

    email: str
    name: str
    who: Any
    look_at: Any
    language: str = ""
    staff: StaffRole | None = None
    story: str = ""
    role: MemberRole = MemberRole.OWNER


STAFF = (
    Person(
        "officer@zone.example", "Chen Yu", _("officer"), _("the dashboard, the applications that wait, letting a unit"),
        staff=StaffRole.OFFICER,
    ),
    Person(
        "treasurer@zone.example", "Shen Anqi", _("treasurer"), _("a month to issue, grants to pay, budgets"),
        staff=StaffRole.TREASURER,
    ),
    Person(
        "approver@zone.example", "Lu Zhiyuan", _("approver"), _("the grants to approve; who holds which role"),
        staff=StaffRole.APPROVER,
    ),
    Person(
        "policy@zone.example", "Gao Mingde", _("policy editor"), _("the policy: every parameter and where it is from"),
        staff=StaffRole.POLICY_EDITOR,
    ),
    Person(
        "reviewer@zone.example", "Ye Qingwen", _("reviewer"), _("companies and the projects that they bring"),
        staff=StaffRole.REVIEWER,
    ),
    Person(
        "auditor@zone.example", "Zhang Heng", _("auditor"), _("everything, without being able to change it"),
        staff=StaffRole.AUDITOR,
    ),
)  # fmt: skip
FOUNDERS = (
    Person(
        "lin.xiaoman@founders.example", "Lin Xiaoman", _("founder"), _("rent relief that runs out in a few weeks"),
        language="zh-hans", story="relief_ends_within_a_month",
    ),
    Person(
        "zhao.heng@founders.example", "Zhao Heng", _("founder"), _("a company that is not eligible, and why"),
        story="deregisters",
    ),
    Person(
        "nour.hassan@founders.example", "Nour Hassan", _("founder"), _("an unknown outcome: which fact is missing"),
        story="registration_unknown",
    ),
    Person(
        "wang.qing@founders.example", "Wang Qing", _("founder"), _("several units that share the 300 m²"),
        story="several_units",
    ),
    Person(
        "sun.yi@founders.example", "Sun Yi", _("colleague of Wang Qing"), _("the same workspace, to read only"),
        story="several_units", role=MemberRole.VIEWER,
    ),
)  # fmt: skip
APPLICANTS = (
    Person("xu.lan@founders.example", "Xu Lan", _("applicant"), _("a draft that waits to be finished"), "zh-hans"),
    Person("jonas.weber@founders.example", "Jonas Weber", _("applicant"), _("changes that the zone asked for"), "de"),
)
PEOPLE = (*STAFF, *FOUNDERS, *APPLICANTS)


def create(person: Person) -> User:
    """The person's account; staff with the role and the second factor that the sign-in page helps with."""
    return create_demo_user(
        person.email,
        name=person.name,
        password=PASSWORD,
        language=person.language,
        roles=[person.staff] if person.staff else [],
        totp_secret=TOTP_SECRET if person.staff else "",
    )


def listing() -> Iterator[str]:
    """The accounts as lines of a table for a terminal."""
    rows = [(str(_("who")), str(_("e-mail")), str(_("look at")))]
    rows += [(str(person.who), person.email, str(person.look_at)) for person in PEOPLE]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for who, email, look_at in rows:
        yield f"  {who:<{widths[0]}}  {email:<{widths[1]}}  {look_at}"
    yield ""
    yield "  " + str(_("Password of all: %(password)s")) % {"password": PASSWORD}
    yield "  " + str(_("Staff also enter a code: the sign-in page of the demo shows it."))
