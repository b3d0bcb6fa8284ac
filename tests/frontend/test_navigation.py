"""Who is offered which pages, and that every offered page is there."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole, User
from companies.models import Company
from tests.conftest import SignedIn, staff_member
from tests.factories import ApplicationFactory
from zone_portal.dashboard import navigation

pytestmark = pytest.mark.django_db

ENTRIES = [
    *(entry for group in navigation.STAFF for entry in group.entries),
    *navigation.STAFF_ACTIONS,
    *navigation.EVERYBODY.entries,
]


def urls(user: User) -> set[str]:
    return {link.url for section in navigation.sections_for(user) for link in section.links}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.route)
def test_every_entry_leads_to_a_page(entry: navigation.Entry) -> None:
    assert reverse(entry.route)


@pytest.mark.parametrize("entry", navigation.COMPANY, ids=lambda entry: entry.route)
def test_every_entry_of_a_company_leads_to_a_page(entry: navigation.Entry) -> None:
    assert reverse(entry.route, args=["A-001"])


@pytest.mark.parametrize(
    ("role", "money"),
    [("officer", True), ("reviewer", False), ("approver", True), ("treasurer", True), ("auditor", True)],
)
def test_statements_are_offered_to_those_who_deal_with_money(role: str, money: bool) -> None:
    offered = urls(staff_member(StaffRole(role)))
    assert (reverse("subsidies:statements") in offered) is money
    assert reverse("companies:list") in offered


@pytest.mark.parametrize("role", StaffRole.values)
def test_keys_are_offered_to_those_who_make_them_and_the_roles_to_all_staff(role: str) -> None:
    offered = urls(staff_member(StaffRole(role)))
    assert (reverse("accounts:keys") in offered) is (role in {"treasurer", "approver"})
    assert reverse("accounts:staff") in offered


def test_a_founder_is_offered_his_company_and_no_page_of_the_staff(alice: User, other_company: Company) -> None:
    offered = urls(alice)
    assert reverse("workspace:home", args=["A-001"]) in offered
    assert reverse("workspace:home", args=["B-001"]) not in offered
    assert reverse("companies:list") not in offered


def test_only_an_officer_is_offered_to_let_a_unit(officer: User, auditor: User) -> None:
    let = reverse("spaces:lease_create")
    assert let in {link.url for link in navigation.actions_for(officer)}
    assert let not in {link.url for link in navigation.actions_for(auditor)}


def test_applications_that_wait_are_counted(officer: User) -> None:
    ApplicationFactory(submitted=True)
    ApplicationFactory()
    (link,) = [
        link
        for section in navigation.sections_for(officer)
        for link in section.links
        if link.url == reverse("applications:queue")
    ]
    assert link.count == 1


def test_a_list_is_current_while_one_of_its_rows_is_open(officer: User) -> None:
    path = reverse("companies:list") + "A-001/"
    current = [link.url for section in navigation.sections_for(officer, path) for link in section.links if link.current]
    assert current == [reverse("companies:list")]


def test_letters_of_the_keys_are_unique(officer: User, alice: User) -> None:
    for user in (officer, alice):
        keys = [link.key for section in navigation.sections_for(user) for link in section.links if link.key]
        assert len(keys) == len(set(keys))
        assert "n" not in keys  # the bell has it


def test_everybody_lands_where_his_work_is(officer: User, alice: User) -> None:
    assert navigation.home_for(officer) == reverse("dashboard")
    assert navigation.home_for(alice) == reverse("workspace:home", args=["A-001"])


def test_the_palette_finds_a_company_in_both_scripts(officer: User, company: Company, signed_in: SignedIn) -> None:
    client = signed_in(officer)
    for words in ("ling", "灵犀", "A-001"):
        page = client.get(reverse("palette"), {"q": words}).content.decode()
        assert reverse("companies:detail", args=[company.code]) in page


def test_the_palette_shows_a_founder_no_company_but_his_own(
    mallory: User, company: Company, signed_in: SignedIn
) -> None:
    page = signed_in(mallory).get(reverse("palette"), {"q": "ling"}).content.decode()
    assert "Lingxi" not in page
    assert "Nothing found" in page


def test_the_palette_stops_at_six_companies(officer: User, signed_in: SignedIn) -> None:
    Company.objects.bulk_create(
        Company(code=f"N{n}", name=f"Nova {n}", name_key=f"nova {n}", search_text="nova") for n in range(9)
    )
    page = signed_in(officer).get(reverse("palette"), {"q": "nova"}).content.decode()
    assert page.count("palette-company-") == 6


def test_the_palette_is_for_people_who_have_signed_in(client) -> None:
    assert client.get(reverse("palette")).status_code == 302
