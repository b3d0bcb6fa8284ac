"""Who is told what about an application, once, with how long it took."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.notices import shown
from companies import notices
from companies.models import Application
from core.models import OutboxEvent
from tests.factories import ApplicationFactory


@pytest.fixture
def application(alice):
    made = ApplicationFactory(created_by=alice, submitted=True, answers={"identity": {"name": "Lingxi"}})
    Application.objects.filter(pk=made.pk).update(submitted_at=timezone.now() - dt.timedelta(days=3, hours=1))
    return made


def happened(topic, application):
    event = OutboxEvent.objects.create(topic=topic, key=str(application.public_id))
    notices.handle([event])
    return event


def told(user):
    return [(notice.message, shown(notice).text, notice.url) for notice in user.notices.order_by("pk")]


def test_a_sent_application_is_confirmed_and_waits_for_officers(application, alice, officer, auditor, mallory):
    happened("application.submitted", application)
    ((message, text, url),) = told(alice)
    assert (message, url) == ("application.submitted", f"/apply/{application.public_id}/")
    assert "Lingxi" in text
    assert told(officer) == [
        ("application.to_review", "Lingxi has applied to the zone.", f"/applications/{application.public_id}/")
    ]
    assert told(auditor) == told(mallory) == []


@pytest.mark.parametrize("topic", ["application.changes_requested", "application.declined"])
def test_a_founder_reads_the_reason_and_how_long_it_took(application, alice, officer, topic):
    Application.objects.filter(pk=application.pk).update(note="The plan misses 100% of its costs.")
    happened(topic, application)
    ((message, text, _url),) = told(alice)
    assert message == topic
    assert "The plan misses 100% of its costs." in text
    assert ": 3." in text
    assert told(officer) == []


def test_a_repeated_delivery_tells_nobody_twice(application, alice, officer):
    event = happened("application.submitted", application)
    notices.handle([event])
    assert Notice.objects.count() == 2
    happened("application.resubmitted", application)
    assert Notice.objects.count() == 4


def test_an_event_of_an_application_that_is_gone_is_passed_over(db):
    notices.handle([OutboxEvent(topic="application.submitted", key="00000000-0000-0000-0000-000000000000", pk=1)])
    assert not Notice.objects.exists()
