"""Companies and reports as the API shows them: the columns of the interchange files, unknown as null."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.models import Company, Report
from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.views import FieldsSerializer


class CompanySerializer(FieldsSerializer):
    name_zh = KnownTextField(help_text="The Chinese name.")
    industry = KnownTextField()
    registered_on = FirstDayField(source="registration", help_text="First day of the registration in the zone.")
    deregistered_on = LastDayField(source="registration", help_text="Last day of the registration, included.")
    operating_from = FirstDayField(source="operation")
    operating_until = LastDayField(source="operation", help_text="Last day of operation, included.")
    stage = KnownTextField(help_text="nestling, chick, growing or unicorn.")
    country = KnownTextField(help_text="ISO 3166-1 alpha-2.")
    website = KnownTextField()
    merged_into = serializers.CharField(
        source="merged_into.code", default=None, read_only=True, allow_null=True,
        help_text="The code of the company that goes on, where this one was merged into another.",
    )  # fmt: skip

    class Meta:
        model = Company
        fields = [
            "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registered_on", "deregistered_on",
            "operating_from", "operating_until", "stage", "listed", "bad_credit", "country", "website", "merged_into",
            "updated_at",
        ]  # fmt: skip


ANSWERS = {
    "type": "object",
    "description": "Answers to the zone's own questions, by their codes: a whole number, a decimal in quotes, true or "
    "false, or a text; null for not known.",
    "additionalProperties": {
        "nullable": True,
        "oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "boolean"}],
    },
}


@extend_schema_field(ANSWERS)
class AnswersField(serializers.Field[Any, Any, Any, Any]):
    """What a report answers, also to questions that are no longer asked."""

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {answer.question.code: self._public(answer.value) for answer in value.all()}

    def _public(self, value: Any) -> Any:
        return str(value) if isinstance(value, Decimal) else value


class ReportSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    verified = serializers.BooleanField(source="is_verified", read_only=True, help_text="Decisions rest on it.")
    jump_reason = KnownTextField(help_text="Why figures differ much from the report before.")
    answers = AnswersField(read_only=True)
    void_reason = KnownTextField()

    class Meta:
        model = Report
        fields = [
            "id", "company", "period_end", "months", "revenue", "profit", "rd_spend", "employees", "export_revenue",
            "product_in_use", "answers", "jump_reason", "verified", "verified_at", "voided_at",
            "void_reason", "updated_at",
        ]  # fmt: skip
