"""Every page of the portal: its route, who looks at it, and what it is opened with.

`test_pages.py` looks at each, and fails when the portal has a route that is neither here nor excepted with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services import create_key
from companies.choices import ApplicationState, MemberRole
from companies.models import Invitation
from companies.services.invitations import invite
from companies.wizard import STEPS
from core.models import Run, RunState
from subsidies.choices import GRANTED_POINTS
from subsidies.models import Decision, Grant, InterestStatement, RentStatement
from tests.browser.portal import Portal

STRANGER = ""


def _nothing(_portal: Portal) -> list[object]:
    return []


@dataclass(frozen=True)
class Page:
    """`who` names a person of the portal; `args` makes the route's arguments from what the portal holds."""

    route: str
    who: str = STRANGER
    args: Callable[[Portal], list[object]] = _nothing
    query: str = ""
    state: str = ""  # tells two entries of one route apart
    status: int = 200
    second_factor: bool = True
    titles: int = 1  # level-one headings

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route, self.who, self.state]))

    def path(self, portal: Portal) -> str:
        return reverse(self.route, args=self.args(portal)) + self.query


def company(portal: Portal) -> list[object]:
    return [portal.company.code]


def lease(portal: Portal) -> list[object]:
    return [portal.lease.number]


def unsent(portal: Portal) -> list[object]:
    return [portal.unsent.public_id]


def step_of_unsent(step: str) -> Callable[[Portal], list[object]]:
    return lambda portal: [portal.unsent.public_id, step]


def sent(state: ApplicationState) -> Callable[[Portal], list[object]]:
    return lambda portal: [portal.sent(state).public_id]


def invitation_of_newcomer(portal: Portal) -> list[object]:
    owner, guest = portal.people["founder"], portal.people["newcomer"]
    invited = Invitation.objects.filter(email=guest.email).first() or invite(
        thing=portal.company, email=guest.email, role=MemberRole.VIEWER, by=owner
    )
    return [invited.public_id]


def address_to_confirm(portal: Portal) -> list[object]:
    address, _made = EmailAddress.objects.get_or_create(
        user=portal.people["newcomer"], email="browser-second@zone.example", defaults={"verified": False}
    )
    return [EmailConfirmationHMAC(address).key]


def statement(portal: Portal) -> list[object]:
    """The newest of the founder's company: it is open still."""
    found = RentStatement.objects.filter(company=portal.company).order_by("-month")
    return [found[0].public_id]


def interest(_portal: Portal) -> list[object]:
    """The newest of the zone's interest statements that has a line."""
    return [InterestStatement.objects.exclude(lines=None).order_by("-month", "pk")[0].public_id]


def corrected(_portal: Portal) -> list[object]:
    """One that holds corrections of earlier months."""
    return [RentStatement.objects.exclude(adjustments=None).order_by("pk")[0].public_id]


def grant(state: str) -> Callable[[Portal], list[object]]:
    """One in this state, wherever; a recovered or recoverable one is `recovering`."""
    return lambda _portal: [Grant.objects.filter(state=state, recoveries=None).order_by("pk")[0].public_id]


def recovering(_portal: Portal) -> list[object]:
    """One of which a part is to be paid back."""
    return [Grant.objects.exclude(recoveries=None).order_by("pk")[0].public_id]


def granted_company(_portal: Portal) -> list[object]:
    return [Grant.objects.order_by("pk")[0].company.code]


def proposable(_portal: Portal) -> list[object]:
    """A decision that nobody has proposed yet."""
    waiting = Grant.objects.filter(state="proposed").values("company")
    found = Decision.objects.in_force().filter(point__in=GRANTED_POINTS, amount__gt=0).exclude(company__in=waiting)
    return [found.order_by("pk")[0].public_id]


def some_keys(portal: Portal) -> list[object]:
    """No argument, but a key to look at."""
    treasurer = portal.people["treasurer"]
    if not ApiKey.objects.exists():
        create_key(
            name="finance", scopes=["leases:read"], days=9, now=timezone.now(), created_by=treasurer, by=treasurer
        )
    return []


def run(_portal: Portal) -> list[object]:
    return [Run.objects.filter(state=RunState.DONE).order_by("pk")[0].public_id]


ENTRANCE = (
    Page("landing"),
    Page("landing", "founder"),
    Page("account_login"),
    Page("account_signup"),
    Page("account_logout", "founder"),
    Page("account_inactive"),
    Page("account_reset_password"),
    Page("account_reset_password_done"),
    Page("account_reset_password_from_key", args=lambda _portal: ["1", "no-such-key"], state="spent"),
    Page("account_reset_password_from_key_done"),
    Page("account_email_verification_sent"),
    Page("account_confirm_email", args=address_to_confirm),
    Page("account_confirm_email", args=lambda _portal: ["no-such-key"], state="spent"),
    Page("account_reauthenticate", "founder"),
    Page("mfa_reauthenticate", "officer", second_factor=False),
    Page("mfa_activate_totp", "recruit"),
    Page("accounts:demo_mail"),
)

OWN_ACCOUNT = (
    Page("accounts:notices", "newcomer", state="empty"),
    Page("accounts:notices", "officer"),
    Page("accounts:profile", "founder"),
    Page("accounts:profile", "officer"),
    Page("account_email", "founder"),
    Page("account_change_password", "founder"),
    Page("mfa_index", "officer"),
    Page("mfa_view_recovery_codes", "officer"),
    Page("mfa_generate_recovery_codes", "officer"),
    Page("mfa_deactivate_totp", "officer"),
)

FOUNDERS = (
    Page("applications:start", "newcomer"),
    Page("applications:start", "applicant"),
    *(Page("applications:step", "applicant", step_of_unsent(step.name), state=step.name) for step in STEPS[1:]),
    Page("applications:check", "applicant", unsent),
    Page("applications:status", "applicant", unsent),
    Page("applications:colleagues", "applicant", unsent),
    Page("workspace:home", "founder", company),
    Page("workspace:home", "colleague", company),
    Page("workspace:people", "founder", company),
    Page("workspace:profile", "founder", company),
    Page("workspace:profile", "colleague", company, state="refused", status=403),
    Page("workspace:home", "newcomer", company, state="hidden", status=404),
    Page("workspace:invitation", "newcomer", invitation_of_newcomer),
    Page("subsidies:entitlements", "founder", company),
    Page("subsidies:entitlements", "colleague", company),
    Page("subsidies:entitlements_summary", "founder", company),
    Page("subsidies:company_statements", "founder", company),
    Page("subsidies:company_grants", "founder", company),
    Page("subsidies:statement", "founder", statement),
    Page("spaces:company_leases", "founder", company),
    Page("spaces:leases", "founder"),
    Page("spaces:lease_detail", "founder", lease),
)

STAFF = (
    Page("dashboard", "officer"),
    Page("dashboard", "auditor"),
    Page("dashboard", "officer", query="?on=2026-01-31", state="past"),
    Page("dashboard_rows", "officer", lambda _portal: ["in-zone"]),
    Page("dashboard_rows", "officer", lambda _portal: ["leases-ending"], state="leases"),
    Page("dashboard_rows", "auditor", lambda _portal: ["unknown"], state="facts"),
    Page("styleguide", "officer", titles=2),
    Page("accounts:staff", "officer"),
    Page("accounts:staff", "approver"),
    Page("accounts:keys", "treasurer", some_keys, state="filled"),
    Page("applications:queue", "officer"),
    Page("applications:queue", "officer", query="?state=", state="all"),
    *(
        Page("applications:review", "officer", sent(state), state=state)
        for state in (ApplicationState.SUBMITTED, ApplicationState.DECLINED, ApplicationState.ADMITTED)
    ),
    Page("applications:review", "auditor", sent(ApplicationState.SUBMITTED)),
    Page("applications:admit", "officer", sent(ApplicationState.SUBMITTED)),
    Page("companies:list", "officer"),
    Page("companies:list", "auditor"),
    Page("companies:detail", "officer", company),
    Page("companies:detail", "auditor", company),
    Page("companies:create", "officer"),
    Page("companies:create", "auditor", state="refused", status=403),
    Page("companies:edit", "officer", company),
    Page("companies:history", "officer", company),
    Page("spaces:units", "officer"),
    Page("spaces:leases", "officer"),
    Page("spaces:leases", "auditor"),
    Page("spaces:lease_create", "officer"),
    Page("spaces:lease_detail", "officer", lease),
    Page("spaces:lease_detail", "officer", lambda _portal: ["no such lease"], state="missing", status=404),
    Page("spaces:lease_change", "officer", lease),
    Page("spaces:company_leases", "officer", company),
    Page("subsidies:company_decisions", "officer", company),
    Page("subsidies:entitlements", "auditor", company),
    Page("subsidies:company_statements", "treasurer", company),
    Page("subsidies:company_statements", "reviewer", company, state="refused", status=403),
    Page("subsidies:statements", "treasurer"),
    Page("subsidies:statements", "auditor"),
    Page("subsidies:statement", "treasurer", statement),
    Page("subsidies:interest_statements", "treasurer"),
    Page("subsidies:interest_statement", "treasurer", interest),
    Page("subsidies:statement", "treasurer", corrected, state="corrections"),
    Page("subsidies:grants", "approver"),
    Page("subsidies:grants", "treasurer"),
    Page("subsidies:grant", "approver", grant("proposed"), state="proposed"),
    Page("subsidies:grant", "treasurer", grant("approved"), state="approved"),
    Page("subsidies:grant", "approver", recovering, state="recovery"),
    Page("subsidies:proposable", "officer"),
    Page("subsidies:proposal", "officer", proposable),
    Page("subsidies:budgets", "auditor"),
    Page("subsidies:company_grants", "officer", granted_company),
    Page("subsidies:runs", "officer"),
    Page("subsidies:runs", "auditor"),
    Page("subsidies:run", "officer", run),
)

FOR_READERS = (
    Page("subsidies:policy"),
    Page("subsidies:policy", "policy_editor"),
    Page("api:reference"),
    Page("api:reference", "officer"),
)

PAGES = (*ENTRANCE, *OWN_ACCOUNT, *FOUNDERS, *STAFF, *FOR_READERS)

# Routes that are no page to look at, each with the reason
NO_PAGES = {
    "home": "redirects each person to his first page",
    "palette": "a fragment: looked at in the open palette (test_states)",
    "accounts:notices_read": "takes POST only",
    "accounts:notice_open": "takes POST only",
    "accounts:role_revoke": "takes POST only",
    "accounts:key_revoke": "takes POST only",
    "set_language": "takes POST only",
    "applications:ask": "takes POST only",
    "applications:decline": "takes POST only",
    "applications:withdraw": "takes POST only",
    "companies:relate": "takes POST only",
    "companies:unrelate": "takes POST only",
    "companies:duplicates": "a fragment of the forms of companies",
    "subsidies:propose": "takes POST only",
    "subsidies:grant_approve": "takes POST only",
    "subsidies:grant_refuse": "takes POST only",
    "subsidies:grant_withdraw": "takes POST only",
    "subsidies:grant_revoke": "takes POST only",
    "subsidies:grant_pay": "takes POST only",
    "subsidies:recovery_confirm": "takes POST only",
    "subsidies:recovery_drop": "takes POST only",
    "subsidies:recovery_settle": "takes POST only",
    "subsidies:start_assessment": "takes POST only",
    "subsidies:start_billing": "takes POST only",
    "subsidies:issue": "takes POST only",
    "workspace:role": "takes POST only",
    "workspace:remove": "takes POST only",
    "workspace:revoke": "takes POST only",
    "account_set_password": "for accounts without a password, which this portal does not make: redirects",
    "account_confirm_login_code": "signing in by mailed code is off: redirects",
    "mfa_authenticate": "the second step of a sign-in: looked at on the way (test_sign_in)",
    "mfa_download_recovery_codes": "a text file",
    "spaces:lease_end": "takes POST only",
    "spaces:lease_void": "takes POST only",
    "spaces:offer_companies": "a fragment of the lease form",
    "spaces:offer_units": "a fragment of the lease form",
    "spaces:preview": "a fragment of the lease form",
    "api:openapi": "JSON",
    "api_unknown": "JSON",
    "health": "JSON",
    "health_live": "plain text",
    "metrics": "plain text",
}
