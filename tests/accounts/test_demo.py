"""The demo zone: people with known passwords and codes on the page, and none of it on a real portal."""

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.core.mail import EmailMessage
from django.test import Client

from accounts import demo
from accounts.models import User
from tests.conftest import SECRET
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("clean_cache")


@pytest.fixture
def demo_zone(settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)


def make(**changed):
    arguments = {"name": "Li Na", "password": PASSWORD, "roles": ["officer"], "totp_secret": SECRET} | changed
    return demo.create_demo_user("officer@demo.example", **arguments)


@pytest.mark.usefixtures("demo_zone", "db")
def test_a_demo_account_signs_in_with_the_code_that_the_page_shows():
    make()
    client = Client()
    client.post("/accounts/login/", {"login": "officer@demo.example", "password": PASSWORD})
    code = demo.code_of(User.objects.get())
    assert code.text in client.get("/accounts/2fa/authenticate/").content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code.text}).url == "/home/"
    again = demo.code_of(User.objects.get())
    assert again.used or again.text != code.text


@pytest.mark.usefixtures("demo_zone", "db")
def test_making_a_demo_account_twice_changes_nothing():
    assert make() == make(name="Other", password="other")
    user = User.objects.get()
    assert (user.name, user.check_password(PASSWORD), user.authenticator_set.count()) == ("Li Na", True, 1)


def test_a_real_portal_makes_no_demo_accounts(db):
    with pytest.raises(RuntimeError, match="PORTAL_DEMO"):
        make()


def test_a_real_portal_shows_nobody_s_code(db, settings):
    settings.DEMO = True
    user = make()
    settings.DEMO = False
    assert demo.code_of(user) is None


@pytest.mark.usefixtures("demo_zone")
def test_a_demo_zone_shows_no_code_of_other_accounts(officer):
    assert demo.code_of(officer) is None


@pytest.mark.usefixtures("demo_zone", "db")
def test_a_newcomer_finds_the_way_to_his_mails():
    client = Client()
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = client.get(client.post("/accounts/signup/", data).url).content.decode()
    assert "Verify your e-mail" in page
    assert page.count('href="/demo/mail/"') == 2  # in the words of the page, and at the foot of every page


@pytest.mark.parametrize("path", ["/accounts/confirm-email/", "/accounts/login/"])
def test_a_real_portal_offers_no_mailbox(db, path):
    assert "/demo/mail/" not in Client().get(path).content.decode()


@pytest.mark.usefixtures("demo_zone", "db")
def test_the_mailbox_shows_mails_with_links_to_follow():
    for subject in ("First: 你好", "Second"):
        EmailMessage(subject, "Follow http://testserver/accounts/x/\n\n<b>not bold</b>", to=["a@example.org"]).send()
    page = Client().get("/demo/mail/").content.decode()
    assert "First: 你好" in page
    assert '<a href="http://testserver/accounts/x/"' in page
    assert "<b>not" not in page


@pytest.mark.usefixtures("demo_zone", "db")
def test_the_mailbox_tells_when_by_the_clock_of_the_zone():
    headers = {"Date": "Fri, 27 Nov 2026 23:51:05 -0000"}
    EmailMessage("Late", "Good night", to=["a@example.org"], headers=headers).send()
    assert "a@example.org · 2026-11-28 07:51" in Client().get("/demo/mail/").content.decode()


def test_a_real_portal_has_no_mailbox(db):
    assert Client().get("/demo/mail/").status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize(("demo_on", "debug", "https", "found"), [
    (True, False, True, True), (True, True, True, False), (True, False, False, False), (False, False, True, False),
])  # fmt: skip
def test_a_demo_zone_at_a_public_address_is_an_error(settings, demo_on, debug, https, found):
    settings.DEMO, settings.DEBUG, settings.HTTPS = demo_on, debug, https
    assert ("portal.E001" in {message.id for message in run_checks()}) is found
