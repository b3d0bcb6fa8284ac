"""Pages by cursor: the last row's sort key and its primary key, so that a million equal timestamps end too.

A page is asked for with `WHERE (key, pk) > (last key, last pk)`: it costs the same on the first page and the last, and
rows that are added meanwhile neither repeat nor hide others. The cursor is opaque, and checked when it comes back.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import ParameterError

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


class PublicCursorPagination(BasePagination):
    """`?limit=` rows a page (1 to 1000), `next` is the address of the following page, null on the last.

    The order comes from the view's `ordering_fields` (public name to model field; null comes last) and `?ordering=`;
    the primary key is always the last part of it.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.limit = _limit(request.query_params.get("limit"))
        self.name, self.field, self.descending = _ordering(request, view)
        page = self._after_cursor(queryset)
        rows = list(page.order_by(*self._order())[: self.limit + 1])
        self.has_more = len(rows) > self.limit
        self.rows = rows[: self.limit]
        return self.rows

    def _order(self) -> list[Any]:
        if self.field == "pk":
            return ["-pk" if self.descending else "pk"]
        key = F(self.field)
        # NULLS LAST only where there can be any: otherwise the index could not be read backwards.
        last = {"nulls_last": True} if self.nullable else {}
        return [key.desc(**last), "-pk"] if self.descending else [key.asc(**last), "pk"]

    def _after_cursor(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        field = _model_field(queryset, self.field)
        self.nullable = field.null
        cursor = self.request.query_params.get("cursor")
        if not cursor:
            return queryset
        value, pk = _decode(cursor, self._signed_name(), field)
        step = "lt" if self.descending else "gt"
        after_pk = Q(**{f"pk__{step}": pk})
        if self.field == "pk":
            return queryset.filter(after_pk)
        if value is None:
            return queryset.filter(after_pk, **{f"{self.field}__isnull": True})
        later = Q(**{f"{self.field}__{step}": value})
        if self.nullable:
            return queryset.filter(later | Q(**{f"{self.field}__isnull": True}) | Q(after_pk, **{self.field: value}))
        # The first condition is one range of the index; the second only sorts out the rows of equal keys.
        return queryset.filter(later | after_pk, **{f"{self.field}__{step}e": value})

    def _signed_name(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        return Response({"results": data, "next": self._next()})

    def _next(self) -> str | None:
        if not self.has_more:
            return None
        last = self.rows[-1]
        value = last
        for part in self.field.split("__"):
            value = getattr(value, part)
        cursor = _encode(self._signed_name(), value, last.pk)
        parameters = [(k, v) for k, values in self.request.query_params.lists() if k != "cursor" for v in values]
        path = self.request.build_absolute_uri(self.request.path)
        return f"{path}?{urlencode([*parameters, ('cursor', cursor)])}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": "The address of the next page; null on the last one.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = sorted(view.ordering_fields)
        choices = [*names, *(f"-{name}" for name in names)]
        return [
            _parameter("limit", "Rows a page.", _WHOLE_NUMBER),
            _parameter("cursor", "Where the page begins: take it from `next`, do not make it.", {"type": "string"}),
            _parameter(
                "ordering",
                "The order; a minus turns it round, ties are broken by the order of entry.",
                {"type": "string", "enum": choices, "default": view.default_ordering},
            ),
        ]


_WHOLE_NUMBER = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= MAX_LIMIT):
        raise ParameterError("limit", f"limit is a whole number from 1 to {MAX_LIMIT}.")
    return int(given)


def _ordering(request: Request, view: Any) -> tuple[str, str, bool]:
    given = request.query_params.get("ordering", view.default_ordering)
    name = given.removeprefix("-")
    if name not in view.ordering_fields:
        known = ", ".join(sorted(view.ordering_fields))
        raise ParameterError("ordering", f"ordering is one of: {known}; with a minus before it for the other way.")
    return name, view.ordering_fields[name], given.startswith("-")


def _model_field(queryset: models.QuerySet[Any], path: str) -> models.Field:
    model: Any = queryset.model
    if path == "pk":
        return model._meta.pk
    *relations, name = path.split("__")
    try:
        for relation in relations:
            model = model._meta.get_field(relation).related_model
        return model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise LookupError(f"{path} is no field to order {queryset.model.__name__} by") from error


def _encode(ordering: str, value: Any, pk: int) -> str:
    if isinstance(value, dt.date | dt.datetime | Decimal):
        value = value.isoformat() if not isinstance(value, Decimal) else str(value)
    text = json.dumps([ordering, value, pk], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, ordering: str, field: models.Field) -> tuple[Any, int]:
    """The key and pk of the row before the page. A cursor that we did not make for this order is a 400."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if made_for != ordering or type(pk) is not int or not 0 < pk < 2**63:
            raise ValueError(cursor)
        if value is not None:
            if type(value) not in (str, int) or (isinstance(value, str) and "\x00" in value):
                raise ValueError(cursor)
            value = field.to_python(value)
    except (ValueError, TypeError, binascii.Error, InvalidOperation, ValidationError, RecursionError) as error:
        message = "This cursor was not made for this list and order: begin without it, and follow `next`."
        raise ParameterError("cursor", message) from error
    return value, pk
