"""What is done to a booking from its page: move it, check in, cancel it or its series, and leave a waiting list."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required
from core.acting import attempt, done
from core.errors import Conflict
from spaces.forms.bookings import MoveForm
from spaces.models import Booking, Series, WaitingEntry
from spaces.permissions import can_change_booking
from spaces.services import bookings, presence, series, waiting
from spaces.views.bookings import booking_of


@sign_in_required
@require_http_methods(["GET", "POST"])
def booking_move(request: SignedInRequest, code: str) -> HttpResponse:
    """Another time or title for a booking."""
    found = booking_of(request, code)
    if not can_change_booking(request.user, found):
        raise PermissionDenied
    form = MoveForm(request.POST or None, initial=MoveForm.values_of(found))
    if request.method == "POST" and form.is_valid():
        slot, title = form.slot(), form.cleaned_data["title"]
        now, by = timezone.now(), request.user
        if slot and attempt(form, lambda: bookings.move(booking=found, slot=slot, title=title, by=by, now=now)):
            messages.success(request, _("Saved."))
            return redirect("spaces:booking", found.code)
    return render(request, "spaces/booking_move.html", {"form": form, "booking": found})


@sign_in_required
@require_POST
def booking_check_in(request: SignedInRequest, code: str) -> HttpResponse:
    """Somebody is there."""
    found = booking_of(request, code)
    return done(
        request, _page_of(found), _("You have checked in."),
        lambda _said: presence.check_in(booking=found, by=request.user, now=timezone.now()), shown=Conflict,
    )  # fmt: skip


@sign_in_required
@require_POST
def booking_cancel(request: SignedInRequest, code: str) -> HttpResponse:
    """Give the room back."""
    found = booking_of(request, code)
    return done(
        request, _page_of(found), _("The booking is cancelled."),
        lambda _said: bookings.cancel(booking=found, by=request.user, now=timezone.now()), shown=Conflict,
    )  # fmt: skip


@sign_in_required
@require_POST
def series_cancel(request: SignedInRequest, code: str) -> HttpResponse:
    """Cancel what is still to come of a series."""
    rows = Booking.objects.visible_to(request.user)
    found = get_object_or_404(Series.objects.filter(bookings__in=rows).distinct(), code=code)
    try:
        done = series.cancel_series(series=found, by=request.user, now=timezone.now())
        told = ngettext("%(count)d booking is cancelled.", "%(count)d bookings are cancelled.", len(done))
        messages.success(request, told % {"count": len(done)})
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("spaces:series", found.code)


@sign_in_required
@require_POST
def waiting_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Wait no longer."""
    entry = get_object_or_404(WaitingEntry.objects.visible_to(request.user), pk=pk)
    return done(
        request, reverse("spaces:bookings"), _("You wait no longer."),
        lambda _said: waiting.leave(entry=entry, by=request.user, now=timezone.now()), shown=Conflict,
    )  # fmt: skip


def _page_of(found: Booking) -> str:
    return reverse("spaces:booking", args=[found.code])
