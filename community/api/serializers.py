"""A talent as the API shows him: public codes, both days of the employment included, unknown as null."""

from rest_framework import serializers

from community.models import Talent
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
