"""Pages of bookings: the grid of a day, one's own, one booking, and a series."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required
from core.listing import turned
from core.periods import DAY, today
from spaces import grid
from spaces.choices import HOLDING, BookingState
from spaces.filters.rooms import BookingFilter, DayFilter
from spaces.forms.bookings import InviteForm
from spaces.models import Booking, Room, Series, WaitingEntry
from spaces.permissions import can_change_booking, can_check_in
from spaces.refusals import bookings as refusals
from spaces.services import bookings as services
from spaces.services.presence import EARLY
from spaces.tables.rooms import TONES, BookingTable, holder_of


@sign_in_required
@require_GET
def day(request: SignedInRequest) -> HttpResponse:
    """The rooms of the filter on a day, hour by hour."""
    rooms = Room.objects.visible_to(request.user).filter(is_active=True)
    found = DayFilter(request.GET, rooms, today=today())
    shown = found.shown_day
    context = {
        "filter": found,
        "day": shown,
        "query_day": shown.isoformat(),
        "before": shown - DAY,
        "after": shown + DAY,
        "today": today(),
        "rows": grid.day_rows(found.qs, shown, request.user, timezone.get_default_timezone()),
        "prefix": "",  # the page's own address: a third of its weight
    }
    return render(request, "spaces/day.html", context)


@sign_in_required
@require_GET
def bookings(request: SignedInRequest) -> HttpResponse:
    """The bookings that the visitor may see: for founders their own and their companies', for staff all."""
    rows = Booking.objects.visible_to(request.user).select_related("room", "company", "booked_by")
    found = BookingFilter(request.GET, rows, now=timezone.now())
    waiting = WaitingEntry.objects.visible_to(request.user).open().filter(period__endswith__gt=timezone.now())
    context = {
        "filter": found,
        "table": turned(request, BookingTable(found.qs)),
        "waiting": [(one, refusals.written(one.slot)) for one in waiting.select_related("room", "company", "waits")],
    }
    return render(request, "spaces/bookings.html", context)


@sign_in_required
@require_GET
def booking(request: SignedInRequest, code: str) -> HttpResponse:
    """One booking, and what the visitor may do with it."""
    found = booking_of(request, code)
    holds, now, user = found.state in HOLDING, timezone.now(), request.user
    is_to_come = holds and now < found.slot.begins and can_change_booking(user, found)
    context = {
        "booking": found,
        "time": refusals.written(found.slot),
        "tone": TONES[found.state],
        "holder": holder_of(found),
        "may_cancel": is_to_come,
        "may_check_in": found.state == BookingState.BOOKED
        and found.slot.begins - EARLY <= now < found.slot.ends
        and can_check_in(user, found),
        "is_late": services.is_late(found, now),
        "free_until": services.free_until(found),
        "attendees": found.attendees.filter(is_invited=True),
        "invite_form": InviteForm(),
    }
    return render(request, "spaces/booking.html", context)


def booking_of(request: SignedInRequest, code: str) -> Booking:
    """The booking; 404 for whoever does not see it."""
    seen = Booking.objects.visible_to(request.user).select_related("room__campus", "company", "booked_by", "series")
    found: Booking = get_object_or_404(seen, code=code)
    return found


@sign_in_required
@require_GET
def series(request: SignedInRequest, code: str) -> HttpResponse:
    """The bookings of a series, and the days that were left out."""
    rows = Booking.objects.visible_to(request.user).filter(series__code=code)
    table = turned(request, BookingTable(rows.select_related("room", "company", "booked_by")))
    found = get_object_or_404(Series.objects.filter(bookings__in=rows).distinct(), code=code)
    first = rows.select_related("company").order_by("period").first()
    to_come = rows.holding().filter(period__startswith__gt=timezone.now()).exists()
    context = {
        "series": found,
        "title": first,
        "table": table,
        "may_cancel": to_come and first is not None and can_change_booking(request.user, first),
    }
    return render(request, "spaces/series.html", context)
