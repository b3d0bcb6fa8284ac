"""Rooms, their free times and bookings as the API shows them: public codes, moments in UTC, decimals as strings."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import KnownTextField
from core.api.views import FieldsSerializer
from spaces.free import free_times
from spaces.models import Booking, Room
from spaces.slots import clock

HOURS = {
    "type": "array",
    "minItems": 7,
    "maxItems": 7,
    "description": "From Monday to Sunday, from when until when it is open; null where it is closed.",
    "items": {
        "type": "object",
        "nullable": True,
        "required": ["from", "until"],
        "properties": {
            "from": {"type": "string", "example": "08:00"},
            "until": {"type": "string", "example": "24:00"},
        },
    },
}


@extend_schema_field(HOURS)
class OpeningField(serializers.Field[Any, Any, Any, Any]):
    """The opening hours of a week."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: Any) -> list[dict[str, str] | None]:
        return [None if opens == closes else {"from": clock(opens), "until": clock(closes)} for opens, closes in value]


class RoomSerializer(FieldsSerializer):
    room = serializers.CharField(source="code", read_only=True, help_text="The room's code.")
    campus = serializers.CharField(source="campus.code", read_only=True, help_text="The campus's code.")
    name_zh = KnownTextField()
    opening = OpeningField()

    class Meta:
        model = Room
        fields = [
            "room", "name", "name_zh", "campus", "field", "capacity", "equipment", "opening", "minutes_before",
            "minutes_after", "for_staff", "for_members", "stages", "for_guests", "credits_per_hour", "guest_price",
            "longest_minutes", "days_ahead", "cancel_hours", "release_minutes", "is_active",
        ]  # fmt: skip


class FreeSerializer(serializers.Serializer[Any]):
    """A free time."""

    begins = serializers.DateTimeField(read_only=True)
    ends = serializers.DateTimeField(read_only=True)


class AvailabilitySerializer(FieldsSerializer):
    """When a room can be had in the time `asked` of the context."""

    room = serializers.CharField(source="code", read_only=True, help_text="The room's code.")
    free = serializers.SerializerMethodField()

    class Meta:
        model = Room
        fields = ["room", "free"]

    @extend_schema_field(FreeSerializer(many=True))
    def get_free(self, room: Room) -> Any:
        return FreeSerializer(free_times(room, self.context["asked"]), many=True).data


class BookingSerializer(FieldsSerializer):
    booking = serializers.CharField(source="code", read_only=True, help_text="The booking's code.")
    room = serializers.CharField(source="room.code", read_only=True, help_text="The room's code.")
    company = serializers.CharField(
        source="company.code", read_only=True, allow_null=True, default=None, help_text="The company's code."
    )
    guest = KnownTextField()
    series = serializers.CharField(source="series.code", read_only=True, allow_null=True, default=None)
    begins = serializers.DateTimeField(source="period.lower", read_only=True)
    ends = serializers.DateTimeField(source="period.upper", read_only=True)

    class Meta:
        model = Booking
        fields = [
            "booking", "room", "company", "guest", "title", "begins", "ends", "state", "series", "credits", "price",
            "is_charged", "checked_in_at", "updated_at",
        ]  # fmt: skip
