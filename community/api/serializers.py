"""Talents and support as the API shows them: public codes, both days of a period included, unknown as null."""

from rest_framework import serializers

from community.models import Delivery, SupportItem, SupportPackage, Talent
from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.views import FieldsSerializer


class TalentSerializer(FieldsSerializer):
    talent = serializers.CharField(source="code", read_only=True, help_text="The talent's code.")
    grade = KnownTextField(help_text="The class, A to E: `class` in files.")
    company = serializers.CharField(
        source="company.code", default=None, read_only=True, allow_null=True, help_text="The company's code."
    )
    employed_from = FirstDayField(source="employment")
    employed_until = LastDayField(source="employment", help_text="The last day, included; null while it is open.")
    void_reason = KnownTextField()

    class Meta:
        model = Talent
        fields = [
            "talent", "name", "grade", "company", "employed_from", "employed_until", "voided_at", "void_reason",
            "updated_at",
        ]  # fmt: skip


class SupportItemSerializer(serializers.ModelSerializer[SupportItem]):
    amount = serializers.DecimalField(
        8, 2, read_only=True, allow_null=True, help_text="Null: without a limit, and for a point of the policy."
    )
    unit = KnownTextField(help_text="hours, days, times or credits; null for a point of the policy.")
    point = KnownTextField(help_text="The code of a point of the policy that matters in the stage.")

    class Meta:
        model = SupportItem
        fields = ["code", "kind", "amount", "unit", "per", "point", "name", "name_zh", "name_de"]
        read_only_fields = fields


class SupportPackageSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    campus = serializers.CharField(
        source="campus.code", default=None, read_only=True, allow_null=True, help_text="Null: all campuses."
    )
    since = FirstDayField(source="valid")
    until = LastDayField(source="valid", help_text="The last day, included; null until another version follows.")
    items = SupportItemSerializer(many=True, read_only=True)
    void_reason = KnownTextField(help_text="Why it was withdrawn before it began.")

    class Meta:
        model = SupportPackage
        fields = [
            "id", "audience", "stage", "campus", "since", "until", "items", "voided_at", "void_reason", "updated_at",
        ]  # fmt: skip


class DeliverySerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    support = serializers.CharField(source="item.code", read_only=True, help_text="The code of the item.")
    kind = serializers.CharField(source="item.kind", read_only=True, help_text="mentoring, service or introduction.")
    unit = serializers.CharField(source="item.unit", read_only=True, help_text="hours, days or times.")
    void_reason = KnownTextField()

    class Meta:
        model = Delivery
        fields = [
            "id", "company", "support", "kind", "given_on", "amount", "unit", "given_by", "voided_at", "void_reason",
            "updated_at",
        ]  # fmt: skip
