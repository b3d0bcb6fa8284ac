"""The arithmetic of a line as the API shows it: stretches of days that are alike, both days included.

Of each stretch of a lease the rent is `area_m2 * price_per_m2_day * days`, and the relief `waived_area_m2 *
price_per_m2_day * days * share`; of a loan the support is `counted * the lower rate / 100 * days / 360 * share`. Only
the sums over a line are rounded, half up to the fen.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.periods import DAY
from subsidies.rules import accrual
from subsidies.rules.segments import Reason


class _StepsField(serializers.Field[Any, Any, Any, Any]):
    """A number that is kept as a count of its smallest step, 10 to the power of minus `places`."""

    places: int

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: int) -> str:
        return str(Decimal(value).scaleb(-self.places))


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d+\.\d{2}$"})
class AreaField(_StepsField):
    places = 2


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d+\.\d{4}$"})
class PriceField(_StepsField):
    places = 4


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^[01]\.\d{4}$", "nullable": True})
class ShareField(_StepsField):
    places = 4


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d+\.\d{2}$"})
class FenField(_StepsField):
    places = 2


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d+\.\d{4}$", "nullable": True})
class PercentField(_StepsField):
    places = 4


@extend_schema_field({"type": "string", "format": "date"})
class _LastDayField(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: str) -> str:
        return (date.fromisoformat(value) - DAY).isoformat()


class SegmentSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A stored segment, as `rules.rent` writes it."""

    first_day = serializers.DateField(source="first", read_only=True)
    last_day = _LastDayField(source="until", read_only=True, help_text="The last day, itself included.")
    days = serializers.IntegerField(read_only=True)
    area_m2 = AreaField(source="area", help_text="The leased area.")
    waived_area_m2 = AreaField(source="waived_area", help_text="The part of it for which rent is waived.")
    price_per_m2_day = PriceField(source="price", help_text="Yuan for a square metre and a day.")
    share = ShareField(help_text="How much of the rent for the waived area is waived: 1.0000 is all. null: no policy.")
    reason = serializers.ChoiceField(
        choices=[reason.value for reason in Reason], read_only=True, help_text="Why as much is waived as is."
    )


class InterestSegmentSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A stored segment, as `rules.interest` writes it."""

    first_day = serializers.DateField(source="first", read_only=True)
    last_day = _LastDayField(source="until", read_only=True, help_text="The last day, itself included.")
    days = serializers.IntegerField(read_only=True)
    balance = FenField(help_text="What is owed on these days.")
    counted = FenField(help_text="The part of it that is supported.")
    rate_percent = PercentField(source="rate", help_text="The loan's rate a year.")
    reference_percent = PercentField(
        source="reference",
        help_text="The reference rate on the day of drawdown, which the loan's rate counts up to. null: not known, or"
        " no policy.",
    )
    share = ShareField(help_text="How much of the interest is supported: 0.5000 is half. null: no policy.")
    reason = serializers.ChoiceField(
        choices=[reason.value for reason in accrual.Reason],
        read_only=True,
        help_text="Why as much is supported as is.",
    )
