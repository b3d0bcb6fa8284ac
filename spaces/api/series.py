"""Series of bookings: read by machines, made, looked at before, and cancelled by those with a key of the writing scope.

A series is booked as a whole or refused, as on the page; `only_free` leaves out the times that cannot be had.
"""

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.bodies import Body, Schema, list_of, member_of, refused
from core.api.filters import refuse_unknown
from core.api.views import FieldsSerializer
from core.api.writing import WritingViewSet
from spaces.api.bookings import BookingBody, wish_of
from spaces.choices import Frequency
from spaces.models import Booking, Series
from spaces.models.bookings import ALPHABET, CODE_LENGTH
from spaces.series import MOST, Pattern
from spaces.services import bookings
from spaces.services import series as services
from spaces.services.bookings import Wish


class BookedSerializer(serializers.ModelSerializer[Booking]):
    """A booking of a series."""

    booking = serializers.CharField(source="code", read_only=True, help_text="The booking's code.")
    begins = serializers.DateTimeField(source="period.lower", read_only=True)
    ends = serializers.DateTimeField(source="period.upper", read_only=True)

    class Meta:
        model = Booking
        fields = ["booking", "begins", "ends", "state"]


class SeriesSerializer(FieldsSerializer):
    series = serializers.CharField(source="code", read_only=True, help_text="The series' code.")
    every = serializers.IntegerField(source="interval", read_only=True, help_text="2: every second day or week.")
    left_out = serializers.ListField(
        child=serializers.DateField(), read_only=True, help_text="Days that were left out as their time was taken."
    )
    bookings = BookedSerializer(many=True, read_only=True)

    class Meta:
        model = Series
        fields = ["series", "frequency", "every", "until", "times", "exceptions", "left_out", "bookings", "created_at"]
        extra_kwargs = {"exceptions": {"read_only": True}}


class PlannedSerializer(serializers.Serializer[Any]):
    """A time of a series, and what stands against it."""

    begins = serializers.DateTimeField(source="slot.begins", read_only=True)
    ends = serializers.DateTimeField(source="slot.ends", read_only=True)
    refusal = serializers.SerializerMethodField(help_text="Why it cannot be booked; null where it can.")

    def get_refusal(self, planned: services.Planned) -> str | None:
        return str(planned.refusal) if planned.refusal else None


class SeriesPlanSerializer(serializers.Serializer[Any]):
    """The times of a series that is not booked yet."""

    free = serializers.IntegerField(read_only=True, help_text="How many of the times can be booked.")
    times = PlannedSerializer(many=True, read_only=True)


class SeriesBody(BookingBody):
    """The first booking, and how it comes back."""

    frequency = forms.ChoiceField(choices=Frequency.choices, help_text="How often it comes back.")
    every = forms.IntegerField(required=False, min_value=1, max_value=12, help_text="2: every second day or week.")
    until = forms.DateField(required=False, help_text="The last day on which one may begin, included.")
    times = forms.IntegerField(required=False, min_value=1, max_value=MOST, help_text="How many times at most.")
    only_free = forms.NullBooleanField(
        required=False, help_text="true: book the times that can be had, and leave out the others."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "until" not in self.errors and not cleaned.get("until") and not cleaned.get("times"):
            self.add_error("until", _("Say until when, or how many times."))
        return cleaned


class SeriesViewSet(WritingViewSet):
    """Series of bookings. A POST books all times of one in one act, or none."""

    scope = Scope.BOOKINGS_READ
    write_scope = Scope.BOOKINGS_WRITE
    serializer_class = SeriesSerializer
    queryset = Series.objects.none()
    http_method_names = ["get", "head", "options", "post"]
    lookup_field = "code"
    lookup_url_kwarg = "series"
    lookup_value_regex = f"[{ALPHABET}]{{{CODE_LENGTH}}}"
    ordering_fields = {"entered": "pk"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        seen = Booking.objects.visible_to(self.request.user).filter(series=OuterRef("pk"))
        return Series.objects.filter(Exists(seen)).prefetch_related("bookings")

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Book a room at all times of a series."""
        wish, pattern, only_free = self._asked(request)
        with transaction.atomic():
            made, _booked = services.book_series(
                wish=wish, pattern=pattern, by=self.person, now=timezone.now(), only_free=only_free
            )
            return self.answer(request, made, 201)

    @extend_schema(responses=SeriesPlanSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The times of a series, and what stands against each. Nothing is booked."""
        self.refuse_unread(request)
        wish, pattern, _only_free = self._asked(request)
        bookings.refuse_stranger(wish, self.person)
        planned = services.plan(wish, pattern, by=self.person, now=timezone.now())
        free = sum(one.refusal is None for one in planned)
        return Response(SeriesPlanSerializer({"free": free, "times": planned}).data)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Cancel the bookings of a series that have not begun."""
        refuse_unknown(request, ())
        self._body().read(request.data)
        with transaction.atomic():
            found = self.get_object()
            self.refuse_stale(request, found)
            services.cancel_series(series=found, by=self.person, now=timezone.now())
            return self.answer(request, found, 200)

    def body_schema(self) -> Schema:
        """The body of the view's act, for the document."""
        return self._body().schema()

    def _body(self) -> Body:
        if self.action == "cancel":
            return Body([])
        fields = SeriesBody.base_fields
        days = {"type": "string", "format": "date"}
        exceptions = list_of("exceptions", days, least=0, most=MOST, text="Days on which it does not take place.")
        return Body([*(member_of(name, name, of, is_required=of.required) for name, of in fields.items()), exceptions])

    def _asked(self, request: Request) -> tuple[Wish, Pattern, bool]:
        refuse_unknown(request, ())
        body = self._body()
        sent = body.read(request.data)
        form = SeriesBody({name: value for name, value in sent.items() if name != "exceptions"})
        if not form.is_valid():
            raise refused(form, body)
        said = form.cleaned_data
        exceptions = frozenset(dt.date.fromisoformat(day) for day in sent.get("exceptions", ()))
        pattern = Pattern(
            Frequency(said["frequency"]), said["every"] or 1, said["until"], said["times"], exceptions
        )  # fmt: skip
        return wish_of(said, self.person), pattern, bool(said["only_free"])
