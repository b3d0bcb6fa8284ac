"""Keys: what opens an address, what does not, and what the refusal says."""

import datetime as dt

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import ApiKey, RoleGrant, Scope, StaffRole, User
from accounts.permissions import ANSWERS_TOO
from core.errors import Incomplete, NotAllowed

COMPANIES = "/api/v1/companies/"
LISTS = {
    COMPANIES: Scope.COMPANIES_READ,
    "/api/v1/leases/": Scope.LEASES_READ,
    "/api/v1/lease-offers/": Scope.LEASES_READ,
    "/api/v1/day-passes/": Scope.LEASES_READ,
    "/api/v1/deposits/": Scope.DEPOSITS_READ,
    "/api/v1/decisions/": Scope.DECISIONS_READ,
    "/api/v1/stage-proposals/": Scope.DECISIONS_READ,
    "/api/v1/rent-statements/": Scope.STATEMENTS_READ,
    "/api/v1/rent-payments/": Scope.STATEMENTS_READ,
    "/api/v1/policy-versions/": Scope.POLICY_READ,
    "/api/v1/interest-statements/": Scope.STATEMENTS_READ,
    "/api/v1/reports/": Scope.REPORTS_READ,
    "/api/v1/projects/": Scope.PROJECTS_READ,
    "/api/v1/loans/": Scope.LOANS_READ,
    "/api/v1/repayments/": Scope.LOANS_READ,
    "/api/v1/rounds/": Scope.ROUNDS_READ,
    "/api/v1/talents/": Scope.TALENTS_READ,
    "/api/v1/suppliers/": Scope.SUPPLIERS_READ,
    "/api/v1/expenses/": Scope.EXPENSES_READ,
    "/api/v1/support-packages/": Scope.SUPPORT_READ,
    "/api/v1/deliveries/": Scope.SUPPORT_READ,
    "/api/v1/grants/": Scope.GRANTS_READ,
    "/api/v1/budgets/": Scope.GRANTS_READ,
}


def refused(response, status, code):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    return body


@pytest.mark.parametrize(("address", "scope"), LISTS.items())
def test_each_list_opens_to_its_scope_alone(machine, address, scope):
    assert machine(scope).get(address).status_code == 200
    others = [other for other in Scope.values if other != scope]
    body = refused(machine(*others).get(address), 403, "scope_missing")
    assert scope in body["detail"]


@pytest.mark.parametrize("address", LISTS)
def test_without_a_key_the_answer_is_401_and_says_how(db, address):
    response = APIClient().get(address)
    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer .", "Bearer a.b", "Basic a.b", "Bearer 000000000000.x", "Bearer \x00.x"]
)
def test_a_malformed_or_unknown_key_is_401(db, header):
    response = APIClient().get(COMPANIES, HTTP_AUTHORIZATION=header)
    refused(response, 401, "not_authenticated")


def test_a_signed_in_person_needs_a_key_too(officer, signed_in):
    assert signed_in(officer).get(COMPANIES).status_code == 401


def test_the_right_prefix_with_another_secret_is_401(machine):
    client = machine()
    key = ApiKey.objects.get()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.prefix}.{'x' * 43}")
    refused(client.get(COMPANIES), 401, "not_authenticated")


def test_a_key_expires_at_its_moment(machine):
    now = timezone.now()
    nearly = machine(days=1, now=now - dt.timedelta(days=1) + dt.timedelta(minutes=1))
    over = machine(days=1, now=now - dt.timedelta(days=1))
    assert nearly.get(COMPANIES).status_code == 200
    assert over.get(COMPANIES).status_code == 401


def test_a_revoked_key_opens_nothing_and_keeps_its_first_moment(machine, treasurer):
    client, key = machine(), ApiKey.objects.get()
    revoked = services.revoke_key(key=key, now=timezone.now(), by=treasurer)
    again = services.revoke_key(key=key, now=timezone.now() + dt.timedelta(days=1), by=treasurer)
    assert client.get(COMPANIES).status_code == 401
    assert again.revoked_at == revoked.revoked_at


def test_a_key_dies_with_the_staff_role_of_its_maker(machine, treasurer):
    client = machine(Scope.COMPANIES_READ)
    treasurer.role_grants.all().delete()
    assert client.get(COMPANIES).status_code == 401


def test_the_secret_is_kept_nowhere(treasurer):
    key, token = services.create_key(
        name="Bank", scopes=[Scope.LEASES_READ], days=1, now=timezone.now(), created_by=treasurer, by=treasurer
    )
    secret = token.partition(".")[2]
    key.refresh_from_db()
    assert secret not in str(vars(key))
    assert len(secret) >= 43
    assert not key.events.filter(secret_hash__contains=secret).exists()


def test_the_last_use_is_noted_at_most_once_a_minute(machine, django_assert_num_queries):
    client = machine()
    client.get(COMPANIES)
    first = ApiKey.objects.get().last_used_at
    client.get(COMPANIES)
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize("role", [r for r in StaffRole if r not in {StaffRole.TREASURER, StaffRole.APPROVER}])
def test_other_staff_make_no_keys(role, request):
    user = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        services.create_key(name="x", scopes=[Scope.LEASES_READ], days=1, now=timezone.now(), created_by=user, by=user)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"days": 0}, "days"), ({"days": 731}, "days"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes"),
     ({"name": ""}, "name")],
)  # fmt: skip
def test_a_key_without_name_scope_or_end_is_refused(treasurer, changed, field):
    arguments = {"name": "x", "scopes": [Scope.LEASES_READ], "days": 1} | changed
    with pytest.raises(Incomplete) as caught:
        services.create_key(**arguments, now=timezone.now(), created_by=treasurer, by=treasurer)
    assert field in caught.value.fields


@pytest.mark.parametrize("days", [1, 730])
def test_a_key_may_last_from_a_day_to_two_years(treasurer, days):
    now = timezone.now()
    key, _token = services.create_key(
        name="x", scopes=[Scope.LEASES_READ], days=days, now=now, created_by=treasurer, by=treasurer
    )
    assert key.expires_at - now == dt.timedelta(days=days)


def test_too_many_requests_are_429_with_the_way_on(within_a_minute, machine, monkeypatch):
    monkeypatch.setattr("accounts.api.throttling.KeyThrottle.rate", "2/min", raising=False)
    client, other = machine(), machine()
    left = [client.get(COMPANIES)["RateLimit"] for _ in range(2)]
    assert [value.partition(";t=")[0] for value in left] == ['"key";r=1', '"key";r=0']
    response = client.get(COMPANIES)
    refused(response, 429, "too_many_requests")
    assert response["Retry-After"] == "40"
    assert response["RateLimit-Policy"] == '"key";q=2;w=60'
    assert other.get(COMPANIES).status_code == 200


WRITING = [scope for scope in Scope if scope.is_writing]


@pytest.mark.parametrize("scope", WRITING)
def test_for_a_key_that_enters_something_an_officer_answers(officer, treasurer, approver, scope):
    arguments = {"name": "Bank", "scopes": [Scope.LOANS_READ, scope], "days": 1, "now": timezone.now()}
    others = [person for person in (treasurer, approver) if not person.has_role(ANSWERS_TOO.get(scope, ""))]
    assert approver in others
    for person in others:
        with pytest.raises(Incomplete, match="acts for an officer") as caught:
            services.create_key(**arguments, created_by=person, by=person)
        assert (caught.value.code, list(caught.value.fields)) == ("needs_officer", ["scopes"])
    assert not ApiKey.objects.exists()
    RoleGrant.objects.create(user=treasurer, role=StaffRole.OFFICER)
    both = User.objects.get(pk=treasurer.pk)
    for person, by in ((officer, None), (both, both)):
        assert services.create_key(**arguments, created_by=person, by=by)[0].created_by == person


def test_each_scope_for_entering_goes_with_one_for_reading():
    assert {scope.value.replace("write", "read") for scope in WRITING} < set(Scope.values)
    assert not any(scope.is_writing for scope in Scope if scope.value.endswith(":read"))
