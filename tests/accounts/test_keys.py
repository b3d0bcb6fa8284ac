"""Making and revoking keys: on the page and at the command line. The token is shown once."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import keys
from accounts.models import ApiKey
from tests.factories import ApiKeyFactory, UserFactory

TYPED = {"name": "Finance", "scopes": ["companies:read", "leases:read"], "days": "30"}


def opens(token: str) -> bool:
    return APIClient().get("/api/v1/companies/", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def make(client, **changed):
    """The answer of the page, and the token on it."""
    response = client.post("/keys/", TYPED | changed)
    return response, response.context["token"]


@pytest.mark.usefixtures("clean_cache")
def test_the_page_makes_a_key_that_opens_and_shows_it_once(treasurer, signed_in):
    client = signed_in(treasurer)
    response, token = make(client)
    assert opens(token)
    assert token in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    later = client.get("/keys/").content.decode()
    assert "Finance" in later
    assert token not in later
    assert token.partition(".")[2] not in later
    key = ApiKey.objects.get()
    assert (key.created_by, key.scopes) == (treasurer, ["companies:read", "leases:read"])
    assert keys.matches(token.partition(".")[2], key.secret_hash)


@pytest.mark.usefixtures("clean_cache")
def test_the_page_revokes_a_key_which_opens_nothing_from_then_on(treasurer, approver, signed_in):
    _response, token = make(signed_in(treasurer))
    key = ApiKey.objects.get()
    client = signed_in(approver)
    assert client.post(f"/keys/{key.public_id}/revoke/").url == "/keys/"
    assert not opens(token)
    page = client.get("/keys/").content.decode()
    assert "revoked" in page
    assert f'data-open="revoke-{key.prefix}"' not in page


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"scopes": []}, {"scopes": ["companies:write"]}, {"days": "0"}, {"days": "731"}]
)
def test_the_page_says_what_a_key_lacks_and_makes_none(treasurer, signed_in, changed):
    response, token = make(signed_in(treasurer), **changed)
    assert token == ""
    assert list(response.context["form"].errors) == list(changed)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", ["officer", "reviewer", "policy_editor", "auditor"])
def test_other_staff_make_and_revoke_none(role, request, signed_in):
    client = signed_in(request.getfixturevalue(role))
    key = ApiKeyFactory()
    assert client.get("/keys/").status_code == 403
    assert client.post("/keys/", TYPED).status_code == 403
    assert client.post(f"/keys/{key.public_id}/revoke/").status_code == 403
    key.refresh_from_db()
    assert (key.revoked_at, ApiKey.objects.count()) == (None, 1)


@pytest.mark.usefixtures("clean_cache")
def test_the_command_prints_the_token_alone_so_that_a_script_can_take_it(approver, capsys):
    call_command("create_key", "Door", "--scope", "companies:read", "--days", "7")
    printed = capsys.readouterr()
    assert opens(printed.out.strip())
    assert "Shown only once" in printed.err
    key = ApiKey.objects.get()
    assert key.created_by == approver
    assert key.expires_at - timezone.now() == pytest.approx(dt.timedelta(days=7), abs=dt.timedelta(minutes=1))


def test_the_command_makes_a_key_for_whom_it_is_told(approver, auditor):
    call_command("create_key", "Door", "--scope", "companies:read", "--for", auditor.email.upper())
    assert ApiKey.objects.get().created_by == auditor


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--scope", "companies:write"], "invalid choice"),
        ([], "--scope"),
        (["--scope", "companies:read", "--days", "0"], "between 1 and 730"),
        (["--scope", "companies:read", "--for", "founder@example.org"], "no staff member founder@example.org"),
        (["--scope", "companies:read"], "no approver yet"),
    ],
)
def test_the_command_says_why_it_makes_none(db, request, words, reason):
    UserFactory(email="founder@example.org")
    if "--days" in words:
        request.getfixturevalue("approver")
    with pytest.raises(CommandError, match=reason):
        call_command("create_key", "Door", *words)
    assert not ApiKey.objects.exists()


def test_a_person_who_left_answers_for_no_key(db):
    UserFactory(email="gone@zone.example", roles=["approver"], is_active=False)
    with pytest.raises(CommandError, match="no approver yet"):
        call_command("create_key", "Door", "--scope", "companies:read")
