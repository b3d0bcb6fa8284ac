"""Calendars: the page of one's secret addresses, what they lead to, and who is invited to a booking."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, public, sign_in_required
from core import ical
from core.acting import attempt, done
from core.errors import Conflict, Incomplete
from spaces.forms.bookings import FeedForm, InviteForm
from spaces.models import Attendee, Booking, CalendarFeed
from spaces.services import calendars as services
from spaces.services import invitations
from spaces.views.bookings import booking_of


@sign_in_required
@require_http_methods(["GET", "POST"])
def calendars(request: SignedInRequest) -> HttpResponse:
    """One's own addresses; a new one is shown once."""
    form, address = FeedForm(request.POST or None, user=request.user), ""
    if request.method == "POST" and form.is_valid():
        room = form.cleaned_data["room"]
        made = attempt(form, lambda: services.make_feed(user=request.user, room=room))
        if made:
            address = settings.BASE_URL + reverse("spaces:calendar", args=[made[1]])
            form = FeedForm(user=request.user)
    feeds = request.user.calendar_feeds.filter(revoked_at=None).select_related("room")
    return render(request, "spaces/calendars.html", {"form": form, "address": address, "feeds": feeds})


@sign_in_required
@require_POST
def calendar_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """An address leads nowhere from now on."""
    feed = get_object_or_404(CalendarFeed.objects.filter(user=request.user), pk=pk)
    services.revoke_feed(feed=feed, by=request.user, now=timezone.now())
    messages.success(request, _("The address is revoked."))
    return redirect("spaces:calendars")


@public
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program fetches: the address itself is the secret."""
    del request
    content = services.opened(token, now=timezone.now())
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=ical.CONTENT_TYPE, headers={"Cache-Control": "private, max-age=300"})


@sign_in_required
@require_POST
def booking_invite(request: SignedInRequest, code: str) -> HttpResponse:
    """Invite somebody by mail."""
    found = booking_of(request, code)
    return done(
        request, reverse("spaces:booking", args=[found.code]), _("The invitation is on its way."),
        lambda said: invitations.invite(booking=found, email=said["email"], by=request.user),
        InviteForm(request.POST), shown=(Conflict, Incomplete),
    )  # fmt: skip


@sign_in_required
@require_POST
def booking_uninvite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    seen = Attendee.objects.filter(booking__in=Booking.objects.visible_to(request.user))
    attendee = get_object_or_404(seen.select_related("booking__company"), pk=pk)
    invitations.uninvite(attendee=attendee, by=request.user)
    messages.success(request, _("The invitation was taken back."))
    return redirect("spaces:booking", attendee.booking.code)
