"""Signing up and in: by e-mail, throttled, and for staff with a second factor before anything else."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import SECRET
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("clean_cache")

SIGN_IN, SIGN_UP = "/accounts/login/", "/accounts/signup/"
PROFILE = "/profile/"


def code_now(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def verified(user):
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def test_a_founder_signs_up_and_follows_the_link_in_the_mail(db):
    client = Client()
    new = {"email": "Founder@Example.org", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post(SIGN_UP, new, HTTP_ACCEPT_LANGUAGE="de")
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["founder@example.org"]
    user = User.objects.get(email="founder@example.org")
    assert user.language == "de"
    assert sign_in(Client(), user.email).url.endswith("/accounts/confirm-email/")
    link = re.search(r"https?://\S+(/accounts/confirm-email/\S+)", message.body)[1]
    client.post(link)
    assert user.emailaddress_set.get().verified
    assert sign_in(Client(), user.email).url == "/home/"


@pytest.mark.parametrize(
    ("language", "subject", "portal"),
    [
        ("en", "Confirm your e-mail address", "Zone portal"),
        ("zh-hans", "确认您的电子邮箱", "园区门户"),
        ("de", "E-Mail-Adresse bestätigen", "Zonenportal"),
    ],
)
def test_the_mail_that_confirms_an_address_speaks_the_language_of_the_page(db, language, subject, portal):
    new = {"email": "founder@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post(SIGN_UP, new, HTTP_ACCEPT_LANGUAGE=language)
    (message,) = mail.outbox
    assert message.subject == subject
    assert f"{portal}: testserver" in message.body
    assert "Hello from" not in message.body


@pytest.mark.parametrize("known", [True, False])
def test_whoever_forgot_his_password_is_told_what_to_do_in_a_mail(db, known):
    """Somebody without an account, too: the page does not say whether there is one."""
    if known:
        verified(UserFactory(email="founder@example.org"))
    Client().post(reverse("account_reset_password"), {"email": "founder@example.org"})
    (message,) = mail.outbox
    assert message.subject == ("Set a new password" if known else "There is no account with this e-mail address")
    assert ("/accounts/password/reset/key/" if known else "/accounts/signup/") in message.body


def test_a_link_that_was_used_says_what_to_do(db):
    page = Client().get(reverse("account_confirm_email", args=["spent"])).content.decode()
    assert "a new link is sent" in page
    assert reverse("account_login") in page


def test_a_founder_needs_no_second_factor(alice, signed_in):
    assert signed_in(alice).get(PROFILE).status_code == 200


def test_a_mail_server_that_is_down_is_said_and_breaks_nothing(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    new = {"email": "founder@example.org", "password1": PASSWORD, "password2": PASSWORD}
    response = Client().post(SIGN_UP, new, follow=True)
    assert response.status_code == 200
    assert "could not be sent" in response.content.decode()
    assert User.objects.filter(email="founder@example.org").exists()


def test_an_address_that_is_taken_is_not_given_away(db):
    verified(UserFactory(email="taken@example.org"))
    answers = [
        Client().post(SIGN_UP, {"email": email, "password1": PASSWORD, "password2": PASSWORD})
        for email in ("taken@example.org", "free@example.org")
    ]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/accounts/confirm-email/")}


def test_five_wrong_passwords_lock_the_account_for_a_while(db):
    user = verified(UserFactory())
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        for _attempt in range(5):
            assert sign_in(Client(), user.email, "wrong").status_code == 200
        locked = sign_in(Client(), user.email)
        assert locked.status_code == 200
        assert "Too many failed" in locked.content.decode()
        clock.shift(301)
        assert sign_in(Client(), user.email).status_code == 302


def test_guesses_at_many_accounts_from_one_address_stop_that_address(db):
    user = verified(UserFactory())
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False):
        for number in range(10):
            sign_in(Client(), f"somebody-{number}@example.org", "wrong")
        assert sign_in(Client(), user.email).status_code == 200
        assert sign_in(Client(), user.email, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_sign_in_leads_to_no_other_site(db, target):
    user = verified(UserFactory())
    response = Client().post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": target})
    assert (response.status_code, response.url) == (302, "/home/")


# --- The second factor of staff -----------------------------------------------------------------------------------


def test_the_second_factor_is_set_up_only_with_a_fresh_password(db):
    client = Client()
    client.force_login(UserFactory(roles=["officer"]))
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("address", [PROFILE, "/notices/", "/staff/", "/keys/", "/home/", "/accounts/2fa/"])
def test_staff_without_a_second_factor_are_led_to_set_it_up(db, address):
    client = Client()
    client.force_login(UserFactory(roles=["officer"]))
    response = client.get(address)
    assert (response.status_code, response.url) == (302, "/accounts/2fa/totp/activate/")


def test_a_fragment_of_a_page_moves_the_whole_page_there(db):
    client = Client()
    client.force_login(UserFactory(roles=["officer"]))
    response = client.get(PROFILE, HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == "/accounts/2fa/totp/activate/"


def test_a_session_that_showed_no_code_is_asked_for_one(officer):
    client = Client()
    client.force_login(officer)
    response = client.get("/profile/?a=b")
    assert (response.status_code, response.url) == (302, "/accounts/2fa/reauthenticate/?next=%2Fprofile%2F%3Fa%3Db")


def test_a_session_from_before_the_role_is_asked_too(alice, signed_in):
    client = signed_in(alice)
    assert client.get(PROFILE).status_code == 200
    alice.role_grants.create(role="auditor")
    assert client.get(PROFILE).url == "/accounts/2fa/totp/activate/"


def test_staff_may_always_leave_and_read_their_language(db):
    client = Client()
    client.force_login(UserFactory(roles=["officer"]))
    assert client.post("/i18n/setlang/", {"language": "de"}).url != "/accounts/2fa/totp/activate/"
    assert client.post("/accounts/logout/").url == "/"


def test_staff_sign_in_with_password_and_code(officer):
    verified(officer)
    client = Client()
    assert sign_in(client, officer.email).url == "/accounts/2fa/authenticate/"
    assert client.get(PROFILE).status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code_now()}).url == "/home/"
    assert client.get(PROFILE).status_code == 200


def test_a_code_opens_one_session(officer):
    verified(officer)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, officer.email)
    code = code_now()
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_setting_it_up_proves_it_and_gives_recovery_codes(db):
    user = verified(UserFactory(roles=["officer"]))
    client = Client()
    sign_in(client, user.email)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert client.get(PROFILE).status_code == 200
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    assert types == {"totp", "recovery_codes"}


# --- Language -----------------------------------------------------------------------------------------------------


def test_the_profile_s_language_is_read_whatever_the_browser_says(alice, signed_in):
    alice.language = "de"
    alice.save()
    response = signed_in(alice).get(PROFILE, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert response["Content-Language"] == "de"


def test_switching_the_language_keeps_it_on_the_profile(alice, signed_in):
    client = signed_in(alice)
    client.post("/i18n/setlang/", {"language": "zh-hans"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    client.post("/i18n/setlang/", {"language": "tlh"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"


def test_the_profile_page_saves_name_and_language(alice, signed_in):
    response = signed_in(alice).post(PROFILE, {"name": "Alice Wang", "language": "de"})
    assert response.status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("Alice Wang", "de")


def test_the_profile_page_refuses_an_unknown_language(alice, signed_in):
    response = signed_in(alice).post(PROFILE, {"name": "Alice", "language": "xx"})
    assert response.status_code == 200
    assert "is-invalid" in response.content.decode()
