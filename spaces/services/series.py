"""Acts on series: book all of their times in one transaction, or cancel what is still to come.

A series is booked as a whole or refused, naming the first day that cannot be and why. To book the free days only is a
choice of its own; what it left out stays on record with the series.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import records
from core.errors import Conflict, DomainError, Incomplete
from spaces.models import Booking, Series
from spaces.refusals.bookings import kept_times
from spaces.series import Pattern, slots_of
from spaces.services import bookings
from spaces.services.bookings import Wish
from spaces.slots import Slot


@dataclass(frozen=True)
class Planned:
    """A time of a series, and what stands against it; None where nothing does."""

    slot: Slot
    refusal: DomainError | None

    @property
    def day(self) -> dt.date:
        return self.slot.begins.astimezone(timezone.get_default_timezone()).date()


def plan(wish: Wish, pattern: Pattern, *, by: User, now: dt.datetime) -> list[Planned]:
    """The times of a series, each judged: two queries, and two for each time that something may stand against."""
    slots = slots_of(wish.slot, pattern, timezone.get_default_timezone())
    if not slots:
        return []
    kept = kept_times(wish.room, Slot(slots[0].begins, slots[-1].ends))
    return [Planned(slot, bookings.judge(replace(wish, slot=slot), by=by, now=now, kept=kept)) for slot in slots]


@transaction.atomic
def book_series(
    *, wish: Wish, pattern: Pattern, by: User, now: dt.datetime, only_free: bool = False
) -> tuple[Series, list[Booking]]:
    """Book all times of a series, or with `only_free` those that can be had."""
    bookings.refuse_stranger(wish, by)
    wish = replace(wish, room=bookings.hold(wish.room))
    planned = plan(wish, pattern, by=by, now=now)
    refused = [one for one in planned if one.refusal is not None]
    if len(refused) == len(planned) or (refused and not only_free):
        raise _refusal(refused)
    series = records.save(
        Series(
            frequency=pattern.frequency, interval=pattern.interval, until=pattern.until, times=pattern.times,
            exceptions=sorted(pattern.exceptions), left_out=[one.day for one in refused],
        )
    )  # fmt: skip
    free = [one.slot for one in planned if one.refusal is None]
    return series, [bookings.store(replace(wish, slot=slot), by, series) for slot in free]


def _refusal(refused: Sequence[Planned]) -> DomainError:
    """The first day that cannot be, with its reason."""
    if not refused:
        return Incomplete(_("The series has no day."), code="no_day")
    first = refused[0]
    words = {"day": first.day, "why": first.refusal, "count": len(refused)}
    message = _("Nothing was booked. %(day)s: %(why)s Days that cannot be: %(count)d.") % words
    code = first.refusal.code if first.refusal else None
    return (Conflict if isinstance(first.refusal, Conflict) else Incomplete)(message, code=code)


@transaction.atomic
def cancel_series(*, series: Series, by: User, now: dt.datetime) -> list[Booking]:
    """Cancel those of its bookings that have not begun; Conflict where there is none."""
    left = list(series.bookings.holding().filter(period__startswith__gt=now).select_related("room", "company"))
    if not left:
        raise Conflict(_("Nothing of this series is still to come."), code="booking_over")
    return [bookings.cancel(booking=booking, by=by, now=now) for booking in left]
