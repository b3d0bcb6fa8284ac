"""Staff roles: who grants them, to whom, and what a revoked one opens."""

import threading

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts import services
from accounts.models import RoleGrant, StaffRole, User
from core.errors import Incomplete, NotAllowed
from tests.conftest import staff_member
from tests.factories import UserFactory


@pytest.fixture
def newcomer(db):
    user = UserFactory(email="new@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def roles_of(user):
    return set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))


def test_an_approver_makes_a_staff_member(newcomer, approver):
    grant = services.grant_role(user=newcomer, role="officer", by=approver)
    assert grant.granted_by == approver
    assert newcomer.has_role("officer")
    assert not newcomer.has_role("treasurer")


def test_granting_twice_changes_nothing(newcomer, approver):
    first = services.grant_role(user=newcomer, role="officer", by=approver)
    assert services.grant_role(user=newcomer, role="officer", by=approver) == first


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.APPROVER])
def test_no_other_role_grants(newcomer, role):
    with pytest.raises(NotAllowed):
        services.grant_role(user=newcomer, role="officer", by=staff_member(role))
    assert roles_of(newcomer) == set()


def test_nobody_changes_his_own_roles(approver):
    EmailAddress.objects.create(user=approver, email=approver.email, verified=True)
    with pytest.raises(NotAllowed):
        services.grant_role(user=approver, role="treasurer", by=approver)
    with pytest.raises(NotAllowed):
        services.revoke_role(user=approver, role="approver", by=approver)
    assert roles_of(approver) == {"approver"}


@pytest.mark.parametrize("verified", [False, None])
def test_an_address_that_nobody_proved_gets_no_role(approver, verified):
    user = UserFactory()
    if verified is False:
        EmailAddress.objects.create(user=user, email=user.email, verified=False)
    with pytest.raises(Incomplete) as caught:
        services.grant_role(user=user, role="officer", by=approver)
    assert caught.value.code == "email_unverified"


def test_an_unknown_role_is_refused_by_the_service_and_by_the_database(newcomer, approver):
    with pytest.raises(Incomplete):
        services.grant_role(user=newcomer, role="king", by=approver)
    with pytest.raises(IntegrityError, match="accounts_rolegrant_role_known"), transaction.atomic():
        RoleGrant.objects.create(user=newcomer, role="king")


def test_a_revoked_role_is_gone_at_once(newcomer, approver):
    services.grant_role(user=newcomer, role="officer", by=approver)
    services.revoke_role(user=newcomer, role="officer", by=approver)
    assert not newcomer.is_staff_member


def test_the_trail_keeps_who_granted_and_that_it_was_revoked(newcomer, approver):
    services.grant_role(user=newcomer, role="officer", by=approver)
    services.revoke_role(user=newcomer, role="officer", by=approver)
    events = RoleGrant.events.rel.related_model.objects.filter(user_id=newcomer.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.granted_by_id) for event in events] == [
        ("insert", approver.pk),
        ("delete", approver.pk),
    ]


def test_an_inactive_person_has_no_role(approver):
    approver.is_active = False
    assert not approver.has_role("approver")


def test_an_address_is_taken_whatever_its_case(db):
    UserFactory(email="someone@example.org")
    with pytest.raises(IntegrityError, match="accounts_user_email"), transaction.atomic():
        UserFactory(email="SomeOne@example.org")


def test_the_command_makes_the_first_approver(newcomer, capsys):
    call_command("grant_role", "NEW@example.org", "approver")
    assert roles_of(newcomer) == {"approver"}
    assert RoleGrant.objects.get().granted_by is None
    assert "new@example.org" in capsys.readouterr().out


def test_the_command_refuses_a_stranger(db):
    with pytest.raises(CommandError, match="Nobody has signed up"):
        call_command("grant_role", "nobody@example.org", "approver")


@pytest.mark.django_db(transaction=True)
def test_two_approvers_who_revoke_each_other_at_once_leave_one():
    first, second = (UserFactory(email=f"{n}@zone.example", roles=["approver"]) for n in "ab")
    start = threading.Barrier(2)

    def revoke(of, by):
        try:
            by, of = User.objects.get(pk=by.pk), User.objects.get(pk=of.pk)
            assert by.has_role("approver")
            start.wait(timeout=10)
            services.revoke_role(user=of, role="approver", by=by)
        except NotAllowed:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke, args=pair) for pair in [(first, second), (second, first)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RoleGrant.objects.count() == 1


def test_the_page_lists_staff_and_lets_an_approver_grant_and_revoke(newcomer, approver, officer, signed_in):
    client = signed_in(approver)
    assert officer.email in client.get("/staff/").content.decode()
    response = client.post("/staff/", {"email": "new@example.org", "role": "reviewer"})
    assert (response.status_code, roles_of(newcomer)) == (302, {"reviewer"})
    client.post(f"/staff/roles/{RoleGrant.objects.get(user=newcomer).pk}/revoke/")
    assert roles_of(newcomer) == set()


def test_the_page_says_why_a_grant_was_refused(approver, signed_in):
    user = UserFactory(email="unproved@example.org")
    response = signed_in(approver).post("/staff/", {"email": user.email, "role": "officer"})
    assert response.status_code == 200
    assert "has not been verified" in response.content.decode()
    assert roles_of(user) == set()


def test_other_staff_read_the_page_and_may_not_post(newcomer, officer, signed_in):
    client = signed_in(officer)
    assert "Grant a role" not in client.get("/staff/").content.decode()
    assert client.post("/staff/", {"email": newcomer.email, "role": "officer"}).status_code == 403
    assert roles_of(newcomer) == set()
