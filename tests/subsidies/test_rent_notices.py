"""What a company is told of its rent: each statement once, by mail and in the portal, in its people's language."""

from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from accounts import notices, tasks
from accounts.models import Notice
from companies.models import Company
from core import outbox
from core.models import OutboxEvent
from subsidies import rent_notices
from subsidies.models import PolicyVersion, RentStatement
from subsidies.services import statements
from subsidies.statement_numbers import written
from tests.factories import CompanyFactory, MembershipFactory
from tests.subsidies.conftest import JUNE, MAY, billed, let


@pytest.fixture
def statement(policy: PolicyVersion, company: Company, alice, bob, treasurer) -> RentStatement:
    let(company, area_m2=Decimal("400.00"))
    let(CompanyFactory())
    for one in Company.objects.all():
        billed(one, MAY)
    statements.issue_statements(month=MAY, on=JUNE, by=treasurer)
    return RentStatement.objects.get(company=company)


def sent() -> list[Notice]:
    return list(Notice.objects.filter(message__startswith="rent_").order_by("pk"))


def test_everybody_of_the_company_is_told_once_with_the_way_to_the_paper(statement, alice, bob):
    assert outbox.drain("rent-notices") == 1
    assert [notice.user for notice in sent()] == [alice, bob]
    shown = notices.shown(sent()[0])
    assert shown.title == "Lingxi Audio: the rent of 2026-05"
    assert f"¥3,100.00 are to be paid by {statement.due_on}" in shown.text
    assert written(statement.number) in shown.text
    assert sent()[0].url == reverse("subsidies:statement", args=[statement.public_id])


def test_whatever_runs_twice_tells_and_mails_once(statement):
    event = OutboxEvent.objects.get(topic="statement.issued")
    for _ in range(2):
        rent_notices.tell_of_rent([event])
    assert len(sent()) == 2
    for notice in sent() * 2:
        tasks.mail_notice(notice.pk)
    assert [message.to for message in mail.outbox] == [["alice@example.org"], ["bob@example.org"]]
    assert "/pdf" not in mail.outbox[0].body
    assert reverse("subsidies:statement", args=[statement.public_id]) in mail.outbox[0].body


def test_the_mail_is_in_the_language_of_who_reads_it(statement, alice):
    alice.language = "zh-hans"
    alice.save()
    outbox.drain("rent-notices")
    tasks.mail_notice(sent()[0].pk)
    assert "灵犀音频" in mail.outbox[0].subject
    assert "租金" in mail.outbox[0].subject


def test_where_nothing_is_to_be_paid_nothing_is_asked_for(policy, company, alice, treasurer):
    let(company)
    billed(company, MAY)
    statements.issue_statements(month=MAY, on=JUNE, by=treasurer)
    outbox.drain("rent-notices")
    assert "nothing is to be paid" in notices.shown(sent()[0]).text


def test_more_than_a_delivery_tells_is_told_by_the_next(statement, monkeypatch, mallory, other_company, treasurer):
    monkeypatch.setattr(rent_notices, "MOST_STATEMENTS", 1)
    outbox.drain("rent-notices")
    assert OutboxEvent.objects.filter(topic="statement.untold").count() == 1
    assert len(sent()) == 2


def test_the_number_of_queries_does_not_grow_with_the_statements(policy, treasurer, django_assert_max_num_queries):
    for _ in range(20):
        company = MembershipFactory().company
        let(company)
        billed(company, MAY)
    statements.issue_statements(month=MAY, on=JUNE, by=treasurer)
    event = OutboxEvent.objects.get(topic="statement.issued")
    with django_assert_max_num_queries(10):
        rent_notices.tell_of_rent([event])
    assert len(sent()) == 20
