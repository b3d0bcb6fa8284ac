"""Calendars as programs read them (RFC 5545), by the library `icalendar`, moments in UTC.

Only what the portal sends is here; it reads none. A calendar that arrives by mail has a `method` (RFC 5546).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Component

PRODUCT = "-//Zone portal//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"
EXPECTED = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}


@dataclass(frozen=True)
class Person:
    """Somebody who organises an event, or is invited to it."""

    email: str
    name: str = ""

    def address(self, **parameters: str) -> vCalAddress:
        found = vCalAddress(f"mailto:{''.join(self.email.split())}")
        named = {"CN": vText(_visible(self.name))} if self.name else {}
        found.params.update(named | parameters)
        return found


@dataclass(frozen=True)
class Event:
    """`sequence` counts its changes; a cancelled one stays in the calendar, so that programs learn of it."""

    uid: str
    begins: dt.datetime
    ends: dt.datetime
    changed_at: dt.datetime
    summary: str
    sequence: int = 0
    is_cancelled: bool = False
    location: str = ""
    url: str = ""
    organizer: Person | None = None
    attendees: Sequence[Person] = ()

    def component(self, now: dt.datetime) -> Component:
        found = Component()
        found.add("uid", self.uid)
        found.add("sequence", self.sequence)
        found.add("status", "CANCELLED" if self.is_cancelled else "CONFIRMED")
        moments = {"dtstamp": now, "dtstart": self.begins, "dtend": self.ends, "last-modified": self.changed_at}
        for name, moment in moments.items():
            found.add(name, moment.astimezone(dt.UTC))
        for name, value in (
            ("summary", _visible(self.summary)),
            ("location", _visible(self.location)),
            ("url", self.url),
        ):
            if value:
                found.add(name, value)
        if self.organizer:
            found.add("organizer", self.organizer.address())
        for person in self.attendees:
            found.add("attendee", person.address(**EXPECTED))
        return found


def calendar(events: Iterable[Event], *, now: dt.datetime, name: str = "", method: str = "") -> str:
    """The whole text, with the line breaks that the format wants."""
    found = Calendar()
    head = {
        "version": "2.0",
        "prodid": PRODUCT,
        "calscale": "GREGORIAN",
        "method": method,
        "x-wr-calname": _visible(name),
    }
    for key, value in head.items():
        if value:
            found.add(key, value)
    for event in events:
        found.add_component(event.component(now))
    return found.to_ical().decode()


def _visible(text: str) -> str:
    """Text without signs that nobody sees and some programs end it at; lines stay lines."""
    return "".join(letter for letter in text if letter in "\t\n" or letter.isprintable())
