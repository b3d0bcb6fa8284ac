"""Projects, loans and financing rounds as the API shows them: public codes, amounts and points as strings, unknown as
null."""

from rest_framework import serializers

from core.api.fields import KnownTextField
from core.api.views import FieldsSerializer
from funding.models import Loan, Project, Repayment, Round


class ProjectSerializer(FieldsSerializer):
    project = serializers.CharField(source="code", read_only=True, help_text="The project's code.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    field = KnownTextField(help_text="ai, culture or other.")
    void_reason = KnownTextField()

    class Meta:
        model = Project
        fields = [
            "project", "company", "title", "field", "kind", "score", "scored_on", "amount_requested", "voided_at",
            "void_reason", "updated_at",
        ]  # fmt: skip


class RepaymentSerializer(serializers.ModelSerializer[Repayment]):
    """As a part of its loan."""

    class Meta:
        model = Repayment
        fields = ["paid_on", "principal"]


class OwnRepaymentSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    loan = serializers.CharField(source="loan.number", read_only=True, help_text="The loan's number.")
    company = serializers.CharField(source="loan.company.code", read_only=True, help_text="The company's code.")
    void_reason = KnownTextField()

    class Meta:
        model = Repayment
        fields = ["id", "loan", "company", "paid_on", "principal", "voided_at", "void_reason", "updated_at"]


class LoanSerializer(FieldsSerializer):
    loan = serializers.CharField(source="number", read_only=True, help_text="The loan's number.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    repayments = RepaymentSerializer(
        source="valid_repayments", many=True, read_only=True, help_text="What was paid back of the principal, by day."
    )
    void_reason = KnownTextField()

    class Meta:
        model = Loan
        fields = [
            "loan", "company", "bank", "principal", "annual_rate_percent", "drawn_on", "due_on", "repayments",
            "voided_at", "void_reason", "updated_at",
        ]  # fmt: skip


class RoundSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    currency = KnownTextField(help_text="Of the amount and the valuation, such as USD.")
    investors = KnownTextField(help_text="Names with a semicolon between them.")
    void_reason = KnownTextField()

    class Meta:
        model = Round
        fields = [
            "id", "company", "closed_on", "round", "amount", "currency", "investors", "post_money_valuation",
            "cny_rate", "voided_at", "void_reason", "updated_at",
        ]  # fmt: skip
