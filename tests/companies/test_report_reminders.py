"""Companies are reminded of the reports that they owe: before, on the day, and when late, each person once a step."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import notices
from accounts.models import Notice
from companies.models import ReportDuty
from companies.services import report_reminders
from companies.services.schedule import excuse
from core.periods import DAY
from tests.factories import CompanyFactory, MembershipFactory, ReportDutyFactory, ReportFactory

DUE = dt.date(2026, 4, 30)


@pytest.fixture
def duty(company, alice, bob, carol) -> ReportDuty:
    return ReportDutyFactory(company=company)


def tell(days_before: int) -> int:
    return report_reminders.tell_of_duties(on=DUE - days_before * DAY)


@pytest.mark.parametrize(
    ("days_before", "message"),
    [
        (15, None), (14, "report_due_soon"), (7, "report_due_soon"), (6, None), (1, None), (0, "report_due"),
        (-1, "report_late"), (-8, "report_late"), (-9, None),
    ],
)  # fmt: skip
def test_what_is_told_on_which_day(duty, days_before, message):
    tell(days_before)
    assert set(Notice.objects.values_list("message", flat=True)) == ({message} if message else set())


def test_owners_and_editors_are_told_once_a_step(duty, alice, bob):
    assert [tell(days) for days in (14, 14, 13, 0, 0, -1, -2)] == [2, 0, 0, 2, 0, 2, 0]
    assert set(Notice.objects.values_list("user", flat=True)) == {alice.pk, bob.pk}


def test_nothing_is_told_once_the_report_is_there_or_the_company_excused(duty, officer):
    excuse(company=duty.company, period_end=duty.period_end, reason="a fire", by=officer)
    other = ReportDutyFactory(company=MembershipFactory(role="owner").company, rule=duty.rule)
    ReportFactory(company=other.company)
    assert [tell(days) for days in (14, 0, -1)] == [0, 0, 0]


def test_the_mail_speaks_the_reader_s_language_and_leads_to_the_form(duty, alice, bob):
    type(alice).objects.filter(pk=alice.pk).update(language="zh-hans")
    tell(14)
    for pk in Notice.objects.order_by("user").values_list("pk", flat=True):
        notices.mail(pk)
    chinese, english = mail.outbox
    assert "灵犀音频" in chinese.subject
    assert english.subject == "Lingxi Audio: the report up to 2025-12-31 is due on 2026-04-30"
    assert "/companies/A-001/report-new/?period_end=2025-12-31&months=12" in english.body


def test_many_reports_take_as_many_queries_as_few(duty, alice):
    def counted() -> int:
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            tell(14)
        return len(queries)

    few = counted()
    for _number in range(20):
        company = MembershipFactory(role="owner").company
        ReportDutyFactory(company=company, rule=duty.rule)
    assert counted() == few


def test_all_are_told_in_portions(duty, monkeypatch):
    monkeypatch.setattr(report_reminders, "AT_ONCE", 2)
    for _number in range(4):
        ReportDutyFactory(company=MembershipFactory(role="owner").company, rule=duty.rule)
    assert tell(0) == 2 + 4


def test_a_company_without_people_holds_nobody_up(duty):
    ReportDutyFactory(company=CompanyFactory(), rule=duty.rule)
    assert tell(0) == 2
