"""What counts as a signal, and how much: every value of the score stands here (docs/adr/0041).

A score is the sum of the points of the signals that a company shows, of 100. It is a reason to ask, not a probability:
nobody has fitted it to who left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

TASK_FROM = 30
"""From so many points on an officer has a task: one strong signal or two others."""

LEASE_DAYS = 90
"""The last lease or desk ends within so many days, and no offer is open."""
RELIEF_DAYS = 180
"""The window of the rent relief ends within so many days."""
BOOKING_DAYS = 90
"""Bookings of so many days up to the day are compared with those of as many days before."""
FEWEST_BOOKINGS = 4
"""Fewer bookings in the days before say nothing when they become fewer."""
BOOKINGS_FALL_TO = 2
"""Fewer bookings: no more than one for so many before."""
CONTACT_DAYS = 120
"""Nobody of the company signed in, and nobody spoke to it or gave it support, for more than so many days."""


@dataclass(frozen=True)
class Signal:
    """`rule` says when it is one, in the words that everybody reads; `unknown` why it may not be known."""

    code: str
    label: Any
    points: int
    rule: Any
    unknown: Any = ""


LEASE, RELIEF, REPORT, BOOKINGS, CONTACT = "lease", "relief", "report", "bookings", "contact"

SIGNALS: Mapping[str, Signal] = {
    signal.code: signal
    for signal in (
        Signal(
            LEASE,
            _("The last lease or desk ends"),
            30,
            _("It ends within 90 days, no other follows, and no offer of a lease is open."),
        ),
        Signal(
            RELIEF,
            _("The rent relief ends"),
            20,
            _("The company has relief, and its window ends within 180 days."),
            _("Whether it has relief is not decided yet."),
        ),
        Signal(
            REPORT,
            _("A report is late"),
            20,
            _("A report that the schedule asks for was due before the day, has not come in, and is not excused."),
            _("The schedule has asked it for no report yet."),
        ),
        Signal(
            BOOKINGS,
            _("Fewer bookings"),
            15,
            _("At most half as many rooms booked in the last 90 days as in the 90 days before, which were at least 4."),
            _("It booked fewer than 4 rooms in the 90 days before the last 90."),
        ),
        Signal(
            CONTACT,
            _("No contact"),
            15,
            _(
                "Nobody of the company signed in to the portal, and nobody spoke to it or gave it support, for more"
                " than 120 days."
            ),
            _("Nobody of the company ever signed in, and no talk with it and no support is on record."),
        ),
    )
}
