"""Arrears: due days and ages to the day, the steps that are proposed, each taken once by a person."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from accounts import notices, tasks
from accounts.models import Notice
from companies.models import Company
from core import outbox
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from subsidies import rent_notices
from subsidies.arrears import bucket_of, credits_of, next_level, overdue, owed_statements, totals
from subsidies.choices import ReminderLevel
from subsidies.models import RentReminder, RentStatement
from subsidies.services.reminders import send_reminder
from tests.factories import CompanyFactory, MembershipFactory
from tests.subsidies.conftest import JUNE, let
from tests.subsidies.paying import issued, received, treasurer

DAY = dt.timedelta(days=1)


@pytest.fixture
def statement(policy, company: Company, alice, bob) -> RentStatement:
    let(company, area_m2=Decimal("400.00"))
    return issued(company)


def due(statement: RentStatement) -> dt.date:
    assert statement.due_on is not None
    return statement.due_on


def found() -> RentStatement:
    return owed_statements(RentStatement.objects.all()).get()


def send(statement: RentStatement, level: int, on: dt.date) -> RentReminder:
    return send_reminder(statement=statement, level=level, on=on, by=treasurer())


def test_a_statement_is_due_some_days_after_it_was_issued(statement: RentStatement):
    assert due(statement) == timezone.localdate(statement.issued_at) + settings.RENT_DUE_DAYS * DAY
    assert next_level(found(), due(statement)) is None
    assert next_level(found(), due(statement) + DAY) == ReminderLevel.REMINDER


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (0, "not_due"), (1, "to_30"), (30, "to_30"), (31, "to_60"), (60, "to_60"), (61, "to_90"), (90, "to_90"),
        (91, "over_90"), (400, "over_90"),
    ],
)  # fmt: skip
def test_ages_by_the_day(statement: RentStatement, days: int, code: str):
    on = due(statement) + days * DAY
    assert bucket_of(found(), on).code == code
    owed = owed_statements(RentStatement.objects.all())
    assert [one.code for one, *figures in totals(owed, on) if figures == [1, Decimal("3100.00")]] == [code]
    assert overdue(owed, on).count() == (1 if days else 0)


def test_what_is_paid_is_no_arrear_and_a_part_counts_as_what_is_open(statement: RentStatement):
    received("3000.00", statement.number)
    assert found().open_amount == Decimal("100.00")
    received("150.00", statement.number)
    assert not owed_statements(RentStatement.objects.all()).exists()
    assert credits_of([statement.company_id]) == {statement.company_id: Decimal("50.00")}


def test_steps_are_proposed_one_after_the_other(statement: RentStatement):
    first = due(statement) + DAY
    send(statement, 1, first)
    assert next_level(found(), first + 13 * DAY) is None
    assert next_level(found(), first + 14 * DAY) == ReminderLevel.SECOND
    send(statement, 2, first + 14 * DAY)
    assert next_level(found(), first + 27 * DAY) is None
    send(statement, 3, first + 28 * DAY)
    assert next_level(found(), first + 400 * DAY) is None


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_step_before_its_time_or_out_of_turn(statement: RentStatement, level: int):
    with pytest.raises(Conflict, match="not the next one"):
        send(statement, level, due(statement))
    if level > 1:
        with pytest.raises(Conflict):
            send(statement, level, due(statement) + DAY)
    assert not RentReminder.objects.exists()


def test_each_step_is_taken_once(statement: RentStatement):
    send(statement, 1, due(statement) + DAY)
    with pytest.raises(Conflict):
        send(statement, 1, due(statement) + DAY)
    fields = {"statement": statement, "amount": 1, "sent_on": JUNE, "by": treasurer()}
    for level in (1, 3):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            RentReminder.objects.create(level=level, **fields)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        RentReminder.objects.update(amount=2)


def test_a_paid_statement_is_not_asked_for(statement: RentStatement):
    received("3100.00", statement.number)
    with pytest.raises(Conflict, match="nothing is asked for"):
        send(statement, 1, due(statement) + DAY)


def test_only_the_treasurer_asks_and_not_his_own_company(statement: RentStatement, officer, approver, auditor, alice):
    own = treasurer()
    MembershipFactory(company=statement.company, user=own)
    for person in (officer, approver, auditor, alice, own):
        with pytest.raises(NotAllowed):
            send_reminder(statement=statement, level=1, on=due(statement) + DAY, by=person)


def test_the_company_is_told_once_a_level_by_mail(statement: RentStatement, alice):
    outbox.drain("rent-notices")
    Notice.objects.all().delete()
    alice.language = "de"
    alice.save()
    send(statement, 1, due(statement) + DAY)
    event = OutboxEvent.objects.get(topic="rent.reminded")
    for _ in range(2):
        rent_notices.tell_of_rent([event])
    told = list(Notice.objects.order_by("pk"))
    assert [(notice.user.email, notice.message) for notice in told] == [
        ("alice@example.org", "rent_reminder_1"), ("bob@example.org", "rent_reminder_1"),
    ]  # fmt: skip
    assert "is overdue" in notices.shown(told[1]).title
    for notice in told * 2:
        tasks.mail_notice(notice.pk)
    assert [message.to for message in mail.outbox] == [["alice@example.org"], ["bob@example.org"]]
    assert "überfällig" in mail.outbox[0].subject
    assert "¥3,100.00" in mail.outbox[1].body


def test_a_later_step_tells_nobody_of_an_earlier_one_again(statement: RentStatement):
    first = due(statement) + DAY
    send(statement, 1, first)
    outbox.drain("rent-notices")
    newcomer = MembershipFactory(company=statement.company).user
    send(statement, 2, first + 14 * DAY)
    outbox.drain("rent-notices")
    assert [one.message for one in Notice.objects.filter(user=newcomer)] == ["rent_reminder_2"]


def test_a_company_that_owes_nothing_stands_in_no_list(statement: RentStatement, policy):
    other = CompanyFactory()
    let(other)  # 100 m²: all of it is waived
    issued(other, JUNE)
    assert {one.company for one in owed_statements(RentStatement.objects.all())} == {statement.company}
