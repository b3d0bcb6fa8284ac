"""Contacts, checklists and cohorts: who keeps them, what they remember, and what a merge does with them."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, transaction

from community.checklists import checklist_of
from community.cohorts import members_of, memberships
from community.models import ChecklistTick, Contact
from community.services import checklists, cohorts, contacts
from companies.services import merges
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import DAY, period
from tests.factories import (
    TODAY,
    ChecklistEntryFactory,
    ChecklistTickFactory,
    CohortFactory,
    CohortMemberFactory,
    CompanyFactory,
    ContactFactory,
    DeliveryFactory,
    DeskMembershipFactory,
    LeaseFactory,
    SupportPackageFactory,
)

pytestmark = pytest.mark.django_db


# --- Contacts -------------------------------------------------------------------------------------------------------


def name(company, person, by, since=TODAY):
    return contacts.name_contact(company=company, person=person, since=since, by=by, on=TODAY)


def test_a_contact_follows_another_and_both_stay_on_record(company, officer, auditor):
    first = name(company, officer, officer, since=TODAY - 30 * DAY)
    second = name(company, auditor, officer)
    first.refresh_from_db()
    assert (first.until, second.until) == (TODAY - DAY, None)
    on = [Contact.objects.on(day).get(company=company).person for day in (TODAY - DAY, TODAY)]
    assert on == [officer, auditor]


def test_a_contact_is_of_the_staff_and_named_by_an_officer_from_today_on(company, officer, approver, alice):
    with pytest.raises(NotAllowed):
        name(company, approver, approver)
    with pytest.raises(Incomplete, match="staff"):
        name(company, alice, officer)
    name(company, officer, officer)
    with pytest.raises(Conflict, match="already"):
        name(company, officer, officer)
    with pytest.raises(Incomplete, match="stays on record"):
        name(company, approver, officer, since=TODAY - DAY)
    with pytest.raises(Conflict, match="Another contact begins"):
        name(company, approver, officer)


def test_the_database_has_one_contact_a_day_and_keeps_who_it_was(company, officer):
    made = ContactFactory(company=company)
    with pytest.raises(IntegrityError, match="one_a_day"), transaction.atomic():
        ContactFactory(company=company, period=period(TODAY, None))
    with pytest.raises(InternalError), transaction.atomic():
        Contact.objects.filter(pk=made.pk).update(person=officer)
    with pytest.raises(InternalError), transaction.atomic():
        made.delete()


# --- Checklists -----------------------------------------------------------------------------------------------------


def test_what_is_to_be_done_is_that_of_the_stage_and_what_is_done_stays(officer):
    company = CompanyFactory(stage="chick")
    ours, teams = ChecklistEntryFactory(), ChecklistEntryFactory(audience="teams")
    retired, earlier = ChecklistEntryFactory(is_retired=True), ChecklistEntryFactory(stage="nestling")
    ChecklistTickFactory(company=company, entry=earlier)
    current, before = checklist_of(company, TODAY)
    assert ([task.entry for task in current.tasks], current.done, current.is_current) == ([ours], 0, True)
    assert ([task.entry for task in before.tasks], before.done) == ([earlier], 1)
    checklists.tick(company=company, entry=ours, ticked_on=TODAY, note="met", by=officer, on=TODAY)
    (task,) = checklist_of(company, TODAY)[0].tasks
    assert (task.tick.ticked_by, task.tick.ticked_on, task.tick.note) == (officer, TODAY, "met")
    assert {teams, retired}.isdisjoint(task.entry for group in checklist_of(company, TODAY) for task in group.tasks)


def test_a_line_is_ticked_once_by_an_officer_and_taken_back(company, officer, approver):
    entry = ChecklistEntryFactory()
    said = {"company": company, "entry": entry, "ticked_on": TODAY, "on": TODAY}
    with pytest.raises(NotAllowed):
        checklists.tick(**said, by=approver)
    with pytest.raises(Incomplete, match="or before"):
        checklists.tick(**{**said, "ticked_on": TODAY + DAY}, by=officer)
    checklists.tick(**said, by=officer)
    with pytest.raises(Conflict, match="already"):
        checklists.tick(**said, by=officer)
    checklists.untick(company=company, entry=entry, by=officer)
    assert not ChecklistTick.objects.exists()
    with pytest.raises(Conflict, match="Nobody"):
        checklists.untick(company=company, entry=entry, by=officer)


def test_a_line_that_was_ticked_stays_in_its_stage(officer):
    entry = ChecklistTickFactory().entry
    values = {"stage": "growing", "audience": "", "position": 1, "name": "Other", "is_retired": False}
    with pytest.raises(Conflict, match="retire it"):
        checklists.change_entry(entry=entry, values=values, by=officer)
    changed = checklists.change_entry(entry=entry, values={**values, "stage": "chick", "is_retired": True}, by=officer)
    assert (changed.name, changed.is_retired) == ("Other", True)


# --- Cohorts --------------------------------------------------------------------------------------------------------


def came(day: dt.date, company=None):
    return LeaseFactory(**({"company": company} if company else {}), term=period(day, None)).company


def test_members_are_those_put_in_and_those_who_came_between_the_days(officer):
    first, last = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    inside = [came(first), came(last)]
    for day in (first - DAY, last + DAY):
        came(day)
    back = came(dt.date(2024, 5, 1))
    came(dt.date(2025, 5, 1), back)  # came before, and is no arrival of this year
    at_a_desk = DeskMembershipFactory(term=period(first, None)).company
    CompanyFactory()
    by_hand = CompanyFactory()
    cohort = CohortFactory(code="first", arrived_from=first, arrived_until=last)
    cohorts.add_member(cohort=cohort, company=by_hand, by=officer)
    expected = {one.pk for one in (*inside, at_a_desk, by_hand)}
    assert set(members_of(cohort).values_list("pk", flat=True)) == expected
    frame = memberships()
    assert (set(frame["company"]), set(frame["cohort"]), frame.height) == (expected, {"first"}, 4)


@pytest.mark.parametrize(
    ("bounds", "count"), [({"arrived_from": TODAY}, 1), ({"arrived_until": TODAY - DAY}, 1), ({}, 0)]
)
def test_a_cohort_may_have_one_day_or_none(bounds, count):
    came(TODAY), came(TODAY - DAY)
    assert members_of(CohortFactory(**bounds)).count() == memberships().height == count


def test_who_is_in_it_by_his_day_is_not_taken_out_by_hand(officer):
    cohort = CohortFactory(arrived_from=TODAY)
    with pytest.raises(Conflict, match="change the days"):
        cohorts.remove_member(cohort=cohort, company=came(TODAY), by=officer)
    member = CohortMemberFactory(cohort=cohort)
    with pytest.raises(Conflict, match="already"):
        cohorts.add_member(cohort=cohort, company=member.company, by=officer)
    cohorts.remove_member(cohort=cohort, company=member.company, by=officer)
    assert not cohort.members.exists()


def test_a_void_cohort_compares_nothing(officer, approver):
    with pytest.raises(NotAllowed):
        cohorts.enter_cohort(values={"code": "x", "name": "X"}, by=approver)
    values = {"code": "x", "name": "X", "arrived_from": TODAY, "arrived_until": TODAY - DAY}
    with pytest.raises(Incomplete, match="after the last"):
        cohorts.enter_cohort(values=values, by=officer)
    cohort = CohortMemberFactory().cohort
    cohorts.void_cohort(cohort=cohort, reason="twice", by=officer)
    assert memberships().is_empty()
    with pytest.raises(Conflict, match="twice"):
        cohorts.add_member(cohort=cohort, company=CompanyFactory(), by=officer)


# --- Merges ---------------------------------------------------------------------------------------------------------


def test_a_merge_takes_along_what_was_given_ticked_and_grouped(officer):
    merged, survivor = CompanyFactory(stage="chick"), CompanyFactory(stage="chick")
    SupportPackageFactory()
    given = [DeliveryFactory(company=one, amount=15) for one in (merged, survivor)]
    both, one_alone = ChecklistEntryFactory(), ChecklistEntryFactory()
    for entry, owner in ((both, merged), (both, survivor), (one_alone, merged)):
        ChecklistTickFactory(company=owner, entry=entry)
    cohort = CohortMemberFactory(company=merged).cohort
    CohortMemberFactory(company=survivor, cohort=cohort)
    contact = ContactFactory(company=merged)
    ContactFactory(company=survivor)
    merges.merge_companies(merged=merged, survivor=survivor, reason="the same", by=officer)
    assert {one.company for one in type(given[0]).objects.all()} == {survivor}
    assert {one.entry for one in survivor.checklist_ticks.all()} == {both, one_alone}
    assert survivor.cohort_members.count() == 1
    contact.refresh_from_db()
    assert contact.company == merged


def test_only_what_is_asked_of_the_company_is_ticked(officer):
    team, company = CompanyFactory(kind="team", stage="chick"), CompanyFactory(stage="chick")
    of_teams = ChecklistEntryFactory(stage="chick", audience="teams")
    retired = ChecklistEntryFactory(stage="chick", is_retired=True)
    for one, entry in ((company, of_teams), (team, retired)):
        with pytest.raises(Conflict, match="not to be done"):
            checklists.tick(company=one, entry=entry, ticked_on=TODAY, by=officer, on=TODAY)
    checklists.tick(company=team, entry=of_teams, ticked_on=TODAY, by=officer, on=TODAY)
    assert ChecklistTick.objects.get().company == team
