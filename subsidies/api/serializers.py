"""Decisions and statements as the API shows them. Yuan are strings with two decimals, never floats."""

from rest_framework import serializers

from core.api.fields import KnownTextField, MonthField, NamesField
from core.api.views import FieldsSerializer
from subsidies.api.segments import InterestSegmentSerializer, SegmentSerializer
from subsidies.choices import PaymentState, RentState
from subsidies.models import (
    Decision,
    InterestAdjustment,
    InterestLine,
    InterestStatement,
    Recovery,
    RentAdjustment,
    RentAllotment,
    RentLine,
    RentPayment,
    RentStatement,
    StageProposal,
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


class StageProposalSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    stage = KnownTextField(help_text="The stage that the company was in; null for none yet.")
    policy_version = serializers.CharField(source="version.version", read_only=True)
    unmet = NamesField(help_text="Criteria that are not met, of the stage that the company falls short of.")
    missing = NamesField(help_text="Facts that the portal does not know.")
    reports = NamesField(help_text="Of a move down: the last days of the reports by which the company falls short.")
    reason = KnownTextField(help_text="Why it was confirmed or refused.")
    appealed_at = serializers.DateTimeField(source="appeal.created_at", default=None, read_only=True, allow_null=True)
    appeal_upheld = serializers.BooleanField(
        source="appeal.upheld", default=None, read_only=True, allow_null=True, help_text="null: not answered yet."
    )

    class Meta:
        model = StageProposal
        fields = [
            "id", "company", "stage", "proposed", "proposed_for", "policy_version", "unmet", "missing", "reports",
            "state", "reason", "proposed_at", "decided_at", "superseded_at", "appealed_at", "appeal_upheld",
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
    number = serializers.CharField(
        read_only=True, help_text="What whoever pays names to the bank: a creditor reference of ISO 11649."
    )
    due_on = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last day to pay it; null while it is open."
    )
    paid = serializers.DecimalField(18, 2, read_only=True, help_text="What payments and credits pay of it.")
    owed = serializers.DecimalField(18, 2, read_only=True, help_text="What is left to pay; 0 while it is open.")
    settled = serializers.SerializerMethodField(help_text="Whether it was issued, and nothing of it is left to pay.")

    class Meta:
        model = RentStatement
        fields = [
            "id", "number", "company", "month", "state", "rent", "waived", "adjustment", "payable", "due_on", "paid",
            "owed", "settled", "lines", "adjustments", "computed_at", "issued_at",
        ]  # fmt: skip

    def get_settled(self, statement: RentStatement) -> bool:
        return statement.standing == RentState.SETTLED


class RentAllotmentSerializer(serializers.ModelSerializer[RentAllotment]):
    statement = serializers.UUIDField(source="statement.public_id", read_only=True)

    class Meta:
        model = RentAllotment
        fields = ["statement", "amount", "at"]


class RentPaymentSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(
        source="company.code", default=None, allow_null=True, read_only=True,
        help_text="The code of the company whose rent it pays; null until it is matched.",
    )  # fmt: skip
    state = serializers.ChoiceField(choices=PaymentState.choices, read_only=True)
    left = serializers.DecimalField(18, 2, read_only=True, help_text="What of it pays nothing yet.")
    allotments = RentAllotmentSerializer(many=True, read_only=True, help_text="Which statements it pays.")

    class Meta:
        model = RentPayment
        fields = [
            "id", "transaction", "paid_on", "amount", "payer", "reference", "company", "state", "left", "allotments",
            "recorded_at", "reversed_at", "reversal_reason",
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
