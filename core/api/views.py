"""The shape of every list and row of the API: public ids, chosen fields, ETags, strict parameters."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.api.filters import ONE_ROW, refuse_unknown
from core.api.problems import ParameterError

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NUMBER_PATTERN = ".{1,64}"  # a number may hold anything, a slash too


class FieldsSerializer(serializers.ModelSerializer[Any]):
    """`?fields=a,b` sends only these; an unknown name is a 400 that lists the known ones."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        is_part: bool = self.parent is not None
        if not is_part and request is not None and "fields" in request.query_params:
            self._keep(request.query_params["fields"].split(","))

    def _keep(self, names: list[str]) -> None:
        known = list(self.fields)
        if unknown := [name for name in names if name not in known]:
            raise ParameterError("fields", f"There is no field {unknown[0]!r}. Known are: {', '.join(known)}.")
        for name in set(known) - set(names):
            self.fields.pop(name)


class ReadViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Any]):
    """A list and its rows, read with a key of `scope`.

    `ordering_fields` maps public names to model fields (`pk`: the order of entry), `default_ordering` is one of them.
    """

    rate_limit_headers: Mapping[str, str] = {}  # filled in by the throttle
    scope: str
    ordering_fields: dict[str, str]
    default_ordering: str
    http_method_names = ["get", "head", "options"]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_unknown(request, ONE_ROW)
        return super().retrieve(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        # A single row is found by its public id alone.
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.rate_limit_headers.items():
            response[name] = value
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        response["Cache-Control"] = "private, no-cache"
        if response.status_code == 200 and request.method in {"GET", "HEAD"}:
            response = self._unless_known(request, response)
        return response

    def _unless_known(self, request: Request, response: Any) -> Any:
        """304 without a body for a client that has this very answer."""
        etag = etag_of(response.rendered_content)
        if is_named(etag, request.headers.get("If-None-Match", "")):
            headers = {name: response[name] for name in ("Vary", "Cache-Control")}
            throttled = {name: value for name, value in response.items() if name.startswith("RateLimit")}
            response = _empty(response, headers | throttled)
        response["ETag"] = etag
        return response


def etag_of(rendered: bytes) -> str:
    """The ETag of an answer with this body."""
    return f'"{hashlib.blake2b(rendered, digest_size=16).hexdigest()}"'


def is_named(etag: str, header: str) -> bool:
    """Whether an If-Match or If-None-Match names the ETag, or any: weak ones too, as compressing makes ours weak."""
    known = parse_etags(header)
    return "*" in known or etag in known or f"W/{etag}" in known


def _empty(response: Any, headers: dict[str, str]) -> Response:
    unchanged = Response(status=304, headers=headers)
    for name in ("accepted_renderer", "accepted_media_type", "renderer_context"):
        setattr(unchanged, name, getattr(response, name))
    return unchanged
