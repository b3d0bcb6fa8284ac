"""Query parameters of one exact form each: what does not have it is refused, never guessed or ignored."""

import datetime as dt
import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field

from core.periods import parse_month


class _DayField(forms.Field):
    def to_python(self, value: Any) -> dt.date | None:
        if not value:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError(value)
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError(f"{value!r} is not a day: write it as YYYY-MM-DD, such as 2026-03-01.") from error


class _MonthField(forms.Field):
    def to_python(self, value: Any) -> dt.date | None:
        if not value:
            return None
        try:
            return parse_month(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class _YesNoField(forms.Field):
    def to_python(self, value: Any) -> bool | None:
        if not value:
            return None
        if value not in {"true", "false"}:
            raise ValidationError(f"{value!r} is neither true nor false.")
        return bool(value == "true")


class DayFilter(django_filters.DateFilter):
    """`YYYY-MM-DD`."""

    field_class = _DayField


class MonthFilter(django_filters.DateFilter):
    """`YYYY-MM`, as the month's first day."""

    field_class = _MonthField

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any):
        super().__init__(*args, **{**kwargs, "help_text": help_text})
        schema = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2026-03"}
        extend_schema_field(schema | {"description": help_text})(self)


class YesNoFilter(django_filters.BooleanFilter):
    """`true` or `false`, spelled so."""

    field_class = _YesNoField


class ValidityFilter(YesNoFilter):
    """Whether a record was declared void; both if left out."""

    def __init__(self, **kwargs: Any):
        text = "true: declared void, false: valid. Both if left out."
        super().__init__("voided_at", "isnull", **{"exclude": True, "help_text": text, **kwargs})
