"""Rooms, when they are free, and bookings: read by machines, and booked by those with a key of the writing scope.

What a machine books is checked as what a person books. Sent twice, it is booked once: the second answer is a 409 that
names the booking.
"""

import datetime as dt
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope, User
from core.api.bodies import Body, Schema, member_of, refused
from core.api.filters import ONE_ROW, refuse_unknown
from core.api.problems import Existing, ParameterError
from core.api.views import ReadViewSet
from core.api.writing import WritingViewSet
from core.errors import Conflict
from spaces.api.bodies import missing, seen_company
from spaces.api.booking_filters import MOMENT_FORM, BookingFilter, RoomFilter, moment
from spaces.api.booking_serializers import AvailabilitySerializer, BookingSerializer, RoomSerializer
from spaces.free import LONGEST
from spaces.models import Booking, Room
from spaces.models.bookings import ALPHABET, CODE_LENGTH
from spaces.models.rooms import CODE_PATTERN
from spaces.services import bookings
from spaces.services.bookings import Wish
from spaces.slots import Slot


class RoomViewSet(ReadViewSet):
    """Rooms and areas of the four fields, with their rules."""

    scope = Scope.ROOMS_READ
    serializer_class = RoomSerializer
    filterset_class = RoomFilter
    queryset = Room.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "room"
    lookup_value_regex = CODE_PATTERN.strip("^$")
    ordering_fields = {"room": "code", "capacity": "capacity"}
    default_ordering = "room"

    def get_queryset(self) -> Any:
        return Room.objects.visible_to(self.request.user).select_related("campus")

    @extend_schema(
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATETIME, required=True, description="From this moment on."),
            OpenApiParameter("until", OpenApiTypes.DATETIME, required=True, description="Until this, within a week."),
        ],
        responses=AvailabilitySerializer,
    )
    @action(detail=True)
    def availability(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """When the room can be had, in quarters of an hour: closed and taken time, and what it takes to set the room
        up and to clear it, are left out."""
        refuse_unknown(request, ("from", "until", *ONE_ROW))
        asked = Slot(_moment(request, "from"), _moment(request, "until"))
        if not asked.is_whole() or asked.length > LONGEST:
            raise ParameterError("until", "Name whole quarters of an hour: until after from, by a week at most.")
        context = {**self.get_serializer_context(), "asked": asked}
        return Response(AvailabilitySerializer(self.get_object(), context=context).data)


def _moment(request: Request, name: str) -> dt.datetime:
    try:
        return moment(request.query_params.get(name, ""))
    except (ValueError, OverflowError) as error:
        raise ParameterError(name, f"{name} is no moment: {MOMENT_FORM}") from error


NOTHING = Body([])


class BookingBody(forms.Form):
    """What a machine books: the same as a person, with both ends as moments."""

    room = forms.CharField(max_length=32, help_text="The room's code.")
    begins = forms.DateTimeField(help_text="When it begins, with the offset; on a quarter of an hour.")
    ends = forms.DateTimeField(help_text="When it ends, with the offset; on a quarter of an hour.")
    title = forms.CharField(max_length=120, help_text="What for.")
    company = forms.CharField(max_length=32, required=False, help_text="The company's code.")
    guest = forms.CharField(max_length=120, required=False, help_text="Who has no company in the zone.")


class BookingViewSet(WritingViewSet):
    """Bookings of rooms, also those that were cancelled or released. A POST books a room for a company, a guest, or the
    zone itself where neither is named."""

    scope = Scope.BOOKINGS_READ
    write_scope = Scope.BOOKINGS_WRITE
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    queryset = Booking.objects.none()
    http_method_names = ["get", "head", "options", "post"]
    lookup_field = "code"
    lookup_url_kwarg = "booking"
    lookup_value_regex = f"[{ALPHABET}]{{{CODE_LENGTH}}}"
    ordering_fields = {"entered": "pk", "room": "room__code", "begins": "period", "updated_at": "updated_at"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).select_related("room", "company", "series")

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Book a room."""
        refuse_unknown(request, ())
        body = _body()
        form = BookingBody(body.read(request.data))
        if not form.is_valid():
            raise refused(form, body)
        by = cast("User", request.user)
        wish = wish_of(form.cleaned_data, by)
        try:
            with transaction.atomic():
                made = bookings.book(wish=wish, by=by, now=timezone.now())
        except Conflict as error:
            raise self._refusal(error, wish) from error
        return self.answer(request, made, 201)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Give the room back. Too late for that, the booking stays charged; what has begun is not cancelled."""
        refuse_unknown(request, ())
        NOTHING.read(request.data)
        with transaction.atomic():
            found = self.get_object()
            bookings.hold(found.room)
            self.refuse_stale(request, found)
            bookings.cancel(booking=found, by=self.person, now=timezone.now())
            return self.answer(request, found, 200)

    def body_schema(self) -> Schema:
        """The body of a POST, for the document."""
        return (NOTHING if self.action == "cancel" else _body()).schema()

    def _refusal(self, error: Conflict, wish: Wish) -> Conflict:
        """With the address of the booking, where it is this very one."""
        same = Booking.objects.visible_to(self.request.user).holding().filter(
            room=wish.room, period=wish.slot.span, company=wish.company, guest=wish.guest, title=wish.title
        )  # fmt: skip
        found = same.first()
        return Existing(error, self.address(self.request, found)) if found else error


def _body() -> Body:
    fields = BookingBody.base_fields
    return Body([member_of(name, name, of, is_required=of.required) for name, of in fields.items()])


def wish_of(said: dict[str, Any], by: User) -> Wish:
    """What the service wants to know. What the key does not see and what is not there are told alike."""
    room = Room.objects.visible_to(by).filter(code=said["room"]).first()
    if room is None:
        raise missing("room", _("No room has this code."))
    company = seen_company(said["company"], by) if said["company"] else None
    return Wish(room, Slot(said["begins"], said["ends"]), said["title"], company, said["guest"])
