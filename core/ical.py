"""Calendars as programs read them (RFC 5545): events in lines of 75 octets, text escaped, moments in UTC.

Only what the portal sends is here; it reads none. A calendar that arrives by mail has a `method` (RFC 5546).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PRODUCT = "-//Zone portal//EN"
LONGEST_LINE = 75  # octets, without the line break
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Person:
    """Somebody who organises an event, or is invited to it."""

    email: str
    name: str = ""

    def line(self, name: str, more: str = "") -> str:
        spoken = "".join(letter for letter in self.name if letter.isprintable() and letter not in '";:,')
        return f"{name}{f';CN={_quoted(spoken)}' if spoken else ''}{more}:mailto:{_bare(self.email)}"


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
    description: str = ""
    url: str = ""
    organizer: Person | None = None
    attendees: Sequence[Person] = ()

    def lines(self, now: dt.datetime) -> Iterable[str]:
        yield "BEGIN:VEVENT"
        yield f"UID:{_bare(self.uid)}"
        yield f"DTSTAMP:{moment(now)}"
        yield f"DTSTART:{moment(self.begins)}"
        yield f"DTEND:{moment(self.ends)}"
        yield f"LAST-MODIFIED:{moment(self.changed_at)}"
        yield f"SEQUENCE:{self.sequence}"
        yield f"STATUS:{'CANCELLED' if self.is_cancelled else 'CONFIRMED'}"
        for name, value in (("SUMMARY", self.summary), ("LOCATION", self.location), ("DESCRIPTION", self.description)):
            if value:
                yield f"{name}:{escaped(value)}"
        if self.url:
            yield f"URL:{_bare(self.url)}"
        if self.organizer:
            yield self.organizer.line("ORGANIZER")
        for person in self.attendees:
            yield person.line("ATTENDEE", ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE")
        yield "END:VEVENT"


def calendar(events: Iterable[Event], *, now: dt.datetime, name: str = "", method: str = "") -> str:
    """The whole text, with the line breaks that the format wants."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    head += [f"METHOD:{method}"] if method else []
    head += [f"X-WR-CALNAME:{escaped(name)}"] if name else []
    body = [line for event in events for line in event.lines(now)]
    return "".join(f"{folded(line)}\r\n" for line in [*head, *body, "END:VCALENDAR"])


def moment(value: dt.datetime) -> str:
    """In UTC, which every program understands without knowing the zone."""
    return f"{value.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text without what would end it, or begin a line of its own."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = "\\n".join(text.splitlines())
    return "".join(letter for letter in lines if letter == "\t" or letter.isprintable())


def folded(line: str) -> str:
    """In pieces of 75 octets, each but the first after a blank; no character is cut."""
    pieces, piece = [], b""
    for letter in line:
        encoded = letter.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]).decode()


def _quoted(text: str) -> str:
    return f'"{text}"'


def _bare(value: str) -> str:
    """A value that is no text: without blanks, which could only be an attempt to begin another line."""
    return "".join(value.split())
