"""Exit interviews: who is asked, by whom, and that what was said stays on record."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from companies.models import ExitInterview
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import DAY, period
from spaces.leaving import SOON, is_leaving, last_day_of
from spaces.services.exits import change_exit, record_exit, void_exit
from tests.factories import CompanyFactory, DeskMembershipFactory, ExitInterviewFactory, LeaseFactory

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 3, 15)
FIRST = dt.date(2025, 1, 1)


def company_until(last, **more):
    company = CompanyFactory(**more)
    LeaseFactory(company=company, term=period(FIRST, last))
    return company


def record(company, by, **told):
    return record_exit(**{"company": company, "held_on": ON, "reason": "rent", "by": by, "on": ON, **told})


# --- Who leaves ----------------------------------------------------------------------------------------------------


def test_the_last_of_leases_and_desks_tells_the_last_day():
    company = company_until(dt.date(2026, 1, 31))
    DeskMembershipFactory(company=company, term=period(FIRST, dt.date(2026, 2, 28)))
    assert last_day_of(company) == dt.date(2026, 2, 28)
    assert last_day_of(CompanyFactory()) is None
    assert last_day_of(company_until(None)) == dt.date.max


def test_a_void_lease_keeps_nobody():
    company = company_until(dt.date(2026, 1, 31))
    LeaseFactory(
        company=company, term=period(ON, None), voided_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), void_reason="error"
    )
    assert last_day_of(company) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("last", "expected"),
    [(dt.date(2025, 6, 30), True), (ON, True), (ON + SOON, True), (ON + SOON + DAY, False), (None, False)],
)
def test_who_left_or_ends_within_half_a_year_leaves(last, expected):
    assert is_leaving(company_until(last), ON) is expected


# --- Acts ----------------------------------------------------------------------------------------------------------


def test_an_officer_records_what_was_said(officer):
    company = company_until(ON)
    asked = record(company, officer, destination=" Hangzhou ", notes=" Larger rooms. ")
    assert (asked.asked_by, asked.destination, asked.notes) == (officer, "Hangzhou", "Larger rooms.")
    assert OutboxEvent.objects.filter(topic="exit_interview.changed").count() == 1
    assert [event.pgh_label for event in asked.events.all()] == ["insert"]


@pytest.mark.parametrize(
    ("last", "message"),
    [(None, "without an end"), (ON + SOON + DAY, "stays until"), ("never", "never had a lease")],
)
def test_who_stays_is_not_asked_why_he_leaves(officer, last, message):
    company = CompanyFactory() if last == "never" else company_until(last)
    with pytest.raises(Conflict, match=message) as refused:
        record(company, officer)
    assert refused.value.code == "not_leaving"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"held_on": ON + DAY}, "held_on"),
        ({"reason": "weather"}, "reason"),
        ({"destination": "x" * 121}, "destination"),
    ],
)
def test_what_is_malformed_is_refused_by_its_field(officer, told, field):
    with pytest.raises(Incomplete) as refused:
        record(company_until(ON), officer, **told)
    assert field in refused.value.fields


def test_another_reason_has_to_be_told(officer):
    company = company_until(ON)
    with pytest.raises(Incomplete, match="told in words"):
        record(company, officer, reason="other", notes="  ")
    assert record(company, officer, reason="other", notes="The view.").reason == "other"


def test_one_interview_a_day(officer):
    company = company_until(ON)
    asked = record(company, officer)
    with pytest.raises(Conflict, match="on record already"):
        record(company, officer)
    void_exit(exit_interview=asked, reason="typed twice", by=officer)
    record(company, officer)


def test_only_officers_record_correct_and_void(auditor, alice, company, officer):
    LeaseFactory(company=company, term=period(FIRST, ON))
    asked = record(company, officer)
    for other in (auditor, alice):
        with pytest.raises(NotAllowed):
            record(company, other)
        with pytest.raises(NotAllowed):
            change_exit(exit_interview=asked, reason="merged", destination="", notes="", by=other, on=ON)
        with pytest.raises(NotAllowed):
            void_exit(exit_interview=asked, reason="no", by=other)


def test_who_asked_stays_when_another_corrects(officer):
    asked = ExitInterviewFactory(held_on=ON)
    changed = change_exit(exit_interview=asked, reason="merged", destination="Wuxi", notes="", by=officer, on=ON)
    assert (changed.reason, changed.destination, changed.asked_by) == ("merged", "Wuxi", asked.asked_by)
    assert [event.pgh_label for event in asked.events.order_by("pgh_id")] == ["insert", "update"]


def test_a_void_one_is_neither_corrected_nor_voided_again(officer):
    asked = void_exit(exit_interview=ExitInterviewFactory(), reason="wrong company", by=officer)
    with pytest.raises(Conflict, match="wrong company"):
        change_exit(exit_interview=asked, reason="merged", destination="", notes="", by=officer, on=ON)
    with pytest.raises(Incomplete, match="Say why"):
        void_exit(exit_interview=ExitInterviewFactory(), reason=" ", by=officer)


def test_the_database_deletes_none_and_takes_no_unknown_reason():
    asked = ExitInterviewFactory()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ExitInterview.objects.filter(pk=asked.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitInterview.objects.filter(pk=asked.pk).update(reason="weather")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitInterview.objects.filter(pk=asked.pk).update(reason="other")


# --- Pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _on_a_day_in_march():
    with time_machine.travel(dt.datetime(2026, 3, 15, 4, tzinfo=dt.UTC), tick=True):
        yield


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("last", "offered"), [(ON, True), (None, False)])
def test_the_company_s_page_has_the_form_once_it_leaves(officer, signed_in, last, offered):
    company = company_until(last)
    client, new = signed_in(officer), reverse("spaces:company_exit_interview_new", args=[company.code])
    part = text_of(client.get(reverse("spaces:company_exit_interviews", args=[company.code])))
    assert (new in part) is offered
    assert client.get(new).status_code == (200 if offered else 403)


def test_an_auditor_reads_and_has_no_form(auditor, signed_in):
    asked = ExitInterviewFactory(company=company_until(ON), notes="Larger rooms.")
    client = signed_in(auditor)
    part = text_of(client.get(reverse("spaces:company_exit_interviews", args=[asked.company.code])))
    assert "Record an exit interview" not in part
    shown = text_of(client.get(reverse("spaces:exit_interview", args=[asked.pk])))
    assert "Larger rooms." in shown
    assert reverse("spaces:exit_interview_change", args=[asked.pk]) not in shown


def test_it_is_recorded_corrected_and_declared_void_in_the_browser(officer, signed_in):
    company, client = company_until(ON), signed_in(officer)
    new = reverse("spaces:company_exit_interview_new", args=[company.code])
    assert "told in words" in text_of(client.post(new, {"held_on": "2026-03-10", "reason": "other"}))
    client.post(new, {"held_on": "2026-03-10", "reason": "market", "destination": "深圳"})
    asked = company.exit_interviews.get()
    change = reverse("spaces:exit_interview_change", args=[asked.pk])
    client.post(change, {"reason": "people", "destination": "深圳", "seen": asked.updated_at.isoformat()})
    asked.refresh_from_db()
    assert (asked.reason, asked.held_on, asked.asked_by) == ("people", dt.date(2026, 3, 10), officer)
    client.post(reverse("spaces:exit_interview_void", args=[asked.pk]), {"reason": "wrong company"})
    shown = text_of(client.get(reverse("spaces:exit_interview", args=[asked.pk])))
    assert "wrong company" in shown
    assert client.get(change).status_code == 404
