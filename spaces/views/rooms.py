"""Pages of rooms: the list, one room with its week, and what officers do with it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required, staff_required
from core.acting import attempt, done
from core.errors import Conflict, Incomplete
from core.listing import turned
from core.periods import today
from spaces import grid
from spaces.filters.rooms import RoomFilter
from spaces.forms.rooms import ClosureForm, RoomForm
from spaces.models import Closure, Room
from spaces.permissions import KEEPS_SPACES, can_keep_rooms
from spaces.services import rooms as services
from spaces.slots import WEEK, WHOLE_DAY, clock
from spaces.tables.rooms import RoomTable, equipment_of
from spaces.views.days import day_of


@sign_in_required
@require_GET
def rooms(request: SignedInRequest) -> HttpResponse:
    """The rooms that the visitor may see."""
    found = RoomFilter(request.GET, Room.objects.visible_to(request.user).select_related("campus"))
    context = {
        "filter": found,
        "table": turned(request, RoomTable(found.qs)),
        "may_keep": can_keep_rooms(request.user),
    }
    return render(request, "spaces/rooms.html", context)


@sign_in_required
@require_GET
def room(request: SignedInRequest, code: str) -> HttpResponse:
    """One room: what it has, its rules, and its week from `?day=` on."""
    found = _room(request, code)
    first = day_of(request) or today()
    context = {
        "room": found,
        "equipment": equipment_of(found),
        "hours": [(WEEKDAYS[day], _hours(found.opening[day])) for day in range(WEEK)],
        "closures": found.closures.filter(period__endswith__gt=timezone.now()),
        "closure_form": ClosureForm(),
        "rows": grid.week_rows(found, first, request.user, timezone.get_default_timezone()),
        "prefix": reverse("spaces:day"),
        "first": first,
        "before": first - dt.timedelta(days=WEEK),
        "after": first + dt.timedelta(days=WEEK),
        "may_keep": can_keep_rooms(request.user),
    }
    return render(request, "spaces/room.html", context)


def _hours(minutes: Any) -> str:
    opens, closes = minutes
    if opens == closes:
        return _("closed")
    return _("around the clock") if closes - opens == WHOLE_DAY else f"{clock(opens)}–{clock(closes)}"


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def room_new(request: SignedInRequest) -> HttpResponse:
    """Enter a room."""
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.add_room(values=form.values(), by=request.user))
        if made:
            messages.success(request, _("Saved."))
            return redirect("spaces:room", made.code)
    return render(request, "spaces/room_form.html", {"form": form, "room": None})


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def room_change(request: SignedInRequest, code: str) -> HttpResponse:
    """Change a room and its rules."""
    found = _room(request, code)
    form = RoomForm(request.POST or None, instance=Room.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: services.change_room(room=found, values=form.values(), by=request.user))
        if changed:
            messages.success(request, _("Saved."))
            return redirect("spaces:room", changed.code)
    return render(request, "spaces/room_form.html", {"form": form, "room": found})


@staff_required(KEEPS_SPACES)
@require_POST
def room_close(request: SignedInRequest, code: str) -> HttpResponse:
    """Close a room for a time."""
    found = _room(request, code)
    return done(
        request, reverse("spaces:room", args=[found.code]), _("The room is closed for this time."),
        lambda said: services.close_room(room=found, slot=said["slot"], reason=said["reason"], by=request.user),
        ClosureForm(request.POST), shown=(Conflict, Incomplete),
    )  # fmt: skip


@staff_required(KEEPS_SPACES)
@require_POST
def room_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a closure back."""
    closure = get_object_or_404(Closure.objects.select_related("room"), pk=pk)
    services.reopen_room(closure=closure, by=request.user)
    messages.success(request, _("The room is open again."))
    return redirect("spaces:room", closure.room.code)


def _room(request: SignedInRequest, code: str) -> Room:
    found: Room = get_object_or_404(Room.objects.visible_to(request.user).select_related("campus"), code=code)
    return found
