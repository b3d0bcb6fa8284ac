"""How values leave the API: unknown is null, decimals are strings, months `YYYY-MM`, both days of a period named."""

import datetime as dt
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.periods import first_day, last_day


@extend_schema_field({"type": "string", "format": "date", "nullable": True})
class FirstDayField(serializers.Field[Any, Any, Any, Any]):
    """The first day of a period; null when unknown."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: DateRange) -> str | None:
        day = first_day(value)
        return day.isoformat() if day else None


@extend_schema_field({"type": "string", "format": "date", "nullable": True})
class LastDayField(FirstDayField):
    """The last day of a period, itself included; null when it is open or unknown."""

    def to_representation(self, value: DateRange) -> str | None:
        day = last_day(value)
        return day.isoformat() if day else None


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2026-03"})
class MonthField(serializers.Field[Any, Any, Any, Any]):
    """A month that is kept as its first day."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: dt.date) -> str:
        return f"{value:%Y-%m}"


@extend_schema_field({"type": "string", "nullable": True})
class KnownTextField(serializers.Field[Any, Any, Any, Any]):
    """Text that is kept as "" when nobody knows it; sent as null then."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: str) -> str | None:
        return value or None


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class NamesField(serializers.Field[Any, Any, Any, Any]):
    """Names that are kept in one text with `;` between them."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: str) -> list[str]:
        return [name for name in value.split(";") if name]
