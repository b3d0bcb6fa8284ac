"""Signals of companies that may leave, on both sides of each threshold; the tasks about them, and who sees what."""

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import time_machine
from django.db import Error, transaction
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import ReportMonths
from companies.models import Company, ReportDuty, ReportExcuse, ReportingRule
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import DAY, period
from subsidies.choices import Outcome
from tests.conftest import staff_member
from tests.factories import (
    BookingFactory,
    CompanyFactory,
    DecisionFactory,
    DeliveryFactory,
    LeaseFactory,
    LeaseOfferFactory,
    MembershipFactory,
    PolicyVersionFactory,
    ReportFactory,
    UserFactory,
)
from zone_portal.dashboard.leaving.known import known
from zone_portal.dashboard.leaving.showing import score_of
from zone_portal.dashboard.leaving.signals import SCHEMA, judged, keys
from zone_portal.dashboard.leaving.values import BOOKINGS, CONTACT, LEASE, RELIEF, REPORT, SIGNALS, TASK_FROM
from zone_portal.dashboard.models import LeavingStep, LeavingTask
from zone_portal.dashboard.services import leaving
from zone_portal.dashboard.tasks import look_for_leaving

ON = dt.date(2026, 3, 15)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 3, 15, 12, tzinfo=ZONE)
QUIET = {
    "company": 1, "ends_on": None, "is_offered": False, "relief_until": None, "is_decided": True,
    "late": 0, "due_on": None, "booked": 10, "booked_before": 10, "contact_on": ON,
}  # fmt: skip


def day(text):
    return dt.date.fromisoformat(text)


def shown(on=ON, **facts):
    frame = pl.DataFrame([{**QUIET, **facts}], schema=SCHEMA)
    return judged(frame, on).row(0, named=True)


# --- Thresholds -----------------------------------------------------------------------------------------------------


def test_the_points_make_a_hundred_and_each_signal_says_its_rule():
    assert sum(signal.points for signal in SIGNALS.values()) == 100
    assert all(str(signal.rule) for signal in SIGNALS.values())


def test_who_shows_nothing_has_no_points():
    row = shown()
    assert [row[code] for code in SIGNALS] == [False] * 5
    assert row["points"] == 0


@pytest.mark.parametrize(
    ("ends_on", "offered", "expected"),
    [
        ("2026-03-15", False, True),  # the last day is the day itself
        ("2026-06-13", False, True),  # ninety days ahead
        ("2026-06-14", False, False),
        ("2026-06-13", True, False),
        (None, False, False),
    ],
)
def test_a_lease_ends_within_ninety_days(ends_on, offered, expected):
    row = shown(ends_on=ends_on and day(ends_on), is_offered=offered)
    assert (row[LEASE], row["points"]) == (expected, 30 if expected else 0)


@pytest.mark.parametrize(
    ("until", "decided", "expected"),
    [
        ("2026-03-14", True, False),  # over
        ("2026-03-15", True, True),
        ("2026-09-11", True, True),  # 180 days ahead
        ("2026-09-12", True, False),
        (None, True, False),
        (None, False, None),
    ],
)
def test_the_relief_ends_within_half_a_year(until, decided, expected):
    assert shown(relief_until=until and day(until), is_decided=decided)[RELIEF] is expected


@pytest.mark.parametrize(("late", "expected"), [(0, False), (1, True), (None, None)])
def test_a_report_is_late_as_the_schedule_says(late, expected):
    assert shown(late=late, due_on=late and day("2026-03-14"))[REPORT] is expected


@pytest.mark.parametrize(
    ("booked", "before", "expected"),
    [(2, 4, True), (3, 4, False), (2, 5, True), (3, 5, False), (0, 4, True), (0, 3, None), (0, 0, None), (9, 0, None)],
)
def test_bookings_fall_to_half_of_at_least_four(booked, before, expected):
    assert shown(booked=booked, booked_before=before)[BOOKINGS] is expected


@pytest.mark.parametrize(
    ("contact_on", "expected"), [("2025-11-15", False), ("2025-11-14", True), ("2026-03-15", False), (None, None)]
)
def test_there_is_no_contact_after_more_than_120_days(contact_on, expected):
    assert shown(contact_on=contact_on and day(contact_on))[CONTACT] is expected


def test_what_is_not_known_has_no_points():
    row = shown(is_decided=False, late=None, booked_before=0, contact_on=None)
    assert [row[code] for code in SIGNALS] == [False, None, None, None, None]
    assert row["points"] == 0


def test_the_key_of_a_signal_names_the_day_that_it_is_about():
    frame = pl.DataFrame([{**QUIET, "ends_on": day("2026-04-30"), "booked": 1}, {**QUIET, "company": 2}], schema=SCHEMA)
    assert keys(judged(frame, ON)).rows() == [(1, "bookings"), (1, "lease:2026-04-30")]


# --- What is known --------------------------------------------------------------------------------------------------

db = pytest.mark.django_db


@pytest.fixture
def company():
    made = CompanyFactory(code="A-001", name="Lingxi Audio")
    LeaseFactory(company=made, term=period(day("2024-01-01"), day("2026-04-30")))
    return made


def facts(company, on=ON):
    return known(on).filter(pl.col("company") == company.pk).row(0, named=True)


@db
def test_only_who_is_in_the_zone_is_looked_at(company):
    gone, coming = CompanyFactory(), CompanyFactory()
    LeaseFactory(company=gone, term=period(day("2024-01-01"), day("2026-03-14")))
    LeaseFactory(company=coming, term=period(day("2026-03-16"), None))
    LeaseFactory(company=CompanyFactory(), term=period(day("2024-01-01"), None), voided=True)
    assert known(ON)["company"].to_list() == [company.pk]
    assert known(day("2026-03-14"))["company"].sort().to_list() == [company.pk, gone.pk]


@db
def test_the_last_day_is_that_of_the_last_lease_or_open(company):
    assert facts(company)["ends_on"] == day("2026-04-30")
    LeaseFactory(company=company, term=period(day("2026-05-01"), day("2026-12-31")))
    assert facts(company)["ends_on"] == day("2026-12-31")
    LeaseFactory(company=company, term=period(day("2027-01-01"), None))
    assert facts(company)["ends_on"] is None


@db
def test_an_open_offer_is_known(company):
    offer = LeaseOfferFactory(company=company, term=period(day("2026-05-01"), None))
    assert facts(company)["is_offered"]
    type(offer).objects.filter(pk=offer.pk).update(state="withdrawn")
    assert not facts(company)["is_offered"]


@db
def test_relief_is_that_of_the_decision_in_force(company):
    assert (facts(company)["is_decided"], facts(company)["relief_until"]) == (False, None)
    version = PolicyVersionFactory(
        effective_from=day("2023-07-01"), parameters={"rent_waiver.months": "36"}, published=True
    )
    old = DecisionFactory(company=company, version=version, facts={"first_settled_on": "2023-07-01"})
    assert (facts(company)["is_decided"], facts(company)["relief_until"]) == (True, day("2026-06-30"))
    type(old).objects.filter(pk=old.pk).update(superseded_at=NOW)
    DecisionFactory(
        company=company, version=version, facts={"first_settled_on": None}, outcome=Outcome.NOT_ELIGIBLE, amount=None
    )
    assert (facts(company)["is_decided"], facts(company)["relief_until"]) == (True, None)


def owe(company, end, due, months=ReportMonths.QUARTER):
    rule = ReportingRule.objects.first() or ReportingRule.objects.create(
        place=1, months=3, days=30, valid=period(day("2024-01-01"), None)
    )
    ReportDuty.objects.create(company=company, period_end=day(end), months=months, due_on=day(due), rule=rule)


@db
def test_late_is_what_was_due_and_is_neither_there_nor_excused(company):
    assert facts(company)["late"] is None
    owe(company, "2025-09-30", "2025-11-14")
    owe(company, "2025-12-31", "2026-03-14", ReportMonths.YEAR)
    assert (facts(company)["late"], facts(company)["due_on"]) == (2, day("2026-03-14"))
    assert (facts(company, day("2026-03-14"))["late"], facts(company, day("2025-11-14"))["late"]) == (1, 0)
    ReportFactory(company=company, period_end=day("2025-12-31"), months=ReportMonths.QUARTER)  # a year was asked for
    assert facts(company)["late"] == 2
    company.reports.update(months=ReportMonths.YEAR)
    assert (facts(company)["late"], facts(company)["due_on"]) == (1, day("2025-11-14"))
    excuse = ReportExcuse.objects.create(
        company=company, period_end=day("2025-09-30"), reason="moved", by=UserFactory()
    )
    assert (facts(company)["late"], facts(company)["due_on"]) == (0, None)
    ReportExcuse.objects.filter(pk=excuse.pk).update(voided_at=NOW, void_reason="no")
    company.reports.update(voided_at=NOW, void_reason="no")
    assert facts(company)["late"] == 2


@db
def test_bookings_are_counted_by_their_day_in_two_times_ninety_days(company):
    days = ["2026-03-15", "2025-12-16", "2025-12-15", "2025-09-17", "2025-09-16", "2026-03-16"]
    for number, text in enumerate(days):
        BookingFactory(company=company, day=day(text), state="booked")
        if not number:
            BookingFactory(company=company, day=day("2026-03-10"), state="cancelled")
            BookingFactory(company=company, day=day("2026-03-09"), state="released")
    assert (facts(company)["booked"], facts(company)["booked_before"]) == (2, 2)


@db
def test_a_contact_is_a_sign_in_of_its_people_or_a_talk(company, officer):
    person = UserFactory()
    MembershipFactory(company=company, user=person)
    assert facts(company)["contact_on"] is None
    type(person).objects.filter(pk=person.pk).update(last_login=dt.datetime(2025, 11, 1, 23, 30, tzinfo=ZONE))
    assert facts(company)["contact_on"] == day("2025-11-01")
    task = leaving.take(company=company, by=officer, on=ON)
    leaving.finish(task=task, note="All is well.", spoke_on=day("2026-03-10"), by=officer, on=ON)
    assert facts(company)["contact_on"] == day("2026-03-10")
    assert facts(company, day("2026-03-09"))["contact_on"] == day("2025-11-01")


@db
def test_support_that_was_given_is_a_contact(company):
    DeliveryFactory(company=company, given_on=day("2026-02-02"))
    DeliveryFactory(company=company, given_on=day("2026-03-03"), voided=True)
    assert facts(company)["contact_on"] == day("2026-02-02")
    assert facts(company, day("2026-02-01"))["contact_on"] is None


@db
def test_all_and_one_are_judged_alike_in_a_fixed_number_of_queries(company, django_assert_num_queries):
    for _company in range(3):
        LeaseFactory(company=CompanyFactory(), term=period(day("2024-01-01"), day("2026-05-30")))
    with django_assert_num_queries(7):
        whole = judged(known(ON), ON)
    for pk, points in whole.select("company", "points").iter_rows():
        assert score_of(pk, ON).points == points == 30
    assert score_of(CompanyFactory().pk, ON) is None


@db
def test_each_signal_is_told_in_words(company):
    told = {finding.signal.code: finding.seen for finding in score_of(company.pk, ON).findings}
    assert told[LEASE] == "The last one ends on 2026-04-30."
    assert told[RELIEF] == "Whether it has relief is not decided yet."
    assert told[REPORT] == "The schedule has asked it for no report yet."
    assert told[BOOKINGS].startswith("It booked fewer than 4 rooms")
    assert told[CONTACT].startswith("Nobody of the company ever signed in")


# --- Tasks ----------------------------------------------------------------------------------------------------------


def book(company, *days):
    for text in days:
        BookingFactory(company=company, day=day(text), state="booked")


@db
def test_a_night_opens_a_task_from_thirty_points_on_and_once(company):
    quiet = CompanyFactory()
    LeaseFactory(company=quiet, term=period(day("2024-01-01"), None))
    owe(quiet, "2025-12-31", "2026-03-01")  # late: 20 points
    assert leaving.look(on=ON) == 1
    task = LeavingTask.objects.get()
    assert (task.company, task.points, task.signals, task.opened_on) == (company, 30, ["lease:2026-04-30"], ON)
    assert [step.step for step in task.steps.all()] == ["opened"]
    assert leaving.look(on=ON) == 0
    assert leaving.look(on=ON + DAY) == 0
    assert LeavingStep.objects.count() == 1


@db
def test_a_task_is_taken_by_one_person_and_given_back(company, officer):
    leaving.look(on=ON)
    other = UserFactory(roles=[StaffRole.OFFICER])
    task = leaving.take(company=company, by=officer, on=ON)
    with pytest.raises(Conflict, match="in hand already"):
        leaving.take(company=company, by=other, on=ON)
    with pytest.raises(Conflict, match="take it first"):
        leaving.finish(task=task, note="x", spoke_on=None, by=other, on=ON)
    leaving.give_back(task=task, by=officer)
    assert leaving.take(company=company, by=other, on=ON).taken_by == other
    assert [step.step for step in task.steps.all()] == ["opened", "taken", "given_back", "taken"]


@db
def test_done_needs_what_was_found_and_a_talk_is_not_ahead(company, officer):
    task = leaving.take(company=company, by=officer, on=ON)
    with pytest.raises(Incomplete) as refused:
        leaving.finish(task=task, note=" ", spoke_on=ON + DAY, by=officer, on=ON)
    assert set(refused.value.fields) == {"note", "spoke_on"}
    assert leaving.finish(task=task, note="It stays.", spoke_on=ON, by=officer, on=ON).state == "done"
    with pytest.raises(Conflict):
        leaving.finish(task=task, note="Again.", spoke_on=None, by=officer, on=ON)


@pytest.fixture
def finished(company, officer):
    leaving.look(on=ON)
    task = leaving.take(company=company, by=officer, on=ON)
    return leaving.finish(task=task, note="It looks for a larger office.", spoke_on=None, by=officer, on=ON)


@db
def test_the_same_signal_does_not_open_a_task_again(finished):
    assert leaving.look(on=ON + DAY) == 0
    finished.refresh_from_db()
    assert finished.state == "done"


@db
def test_a_new_signal_opens_it_again(finished, company):
    book(company, "2025-12-01", "2025-12-02", "2025-12-03", "2025-12-04")
    assert leaving.look(on=ON + DAY) == 1
    finished.refresh_from_db()
    assert (finished.state, finished.taken_by, finished.opened_on, finished.points) == ("open", None, ON + DAY, 45)
    last = finished.steps.last()
    assert (last.step, last.signals, last.by) == ("reopened", ["bookings"], None)
    assert leaving.look(on=ON + DAY) == 0


@db
def test_another_end_of_the_lease_is_another_signal(finished, company):
    company.leases.update(term=period(day("2024-01-01"), day("2026-05-31")))
    assert leaving.look(on=ON + DAY) == 1
    assert finished.steps.last().signals == ["lease:2026-05-31"]


@db
def test_a_signal_that_went_away_is_new_when_it_comes_back(finished, company):
    offer = LeaseOfferFactory(company=company, term=period(day("2026-05-01"), None))
    assert leaving.look(on=ON + DAY) == 0
    finished.refresh_from_db()
    assert (finished.signals, finished.points, finished.state) == ([], 0, "done")
    type(offer).objects.filter(pk=offer.pk).update(state="lapsed")
    assert leaving.look(on=ON + 2 * DAY) == 1


@db
def test_an_open_task_follows_what_is_shown_and_stays(company):
    leaving.look(on=ON)
    company.leases.update(term=period(day("2024-01-01"), None))
    assert leaving.look(on=ON + DAY) == 0
    task = LeavingTask.objects.get()
    assert (task.state, task.points, task.signals) == ("open", 0, [])


@db
@time_machine.travel(NOW, tick=True)
def test_the_night_asks_for_the_day_itself(company):
    assert look_for_leaving() == 1


@db
def test_steps_are_never_rewritten_and_tasks_never_deleted(finished):
    with pytest.raises(Error), transaction.atomic():
        LeavingStep.objects.update(note="nothing was found")
    with pytest.raises(Error), transaction.atomic():
        LeavingTask.objects.filter(pk=finished.pk).delete()


@db
def test_nobody_works_on_his_own_company(company, officer, reviewer):
    MembershipFactory(company=company, user=officer)
    for person in (officer, reviewer):
        with pytest.raises(NotAllowed):
            leaving.take(company=company, by=person, on=ON)


# --- Pages ----------------------------------------------------------------------------------------------------------


@db
@time_machine.travel(NOW, tick=True)
def test_officers_and_auditors_see_it_and_nobody_else(company, signed_in):
    leaving.look(on=ON)
    founder = UserFactory()
    MembershipFactory(company=company, user=founder)
    urls = [reverse("leaving"), reverse("leaving_company", args=[company.code])]
    for role in StaffRole:
        page = signed_in(staff_member(role))
        codes = {page.get(url).status_code for url in urls}
        assert codes == ({200} if role in (StaffRole.OFFICER, StaffRole.AUDITOR) else {403}), role
    assert {signed_in(founder).get(url).status_code for url in urls} == {404}


@db
@time_machine.travel(NOW, tick=True)
def test_an_officer_who_works_in_the_company_sees_nothing_of_it(company, officer, signed_in):
    leaving.look(on=ON)
    MembershipFactory(company=company, user=officer)
    page = signed_in(officer)
    assert page.get(reverse("leaving_company", args=[company.code])).status_code == 403
    assert "Lingxi Audio" not in page.get(reverse("leaving")).content.decode().partition("<main")[2]


@db
@time_machine.travel(NOW, tick=True)
def test_the_companys_page_asks_for_it_for_officers_alone(company, signed_in):
    url = reverse("companies:detail", args=[company.code])
    for role, asked in ((StaffRole.OFFICER, True), (StaffRole.APPROVER, False)):
        page = signed_in(staff_member(role)).get(url).content.decode()
        assert (f"/leaving/{company.code}/" in page) is asked


@db
@time_machine.travel(NOW, tick=True)
def test_the_list_is_narrowed_down(company, officer, signed_in):
    leaving.look(on=ON)
    Company.objects.filter(pk=company.pk).update(stage="chick")
    campus = company.leases.get().unit.building.campus.code
    page = signed_in(officer)

    def listed(**query):
        return len(page.get(reverse("leaving"), query).context["table"].rows)

    assert listed() == listed(campus=campus) == listed(stage="chick") == listed(signal="lease") == 1
    assert listed(stage="unicorn") == listed(signal="bookings") == listed(state="done") == 0
    LeaseFactory(term=period(day("2024-01-01"), None), unit__building__campus__code="elsewhere")
    assert listed(campus="elsewhere") == 0


@db
@time_machine.travel(NOW, tick=True)
def test_a_task_goes_its_way_on_the_pages(company, officer, signed_in):
    page, url = signed_in(officer), reverse("leaving_company", args=[company.code])
    page.post(reverse("leaving_take", args=[company.code]))
    shown = page.get(url).content.decode()
    assert "The last one ends on 2026-04-30." in shown
    page.post(reverse("leaving_give_back", args=[company.code]))
    page.post(reverse("leaving_take", args=[company.code]))
    page.post(reverse("leaving_finish", args=[company.code]), {"note": "It moves to Suzhou.", "spoke_on": "2026-03-15"})
    task = LeavingTask.objects.get()
    assert (task.state, task.points) == ("done", 30)
    assert "It moves to Suzhou." in page.get(url).content.decode()
    part = page.get(url, headers={"hx-request": "true"}).content.decode()
    assert "<main" not in part
    assert "30" in part
    assert TASK_FROM == 30


@db
def test_nobody_takes_the_task_of_a_merged_company(company, officer):
    merged = CompanyFactory(merged_into=company)
    with pytest.raises(NotAllowed):
        leaving.take(company=merged, by=officer, on=ON)
    assert not LeavingTask.objects.exists()
