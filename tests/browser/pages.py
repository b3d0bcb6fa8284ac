"""Every page of the portal: its route, who looks at it, and what it is opened with.

`test_pages.py` looks at each, and fails when the portal has a route that is neither here nor excepted with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse

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
    return [portal.things["company"].code]


def address_to_confirm(portal: Portal) -> list[object]:
    address, _made = EmailAddress.objects.get_or_create(
        user=portal.people["newcomer"], email="browser-second@zone.example", defaults={"verified": False}
    )
    return [EmailConfirmationHMAC(address).key]


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
    Page("accounts:notices", "founder"),
    Page("accounts:profile", "founder"),
    Page("accounts:profile", "officer"),
    Page("account_email", "founder"),
    Page("account_change_password", "founder"),
    Page("mfa_index", "officer"),
    Page("mfa_view_recovery_codes", "officer"),
    Page("mfa_generate_recovery_codes", "officer"),
    Page("mfa_deactivate_totp", "officer"),
)

STAFF = (
    Page("dashboard", "officer"),
    Page("dashboard", "auditor"),
    Page("styleguide", "officer", titles=2),
    Page("accounts:staff", "officer"),
    Page("accounts:staff", "approver"),
    Page("accounts:keys", "treasurer"),
    Page("spaces:units", "officer"),
    Page("spaces:leases", "officer"),
    Page("spaces:leases", "auditor"),
    Page("spaces:lease_create", "officer"),
)

FOR_READERS = (Page("api:reference"), Page("api:reference", "officer"))

PAGES = (*ENTRANCE, *OWN_ACCOUNT, *STAFF, *FOR_READERS)

# Routes that are no page to look at, each with the reason
NO_PAGES = {
    "home": "redirects each person to his first page",
    "palette": "a fragment: looked at in the open palette (test_states)",
    "accounts:notices_read": "takes POST only",
    "accounts:notice_open": "takes POST only",
    "accounts:role_revoke": "takes POST only",
    "accounts:key_revoke": "takes POST only",
    "set_language": "takes POST only",
    "account_set_password": "for accounts without a password, which this portal does not make: redirects",
    "account_confirm_login_code": "signing in by mailed code is off: redirects",
    "mfa_authenticate": "the second step of a sign-in: looked at on the way (test_sign_in)",
    "mfa_download_recovery_codes": "a text file",
    "spaces:offer_companies": "a fragment of the lease form",
    "spaces:offer_units": "a fragment of the lease form",
    "spaces:preview": "a fragment of the lease form",
    "api:openapi": "JSON",
    "api_unknown": "JSON",
    "health": "JSON",
    "health_live": "plain text",
    "metrics": "plain text",
}
