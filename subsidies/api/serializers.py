"""Decisions and statements as the API shows them. Yuan are strings with two decimals, never floats."""

from rest_framework import serializers

from core.api.fields import MonthField, NamesField
from core.api.views import FieldsSerializer
from subsidies.api.segments import InterestSegmentSerializer, SegmentSerializer
from subsidies.models import (
    Decision,
    InterestAdjustment,
    InterestLine,
    InterestStatement,
    Recovery,
    RentAdjustment,
    RentLine,
    RentStatement,
)


class DecisionSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    policy_version = serializers.CharField(
        source="version.version", default=None, read_only=True, help_text="null: no policy was in force."
    )
    unmet = NamesField(help_text="Criteria that are not met.")
    missing = NamesField(help_text="Facts that the portal does not know.")

    class Meta:
        model = Decision
        fields = [
            "id", "company", "point", "decided_for", "outcome", "amount", "policy_version", "unmet", "missing",
            "decided_at", "superseded_at",
        ]  # fmt: skip


class RentLineSerializer(serializers.ModelSerializer[RentLine]):
    lease = serializers.CharField(source="lease.number", read_only=True)
    missing = NamesField(help_text="Facts for want of which nothing is waived on some day.")
    segments = SegmentSerializer(
        many=True,
        read_only=True,
        help_text="The arithmetic. Of each stretch of days the rent is area × price × days, the relief waived area ×"
        " price × days × share; their sums are rounded to the fen, half up.",
    )

    class Meta:
        model = RentLine
        fields = ["lease", "days", "waived_days", "rent", "waived", "payable", "missing", "segments"]


class RentAdjustmentSerializer(serializers.ModelSerializer[RentAdjustment]):
    lease = serializers.CharField(source="lease.number", read_only=True)
    month = MonthField(help_text="The month that it corrects.")
    reasons = NamesField(source="reason", help_text="What was corrected.")
    segments = SegmentSerializer(
        many=True, read_only=True, help_text="The arithmetic of the month as it is now; empty for a lease that is gone."
    )

    class Meta:
        model = RentAdjustment
        fields = ["lease", "month", "rent", "waived", "payable", "reasons", "segments"]


class RentStatementSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    month = MonthField()
    lines = RentLineSerializer(many=True, read_only=True)
    adjustments = RentAdjustmentSerializer(many=True, read_only=True)

    class Meta:
        model = RentStatement
        fields = [
            "id", "company", "month", "state", "rent", "waived", "adjustment", "payable", "lines", "adjustments",
            "computed_at", "issued_at",
        ]  # fmt: skip


class InterestLineSerializer(serializers.ModelSerializer[InterestLine]):
    loan = serializers.CharField(source="loan.number", read_only=True)
    missing = NamesField(help_text="Facts for want of which nothing is supported on some day.")
    segments = InterestSegmentSerializer(
        many=True,
        read_only=True,
        help_text="The arithmetic. Of each stretch of days the support is counted × the lower of the two rates × days"
        " / 360 × share; their sum is rounded to the fen, half up.",
    )

    class Meta:
        model = InterestLine
        fields = ["loan", "days", "supported_days", "supported", "missing", "segments"]


class InterestAdjustmentSerializer(serializers.ModelSerializer[InterestAdjustment]):
    loan = serializers.CharField(source="loan.number", read_only=True)
    month = MonthField(help_text="The month that it corrects.")
    reasons = NamesField(source="reason", help_text="What was corrected.")
    segments = InterestSegmentSerializer(
        many=True, read_only=True, help_text="The arithmetic of the month as it is now; empty for a loan that is gone."
    )

    class Meta:
        model = InterestAdjustment
        fields = ["loan", "month", "supported", "reasons", "segments"]


class RecoverySerializer(serializers.ModelSerializer[Recovery]):
    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Recovery
        fields = ["id", "state", "amount", "opened_at", "confirmed_at", "settled_on"]


class InterestStatementSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    month = MonthField()
    lines = InterestLineSerializer(many=True, read_only=True)
    adjustments = InterestAdjustmentSerializer(many=True, read_only=True)
    recovery = RecoverySerializer(
        default=None, read_only=True, allow_null=True,
        help_text="Of an issued statement that is below 0, what is asked back by it; its adjustments say why.",
    )  # fmt: skip

    class Meta:
        model = InterestStatement
        fields = [
            "id", "company", "month", "state", "supported", "adjustment", "payable", "recovery", "lines", "adjustments",
            "computed_at", "issued_at",
        ]  # fmt: skip
