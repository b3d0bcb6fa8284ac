"""Leases and desk memberships as the API shows them: public codes, decimals as strings, both days included."""

from rest_framework import serializers

from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.views import FieldsSerializer
from spaces.models import DeskMembership, Lease


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
