"""Each signal of one company in words: what was seen, by which rule, and how many points it has."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.markup import NOTHING, Tone
from core.periods import DAY
from subsidies.gather.selection import chosen
from zone_portal.dashboard.leaving.known import known
from zone_portal.dashboard.leaving.signals import judged
from zone_portal.dashboard.leaving.values import BOOKINGS, CONTACT, LEASE, RELIEF, REPORT, SIGNALS, Signal


@dataclass(frozen=True)
class Finding:
    """`is_shown` is None where it is not known; `seen` says what the signal was judged by."""

    signal: Signal
    is_shown: bool | None
    seen: str

    @property
    def points(self) -> int:
        return self.signal.points if self.is_shown else 0

    @property
    def tone(self) -> Tone:
        """A signal is what to look at; its absence is good."""
        return "wait" if self.is_shown is None else "bad" if self.is_shown else "good"


@dataclass(frozen=True)
class Score:
    """All signals of a company as of the day."""

    on: dt.date
    findings: Sequence[Finding]

    @property
    def points(self) -> int:
        return sum(finding.points for finding in self.findings)


def score_of(company: int, on: dt.date) -> Score | None:
    """None for a company that is not in the zone on the day: it does not leave any more."""
    found = judged(known(on, chosen([company])), on)
    if not found.height:
        return None
    row = found.row(0, named=True)
    return Score(on, [Finding(signal, row[code], _seen(code, row, on)) for code, signal in SIGNALS.items()])


def _seen(code: str, row: dict[str, Any], on: dt.date) -> str:
    told = _WORDS[code](row, on)
    return told or str(SIGNALS[code].unknown or NOTHING)


def _lease(row: dict[str, Any], _on: dt.date) -> str:
    if row["ends_on"] is None:
        return _("It has a lease or a desk without an end.")
    told = _("The last one ends on %(day)s.") % {"day": row["ends_on"]}
    return f"{told} {_('An offer is open.')}" if row["is_offered"] else told


def _relief(row: dict[str, Any], _on: dt.date) -> str:
    if row["relief_until"] is not None:
        return _("The last day of relief is %(day)s.") % {"day": row["relief_until"]}
    return _("It has no relief.") if row["is_decided"] else ""


def _report(row: dict[str, Any], _on: dt.date) -> str:
    if row["late"] is None:
        return ""
    if not row["late"]:
        return _("No report is late.")
    told = ngettext(
        "%(count)d report is late; it was due on %(day)s.",
        "%(count)d reports are late; the newest was due on %(day)s.",
        row["late"],
    )
    return told % {"count": row["late"], "day": row["due_on"]}


def _bookings(row: dict[str, Any], _on: dt.date) -> str:
    if row[BOOKINGS] is None:
        return ""
    return _("%(now)d in the last 90 days, %(before)d in the 90 days before.") % {
        "now": row["booked"],
        "before": row["booked_before"],
    }


def _contact(row: dict[str, Any], on: dt.date) -> str:
    if row["contact_on"] is None:
        return ""
    days = (on - row["contact_on"]) // DAY
    told = ngettext("The last one on %(day)s, %(days)d day ago.", "The last one on %(day)s, %(days)d days ago.", days)
    return told % {"day": row["contact_on"], "days": days}


_WORDS = {LEASE: _lease, RELIEF: _relief, REPORT: _report, BOOKINGS: _bookings, CONTACT: _contact}
