"""The form of a booking or a series: filled in by the address, checked while it is filled in, and sent."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required
from companies.fields import lists_of
from core.acting import attempt
from core.errors import DomainError
from core.periods import today
from spaces import grid
from spaces.credits import balance_of, month_of
from spaces.forms.bookings import BookingForm
from spaces.refusals import bookings as refusals
from spaces.services import bookings, series, waiting
from spaces.services.bookings import Wish, is_guest
from spaces.slots import cost_of
from spaces.views.days import day_of, time_of


@sign_in_required
@require_http_methods(["GET", "POST"])
def booking_new(request: SignedInRequest) -> HttpResponse:
    """Book a room; `?room=`, `?day=` and `?at=` fill the form in."""
    form = BookingForm(request.POST or None, user=request.user, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        wish = form.wish()
        done = wish and attempt(form, lambda: _book(request, form, wish))
        if done:
            return done
    return render(request, "spaces/booking_form.html", {"form": form, "suggestions": lists_of(form)})


def _book(request: SignedInRequest, form: BookingForm, wish: Wish) -> HttpResponse:
    pattern, now = form.pattern(), timezone.now()
    if pattern is None:
        made = bookings.book(wish=wish, by=request.user, now=now)
        messages.success(request, _("Booked: %(time)s.") % {"time": refusals.written(made.slot)})
        return redirect("spaces:booking", made.code)
    only_free = form.cleaned_data["only_free"]
    found, booked = series.book_series(wish=wish, pattern=pattern, by=request.user, now=now, only_free=only_free)
    told = ngettext("%(count)d booking was made.", "%(count)d bookings were made.", len(booked))
    messages.success(request, told % {"count": len(booked)})
    return redirect("spaces:series", found.code)


def _initial(request: SignedInRequest) -> dict[str, Any]:
    begins = time_of(request)
    ends = (dt.datetime.combine(today(), begins) + dt.timedelta(hours=1)).time() if begins else None
    return {"room": request.GET.get("room"), "day": day_of(request) or today(), "begins": begins, "ends": ends}


@sign_in_required
@require_POST
def booking_wait(request: SignedInRequest) -> HttpResponse:
    """Wait for the room and time of the form, which are taken."""
    form = BookingForm(request.POST, user=request.user)
    wish = form.wish() if form.is_valid() else None
    if wish and attempt(form, lambda: waiting.wait(wish=wish, by=request.user, now=timezone.now())):
        messages.success(request, _("You are on the waiting list, and will be told when the room is yours."))
        return redirect("spaces:bookings")
    return render(request, "spaces/booking_form.html", {"form": form, "suggestions": lists_of(form)})


@sign_in_required
@require_GET
def booking_check(request: SignedInRequest) -> HttpResponse:
    """What the form says so far: whether the room can be had then, and the free time around it."""
    form = BookingForm(request.GET, user=request.user)
    form.is_valid()  # what is well-formed so far is shown, the rest is told when the form is sent
    wish, room, pattern = form.wish(), form.cleaned_data.get("room"), form.pattern()
    shown = form.cleaned_data.get("day")
    zone = timezone.get_default_timezone()
    context = {
        "room": room,
        "wish": wish,
        "refusal": _refusal(wish, request) if wish and not pattern else None,
        "taken": refusals.TAKEN,
        "planned": series.plan(wish, pattern, by=request.user, now=timezone.now()) if wish and pattern else None,
        "credits": cost_of(room.credits_per_hour, wish.slot) if wish and wish.company and room else None,
        "balance": balance_of(wish.company, month_of(wish.slot)) if wish and wish.company else None,
        "price": cost_of(room.guest_price, wish.slot) if wish and room and is_guest(wish, request.user) else None,
        "rows": grid.day_rows([room], shown, request.user, zone) if room and shown else [],
        "time": refusals.written(wish.slot) if wish else "",
    }
    return render(request, "spaces/_booking_check.html", context)


def _refusal(wish: Wish, request: SignedInRequest) -> DomainError | None:
    """What the service would refuse."""
    try:
        bookings.refuse_stranger(wish, request.user)
    except DomainError as error:
        return error
    return bookings.judge(wish, by=request.user, now=timezone.now())
