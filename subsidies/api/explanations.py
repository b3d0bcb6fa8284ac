"""The reasons for a decision as the API shows them; `reasons` makes the values, this names and describes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import MonthField
from core.api.views import FieldsSerializer
from subsidies.choices import GRANTED_POINTS, HOLDING
from subsidies.models import Decision
from subsidies.rules.facts import Supplier
from subsidies.rules.parameters import Provenance

SUPPLIERS = [str(supplier) for supplier in Supplier]
PROVENANCES = [str(provenance) for provenance in Provenance]
GRANTED = [str(point) for point in GRANTED_POINTS]
HOLDING_STATES = [str(state) for state in HOLDING]
STEPS = ["of", "fixed", "times", "share", "sum", "least", "rest", "choose"]
VALUE = {
    "nullable": True,
    "oneOf": [
        {"type": "string"},
        {"type": "boolean"},
        {"type": "integer"},
        {"type": "array", "items": {"type": "string"}},
    ],
}

Plain = serializers.Serializer[dict[str, Any]]


@extend_schema_field(VALUE)
class ValueField(serializers.ReadOnlyField):
    """What a fact or a threshold is: a day or a number of its unit as text, a count, yes or no. null: not known."""


class YuanField(serializers.DecimalField):
    """Yuan as text with two decimals; null where nothing is known or nothing bounds it."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"max_digits": 18, "decimal_places": 2, "allow_null": True, "read_only": True, **kwargs})


class NumberSerializer(Plain):
    """A parameter of the policy, as the version that decided has it."""

    name = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True, help_text="In its unit; of a series the last value.")
    unit = serializers.CharField(read_only=True)
    provenance = serializers.ChoiceField(choices=PROVENANCES, read_only=True)
    source = serializers.CharField(read_only=True)  # type: ignore[assignment]


class FactSerializer(Plain):
    name = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    supplier = serializers.ChoiceField(choices=SUPPLIERS, read_only=True, help_text="Who can tell or change it.")


class EnteredSerializer(Plain):
    register = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    by = serializers.ChoiceField(choices=["company", "zone", "file"], read_only=True)


class SourcedFactSerializer(FactSerializer):
    entered = EnteredSerializer(
        read_only=True, allow_null=True, help_text="The last change of what it rests on; null: none is on record."
    )


class CriterionSerializer(Plain):
    key = serializers.CharField(read_only=True)
    path = serializers.CharField(
        read_only=True,
        help_text="Its place: `all.3.any.0` is the first of several of which one is enough, and they the fourth of"
        " those that all must hold.",
    )
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    result = serializers.BooleanField(read_only=True, allow_null=True, help_text="null: not known.")
    value = ValueField(help_text="What was seen.")
    op = serializers.ChoiceField(choices=["==", "!=", ">=", "<=", ">", "<", "in"], read_only=True)
    threshold = ValueField(help_text="What it was compared with.")
    unit = serializers.CharField(read_only=True, allow_null=True)
    clause = serializers.CharField(read_only=True, help_text="The point of the policy whose text demands it.")
    parameters = NumberSerializer(many=True, read_only=True)
    facts = SourcedFactSerializer(many=True, read_only=True)


class StepSerializer(Plain):
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=STEPS, read_only=True)
    inputs = serializers.ListField(child=YuanField(), read_only=True, help_text="What went in, in yuan.")
    parameters = NumberSerializer(many=True, read_only=True)
    value = YuanField(help_text="What came out.")


class ChangeSerializer(Plain):
    criterion = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    by = serializers.ChoiceField(
        choices=["founder", "zone", "panel", "time", "supply"],
        read_only=True,
        help_text="In whose hands it is; `supply`: the fact is not known, and may be as it should be already.",
    )
    day = serializers.DateField(read_only=True, allow_null=True, help_text="From when on time alone brings it about.")
    facts = FactSerializer(many=True, read_only=True)


class GainSerializer(Plain):
    low = YuanField()
    high = YuanField(help_text="null: nothing bounds it.")
    on = serializers.DateField(read_only=True, help_text="The day that it is reckoned for.")


class NearestSerializer(Plain):
    changes = ChangeSerializer(many=True, read_only=True, help_text="All of them together; empty for a yes.")
    brings = GainSerializer(read_only=True, allow_null=True)


class AfterSerializer(Plain):
    """What replaces a monthly relief."""

    month = MonthField(help_text="The first whole month without the relief; the amounts are of it.")
    borne = YuanField(
        help_text="The rent or the interest of that month that the company pays itself; null: no lease is agreed, or no"
        " loan runs."
    )
    before = YuanField(help_text="What it would pay of that with the relief; null where there is nothing to pay.")
    eligible = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The other points that are a yes on that day, by what is on record and agreed.",
    )
    unknown = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Those for which something is missing."
    )


class ClaimSerializer(Plain):
    kind = serializers.ChoiceField(
        choices=["expense", "contract", "talent", "project"],
        read_only=True,
        help_text="What is held; `contract`: the contract or invoice that the cost names.",
    )
    item = serializers.CharField(read_only=True, help_text="The number or code of the cost, talent or project.")
    contract = serializers.CharField(read_only=True, allow_null=True)
    grant = serializers.CharField(
        read_only=True, allow_null=True, help_text="The number of the grant; null: it is held elsewhere."
    )
    point = serializers.ChoiceField(
        choices=GRANTED, read_only=True, allow_null=True, help_text="The point of the grant."
    )
    state = serializers.ChoiceField(
        choices=HOLDING_STATES, read_only=True, allow_null=True, help_text="The state of the grant."
    )


class EndSerializer(Plain):
    day = serializers.DateField(read_only=True, help_text="The first day on which it is no longer a yes.")
    outcome = serializers.ChoiceField(choices=["not_eligible", "unknown"], read_only=True)
    criteria = serializers.ListField(child=serializers.CharField(), read_only=True)
    after = AfterSerializer(
        read_only=True, allow_null=True, help_text="Of a point that is paid by the month; null for the others."
    )


class ExplanationSerializer(FieldsSerializer):
    """Read from `reasons.Reasons`."""

    id = serializers.UUIDField(source="decision.public_id", read_only=True)
    company = serializers.CharField(source="decision.company.code", read_only=True, help_text="The company's code.")
    point = serializers.CharField(source="decision.point", read_only=True)
    decided_for = serializers.DateField(source="decision.decided_for", read_only=True)
    policy_version = serializers.CharField(source="decision.version.version", read_only=True)
    outcome = serializers.CharField(source="decision.outcome", read_only=True)
    amount = YuanField(source="decision.amount")
    amount_low = YuanField(help_text="At least, whatever the facts that are missing turn out to be; null for a no.")
    amount_high = YuanField(help_text="At most; null for a no, and where nothing bounds it.")
    criteria = CriterionSerializer(many=True, read_only=True)
    steps = StepSerializer(many=True, read_only=True, help_text="The arithmetic of the amount, the innermost first.")
    missing = FactSerializer(many=True, read_only=True)
    held = ClaimSerializer(
        many=True, read_only=True, help_text="What the point could count and is in a grant already, of this or another."
    )
    nearest = NearestSerializer(
        read_only=True, allow_null=True, help_text="The smallest change to a yes; null where there is none."
    )
    ends = EndSerializer(
        read_only=True, allow_null=True, help_text="What ends a yes though nothing happens but time; null: nothing."
    )

    class Meta:
        model = Decision
        fields = [
            "id", "company", "point", "decided_for", "policy_version", "outcome", "amount", "amount_low",
            "amount_high", "criteria", "steps", "missing", "held", "nearest", "ends",
        ]  # fmt: skip
