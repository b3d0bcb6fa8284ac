"""The deposits of leases as the API shows them: yuan as strings, with both decimals."""

from typing import Any

from rest_framework import serializers

from core.api.fields import KnownTextField
from core.api.views import FieldsSerializer
from spaces.choices import DepositKind
from spaces.models import DepositMovement, Lease


def _yuan(text: str, **options: Any) -> Any:
    return serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True, help_text=text, **options)


class MovementSerializer(serializers.ModelSerializer[DepositMovement]):
    """One line of the ledger."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    lease = serializers.CharField(source="lease.number", read_only=True, help_text="Whose deposit it moved.")
    kind = serializers.ChoiceField(DepositKind.choices, read_only=True)
    to_lease = serializers.CharField(
        source="to_lease.number", default=None, read_only=True, allow_null=True,
        help_text="The lease that it was handed over to.",
    )  # fmt: skip
    is_taken_back = serializers.SerializerMethodField(help_text="Whether it was entered in error.")
    reason = KnownTextField()

    class Meta:
        model = DepositMovement
        fields = ["id", "day", "kind", "lease", "to_lease", "amount", "is_taken_back", "reason", "at"]

    def get_is_taken_back(self, movement: DepositMovement) -> bool:
        return hasattr(movement, "reversal")


class DepositSerializer(FieldsSerializer):
    """What is agreed, what came and went, and what the zone holds."""

    agreed = _yuan("What is to be paid in all; null where nobody ever said.", allow_null=True)
    received = _yuan("What the company paid.")
    taken_over = _yuan("What came from leases before.")
    returned = _yuan("What was paid back.")
    withheld = _yuan("What the zone kept, for reasons.")
    handed_over = _yuan("What went to leases that follow.")
    held = _yuan("What the zone holds.")
    outstanding = _yuan("What is still to be paid of what was agreed.")
    movements = MovementSerializer(many=True, read_only=True)

    class Meta:
        model = DepositMovement
        fields = [
            "agreed", "received", "taken_over", "returned", "withheld", "handed_over", "held", "outstanding",
            "movements",
        ]  # fmt: skip


class LeaseDepositSerializer(FieldsSerializer):
    """What is agreed for a lease, and what the zone holds for it."""

    lease = serializers.CharField(source="number", read_only=True, help_text="The lease's number.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    agreed = _yuan("What is to be paid in all; null where nobody ever said.", allow_null=True)
    held = _yuan("What the zone holds.")

    class Meta:
        model = Lease
        fields = ["lease", "company", "agreed", "held"]
