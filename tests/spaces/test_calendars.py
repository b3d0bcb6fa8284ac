"""Calendars: the format to the letter, secret addresses, and mails that keep the calendars of others up to date."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from core import ical, outbox
from core.errors import Conflict, NotAllowed
from spaces.models import Attendee, CalendarFeed
from spaces.services import bookings, calendars, invitations
from spaces.tasks import mail_attendee, sweep_attendees
from tests.factories import RoomFactory
from tests.spaces.booking import NOON, at, book

UTC = dt.UTC


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


# --- The format ---------------------------------------------------------------------------------------------------


def test_an_event_to_the_letter():
    event = ical.Event(
        uid="A1@zone.example",
        begins=dt.datetime(2026, 6, 16, 2, tzinfo=UTC), ends=dt.datetime(2026, 6, 16, 3, tzinfo=UTC),
        changed_at=dt.datetime(2026, 6, 1, tzinfo=UTC), summary="Pitch; part 1, \\ with\nlines\x00", sequence=2,
        is_cancelled=True, location="茶室", organizer=ical.Person("a@b.example", 'Chen "Yu"; x'),
        attendees=[ical.Person("c@d.example\r\nX-EVIL:1")],
    )  # fmt: skip
    assert unfolded(ical.calendar([event], now=dt.datetime(2026, 6, 15, 4, tzinfo=UTC), method="CANCEL")) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zone portal//EN", "CALSCALE:GREGORIAN", "METHOD:CANCEL",
        "BEGIN:VEVENT", r"SUMMARY:Pitch\; part 1\, \\ with\nlines", "DTSTART:20260616T020000Z",
        "DTEND:20260616T030000Z", "DTSTAMP:20260615T040000Z", "UID:A1@zone.example", "SEQUENCE:2",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:c@d.exampleX-EVIL:1",
        "LAST-MODIFIED:20260601T000000Z", "LOCATION:茶室", "ORGANIZER;CN=\"Chen ^'Yu^'; x\":mailto:a@b.example",
        "STATUS:CANCELLED", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["a" * 300, "茶" * 100, "a茶" * 80, "🐣" * 60])
def test_lines_have_75_octets_and_no_letter_is_cut(text):
    event = ical.Event("A1@zone.example", NOON, NOON + dt.timedelta(hours=1), NOON, text)
    written = ical.calendar([event], now=NOON)
    assert all(len(line) <= 75 for line in written.encode().split(b"\r\n"))
    assert f"SUMMARY:{text}" in unfolded(written)


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.fixture
def room(db):
    return RoomFactory(code="SQ-1", name="Tea House", cancel_hours=4)


@pytest.fixture
def booked(room, alice, company):
    return book(room, at("10:00", "11:00"), alice, company=company, title="Secret pitch")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_secret_address_until_it_is_revoked(booked, alice, anonymous, signed_in, room):
    client, url = signed_in(alice), reverse("spaces:calendars")
    page = client.post(url, {"room": ""})
    address = page.context["address"].removeprefix("http://localhost:8000")
    assert CalendarFeed.objects.get().secret_hash not in page.content.decode()
    answer = anonymous.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content.decode())
    assert {"SUMMARY:Secret pitch", "STATUS:CONFIRMED", "DTSTART:20260616T020000Z", "SEQUENCE:0"} <= set(lines)
    bookings.cancel(booking=booked, by=alice, now=NOON)
    lines = unfolded(anonymous.get(address).content.decode())
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(lines)
    client.post(reverse("spaces:calendar_revoke", args=[CalendarFeed.objects.get().pk]))
    assert anonymous.get(address).status_code == 404


def test_the_calendar_of_a_room_tells_strangers_only_that_it_is_taken(booked, room, alice, mallory):
    for who, summary in ((alice, "SUMMARY:Secret pitch"), (mallory, "SUMMARY:taken")):
        _feed, token = calendars.make_feed(user=who, room=room)
        content = calendars.opened(token, now=NOON) or ""
        assert summary in content
        assert ("Secret" in content) is (who == alice)
        assert calendars.opened(f"{token}x", now=NOON) is None
    room.for_members = False
    room.save()
    assert calendars.opened(token, now=NOON) is None
    with pytest.raises(NotAllowed):
        calendars.make_feed(user=mallory, room=room)
    mallory.is_active = False
    mallory.save()
    assert calendars.opened(token, now=NOON) is None


# --- Invitations --------------------------------------------------------------------------------------------------


def tell(django_capture_on_commit_callbacks) -> list[str]:
    """What the mails that are due say they are."""
    mail.outbox.clear()
    outbox.drain("booking-invitations")
    for pk in Attendee.objects.to_tell().values_list("pk", flat=True):
        mail_attendee(pk)
    return [message.attachments[0].mimetype for message in mail.outbox]


def test_whoever_is_invited_learns_of_each_change_once(booked, alice, mallory, django_capture_on_commit_callbacks):
    with pytest.raises(NotAllowed):
        invitations.invite(booking=booked, email="x@example.org", by=mallory)
    invited = invitations.invite(booking=booked, email="Guest@Example.org", by=alice)
    with pytest.raises(Conflict, match="invited already"):
        invitations.invite(booking=booked, email="guest@example.org", by=alice)
    assert tell(django_capture_on_commit_callbacks) == ["text/calendar; method=REQUEST"]
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["guest@example.org"], "Invitation: Secret pitch")
    content = message.attachments[0].content
    assert "METHOD:REQUEST" in content
    assert tell(django_capture_on_commit_callbacks) == []
    bookings.move(booking=booked, slot=at("13:00", "14:00"), title="Pitch", by=alice, now=NOON)
    assert tell(django_capture_on_commit_callbacks) == ["text/calendar; method=REQUEST"]
    assert "SEQUENCE:1" in mail.outbox[0].attachments[0].content
    bookings.cancel(booking=booked, by=alice, now=NOON)
    assert tell(django_capture_on_commit_callbacks) == ["text/calendar; method=CANCEL"]
    assert tell(django_capture_on_commit_callbacks) == []
    invited.refresh_from_db()
    assert invited.told_sequence == -1


def test_who_was_never_told_is_not_told_that_it_is_off(booked, alice, signed_in):
    client = signed_in(alice)
    client.post(reverse("spaces:booking_invite", args=[booked.code]), {"email": "guest@example.org"})
    page = client.get(reverse("spaces:booking", args=[booked.code])).content.decode()
    assert "guest@example.org" in page
    assert sweep_attendees() == 1
    attendee = Attendee.objects.get()
    client.post(reverse("spaces:booking_uninvite", args=[attendee.pk]))
    assert not Attendee.objects.to_tell().exists()
    invitations.invite(booking=booked, email="guest@example.org", by=alice)
    assert Attendee.objects.get().is_invited
