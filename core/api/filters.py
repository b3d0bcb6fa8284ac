"""Filters by django-filter, strictly: an unknown or malformed parameter is a 400 that names it and the known ones.

A filter that is silently ignored returns rows that nobody asked for; a statistics office would count them.
"""

import difflib
from collections.abc import Iterable
from typing import Any

from django.db import models
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from core.api.problems import ParameterError

PAGING = ("limit", "cursor", "ordering")
ONE_ROW = ("fields",)


class StrictFilterBackend(DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> models.QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        names = list(filterset_class.base_filters) if filterset_class else []
        refuse_unknown(request, [*names, *PAGING, *ONE_ROW])
        filtered: models.QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def get_filterset_kwargs(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        for name in request.query_params:
            if request.query_params[name] == "":
                raise ParameterError(name, f"{name} is empty: leave it out, or give it a value.")
        return kwargs


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise for a parameter that is not among the known ones, is given twice, or holds a NUL."""
    names = sorted(set(known))
    for name, values in request.query_params.lists():
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            listed = f"Known are: {', '.join(names)}." if names else "This address takes none."
            message = f"There is no parameter {name}.{hint} {listed}"
            raise ParameterError(name, message, code="unknown_parameter")
        if len(values) > 1:
            raise ParameterError(name, f"{name} is given {len(values)} times: give it once.")
        if any("\x00" in value for value in values):
            raise ParameterError(name, f"{name} holds a NUL character.")
