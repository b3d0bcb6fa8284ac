"""Leases, what becomes of them, offers and desk memberships as the API shows them: public codes, decimals as strings,
both days included."""

from typing import Any

from rest_framework import serializers

from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.views import FieldsSerializer
from spaces.choices import LeaseAct, NoticeBy
from spaces.models import DayPass, DeskMembership, Lease, LeaseOffer


class LeaseSerializer(FieldsSerializer):
    lease = serializers.CharField(source="number", read_only=True, help_text="The lease's number.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    unit = serializers.CharField(source="unit.code", read_only=True)
    building = serializers.CharField(source="unit.building.code", read_only=True)
    campus = serializers.CharField(source="unit.building.campus.code", read_only=True)
    first_day = FirstDayField(source="term")
    last_day = LastDayField(source="term", help_text="The last day, included; null while it is open.")
    void_reason = KnownTextField()

    class Meta:
        model = Lease
        fields = [
            "lease", "company", "unit", "building", "campus", "area_m2", "price_per_m2_day", "first_day", "last_day",
            "voided_at", "void_reason", "updated_at",
        ]  # fmt: skip


class LeaseActSerializer(serializers.Serializer[Any]):
    """What an act did: the leases that it ended, and those that it began."""

    ended = LeaseSerializer(many=True, read_only=True)
    begun = LeaseSerializer(many=True, read_only=True)


class SuccessionSerializer(serializers.Serializer[Any]):
    """That one lease goes on under another from a day on."""

    act = serializers.ChoiceField(LeaseAct.choices, read_only=True)
    day = serializers.DateField(read_only=True, help_text="The first day of the lease that follows.")
    before = serializers.CharField(source="before.number", read_only=True, help_text="The lease that is followed.")
    after = serializers.CharField(source="after.number", read_only=True, help_text="The lease that follows.")
    reason = KnownTextField()
    at = serializers.DateTimeField(read_only=True)


class EndingSerializer(serializers.Serializer[Any]):
    """That a lease ended before the day that was agreed."""

    lease = serializers.CharField(source="lease.number", read_only=True, help_text="The lease's number.")
    last_day = serializers.DateField(read_only=True)
    agreed_last_day = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last day that had been agreed; null for an open end."
    )
    notice_by = serializers.ChoiceField(NoticeBy.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)


class LineageSerializer(FieldsSerializer):
    """A lease with all that led to it and all that came of it."""

    leases = LeaseSerializer(many=True, read_only=True)
    successions = SuccessionSerializer(many=True, read_only=True)
    endings = EndingSerializer(many=True, read_only=True)

    class Meta:
        model = Lease
        fields = ["leases", "successions", "endings"]


class LeaseOfferSerializer(FieldsSerializer):
    offer = serializers.CharField(source="number", read_only=True, help_text="The offer's number.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    unit = serializers.CharField(source="unit.code", read_only=True)
    building = serializers.CharField(source="unit.building.code", read_only=True)
    campus = serializers.CharField(source="unit.building.campus.code", read_only=True)
    first_day = FirstDayField(source="term")
    last_day = LastDayField(source="term", help_text="The last day, included; null while it is open.")
    reason = KnownTextField(help_text="Why it was declined or withdrawn.")
    lease = serializers.CharField(
        source="lease.number",
        default=None,
        read_only=True,
        allow_null=True,
        help_text="The lease that it became.",
    )

    class Meta:
        model = LeaseOffer
        fields = [
            "offer", "company", "unit", "building", "campus", "area_m2", "price_per_m2_day", "first_day", "last_day",
            "deposit", "valid_until", "state", "reason", "lease", "updated_at",
        ]  # fmt: skip


class DeskMembershipSerializer(FieldsSerializer):
    membership = serializers.CharField(source="number", read_only=True, help_text="The membership's number.")
    company = serializers.CharField(
        source="company.code", default=None, read_only=True, allow_null=True,
        help_text="The company's code; null for a resident, whom the API does not name.",
    )  # fmt: skip
    unit = serializers.CharField(source="unit.code", read_only=True)
    building = serializers.CharField(source="unit.building.code", read_only=True)
    campus = serializers.CharField(source="unit.building.campus.code", read_only=True)
    desk = KnownTextField(help_text="The name of a fixed desk; null for any that is free.")
    first_day = FirstDayField(source="term")
    last_day = LastDayField(source="term", help_text="The last day, included; null while it is open.")
    void_reason = KnownTextField()

    class Meta:
        model = DeskMembership
        fields = [
            "membership", "company", "unit", "building", "campus", "desk", "desks", "price_per_desk_month", "first_day",
            "last_day", "voided_at", "void_reason", "updated_at",
        ]  # fmt: skip


class DayPassSerializer(FieldsSerializer):
    day_pass = serializers.CharField(source="code", read_only=True, help_text="The pass's code.")
    company = serializers.CharField(
        source="company.code", default=None, read_only=True, allow_null=True,
        help_text="The company's code; null for a resident, whom the API does not name.",
    )  # fmt: skip
    unit = serializers.CharField(source="unit.code", read_only=True)
    building = serializers.CharField(source="unit.building.code", read_only=True)
    campus = serializers.CharField(source="unit.building.campus.code", read_only=True)
    void_reason = KnownTextField()

    class Meta:
        model = DayPass
        fields = [
            "day_pass", "company", "unit", "building", "campus", "day", "desks", "price_per_desk", "voided_at",
            "void_reason", "updated_at",
        ]  # fmt: skip
