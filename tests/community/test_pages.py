"""Pages of support, contacts, checklists and cohorts: who sees what, and what forms do."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from community.models import ChecklistEntry, ChecklistTick, Cohort, Contact, Delivery, SupportPackage
from core.periods import DAY
from tests.factories import (
    TODAY,
    ChecklistEntryFactory,
    CohortFactory,
    CompanyFactory,
    ContactFactory,
    DeliveryFactory,
    LeaseFactory,
    SupportPackageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present():
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(4), dt.UTC), tick=False):
        yield


def typed(*items, **other):
    said = {"audience": "companies", "stage": "chick", "campus": "", "since": str(TODAY), "until": "", "note": ""}
    rows = {
        f"items-{number}-{name}": value for number, item in enumerate(items) for name, value in item.items()
    }  # fmt: skip
    return {**said, "items-TOTAL_FORMS": str(len(items)), "items-INITIAL_FORMS": "0", **rows, **other}


MENTORING = {
    "code": "mentoring", "kind": "mentoring", "amount": "20", "unit": "hours", "per": "year", "name": "Mentoring",
    "name_zh": "导师辅导",
}  # fmt: skip


def test_an_officer_brings_a_package_and_another_version_of_it(officer, signed_in):
    client, url = signed_in(officer), reverse("community:support_new")
    answer = client.post(url, typed(MENTORING, {}))
    made = SupportPackage.objects.get()
    assert answer.url == reverse("community:support_package", args=[made.pk])
    assert (made.created_by, made.items.get().name_zh, made.is_sealed) == (officer, "导师辅导", True)
    page = client.get(f"{url}?from={made.pk}").content.decode()
    assert 'value="mentoring"' in page
    answer = client.post(f"{url}?from={made.pk}", typed(MENTORING))
    assert "never changed for the past" in answer.content.decode()
    client.post(url, typed({**MENTORING, "amount": ""}, since=str(TODAY + DAY)))
    assert SupportPackage.objects.count() == 2
    shown = client.get(reverse("community:support_packages")).content.decode()
    assert ("in force" in shown, "planned" in shown) == (True, True)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"code": "", "name": "Mentoring"}, "Give the item a code"),
        ({"code": "A B"}, "Use small letters"),
        ({"name": ""}, "Every item has one"),
        ({"unit": "days"}, "Mentoring is counted in hours"),
        ({"amount": "-1"}, "0.01"),
    ],
)
def test_what_is_wrong_with_an_item_is_said(officer, signed_in, item, words):
    answer = signed_in(officer).post(reverse("community:support_new"), typed({**MENTORING, **item}))
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not SupportPackage.objects.exists()


def test_a_founder_sees_the_own_list_and_what_comes_next(company, alice, signed_in, officer):
    company.stage = "chick"
    company.save()
    SupportPackageFactory()
    SupportPackageFactory(
        stage="growing",
        items=[{"code": "bank", "kind": "introduction", "unit": "times", "amount": None, "name": "To a bank"}],
    )
    DeliveryFactory(company=company, amount="4.50", recorded_by=officer)
    DeliveryFactory(company=CompanyFactory(stage="chick"), given_by="Somebody Else")
    url = reverse("community:company_support", args=[company.code])
    page = signed_in(alice).get(url).content.decode()
    for words in ("20 hours a year", "4.5", "15.5", "growing", "To a bank", "times without a limit", "Chen Mei"):
        assert words in page.replace("Growing", "growing"), words
    assert "Somebody Else" not in page
    assert "Record support" not in page
    assert "Record support" in signed_in(officer).get(url).content.decode()


def test_a_team_sees_its_own_list(company, alice, signed_in):
    type(company).objects.filter(pk=company.pk).update(kind="team", stage="nestling")
    SupportPackageFactory(stage="nestling", items=[{"name": "For companies"}])
    SupportPackageFactory(stage="nestling", audience="teams", items=[{"name": "For teams", "code": "teams"}])
    page = signed_in(alice).get(reverse("community:company_support", args=[company.code])).content.decode()
    assert ("For teams" in page, "For companies" in page) == (True, False)


def test_an_officer_records_and_voids_what_was_given(company, officer, signed_in):
    type(company).objects.filter(pk=company.pk).update(stage="chick")
    SupportPackageFactory()
    client = signed_in(officer)
    said = {"support": "mentoring", "given_on": str(TODAY), "amount": "21", "given_by": "Chen Mei", "note": ""}
    url = reverse("community:company_delivery_new", args=[company.code])
    assert "20 are left: 21 cannot be given" in client.post(url, said).content.decode()
    client.post(url, {**said, "amount": "20"})
    made = Delivery.objects.get()
    assert (made.recorded_by, made.company) == (officer, company)
    client.post(reverse("community:delivery_void", args=[made.pk]), {"reason": "of another company"})
    made.refresh_from_db()
    assert made.void_reason == "of another company"


def test_contact_and_checklist_on_the_page_of_a_company(company, officer, alice, signed_in):
    type(company).objects.filter(pk=company.pk).update(stage="chick")
    entry = ChecklistEntryFactory(name="Meet the mentor")
    client, url = signed_in(officer), reverse("community:company_checklist", args=[company.code])
    assert "Nobody is named" in client.get(url).content.decode()
    said = {"person": officer.pk, "since": str(TODAY)}
    client.post(reverse("community:company_contact", args=[company.code]), said)
    assert Contact.objects.get().person == officer
    client.post(reverse("community:checklist_tick", args=[company.code, entry.pk]), {"ticked_on": str(TODAY)})
    assert ChecklistTick.objects.get().ticked_by == officer
    page = signed_in(alice).get(url).content.decode()
    for words in ("Officer", "officer@zone.example", "Meet the mentor", "1 of 1 done"):
        assert words in page
    client.post(reverse("community:checklist_untick", args=[company.code, entry.pk]))
    assert not ChecklistTick.objects.exists()


def test_nobody_ticks_for_his_own_company(company, officer, signed_in):
    company.memberships.create(user=officer, role="viewer")
    entry = ChecklistEntryFactory()
    url = reverse("community:checklist_tick", args=[company.code, entry.pk])
    assert signed_in(officer).post(url, {"ticked_on": str(TODAY)}).status_code == 403


def test_an_officer_writes_a_checklist(officer, signed_in):
    client = signed_in(officer)
    said = {"stage": "chick", "audience": "teams", "position": "5", "name": "Open an account", "name_zh": "开户"}
    client.post(reverse("community:checklist_new"), said)
    entry = ChecklistEntry.objects.get()
    client.post(reverse("community:checklist_change", args=[entry.pk]), {**said, "is_retired": "on"})
    entry.refresh_from_db()
    assert (entry.audience, entry.position, entry.is_retired) == ("teams", 5, True)
    assert "retired" in client.get(reverse("community:checklists")).content.decode()


def test_an_officer_keeps_a_cohort(company, officer, signed_in):
    client = signed_in(officer)
    client.post(reverse("community:cohort_new"), {"code": "first", "name": "The first founders"})
    cohort = Cohort.objects.get()
    client.post(reverse("community:cohort_add", args=[cohort.pk]), {"company": company.code})
    page = client.get(reverse("community:cohort", args=[cohort.pk])).content.decode()
    assert (company.name in page, "Take out" in page) == (True, True)
    client.post(reverse("community:cohort_remove", args=[cohort.pk, company.code]))
    assert not cohort.members.exists()
    client.post(reverse("community:cohort_void", args=[cohort.pk]), {"reason": "twice"})
    assert "The first founders" not in client.get(reverse("community:cohorts")).content.decode()


def test_members_by_their_day_are_not_taken_out(officer, signed_in):
    lease = LeaseFactory()
    cohort = CohortFactory(arrived_from=dt.date(2025, 1, 1))
    page = signed_in(officer).get(reverse("community:cohort", args=[cohort.pk])).content.decode()
    assert lease.company.name in page
    assert "day of arrival" in page
    assert reverse("community:cohort_remove", args=[cohort.pk, lease.company.code]) not in page


def test_founders_read_their_contact_and_not_who_it_was(company, alice, signed_in, officer):
    ContactFactory(company=company, person=officer)
    url = reverse("community:company_checklist", args=[company.code])
    assert "Who was and will be" not in signed_in(alice).get(url).content.decode()
    assert "Who was and will be" in signed_in(officer).get(url).content.decode()
