"""Views that take something: for whom a program acts, on which state of a row, and what it is answered."""

from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bodies import Body
from core.api.idempotency import once
from core.api.problems import Stale
from core.api.views import NUMBER_PATTERN, ReadViewSet, etag_of, is_named
from core.errors import DomainError


class WritingViewSet(ReadViewSet):
    """Rows that machines with a key of `write_scope` add to, correct or act on."""

    write_scope: str

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A program that names no language reads that of the person whom it acts for.
        if "Accept-Language" not in request.headers and self.person.language:
            translation.activate(self.person.language)
        method = str(request.method)
        if method not in SAFE_METHODS and hasattr(self, method.lower()):
            setattr(self, method.lower(), partial(once, getattr(self, method.lower())))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A number may end like the address of an act: what is not for the act is for the row of that number."""
        act = getattr(self, next(iter(self.action_map.values())), None)
        path, key = getattr(act, "url_path", ""), self.lookup_url_kwarg or self.lookup_field
        is_for_act = request.method == "POST" and "post" in self.action_map
        if path and not is_for_act and getattr(self, "lookup_value_regex", "") == NUMBER_PATTERN:
            number = f"{kwargs[key]}/{path}"
            with suppress(ValidationError):
                rows: Any = type(self).queryset
                if rows.model.objects.filter(**{self.lookup_field: number}).exists():
                    named = {"get": "retrieve", "patch": "partial_update"}
                    methods: dict[str, Any] = {name: view for name, view in named.items() if hasattr(self, view)}
                    return type(self).as_view(methods, detail=True)(request, *args, **{**kwargs, key: number})
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> Any:
        """The officer who answers for the key."""
        return self.request.user

    def refuse_stale(self, request: Request, record: Any) -> None:
        """Stale where the row, which is held, is not the one that `If-Match` names; without one it may be any."""
        tags = request.headers.get("If-Match", "*")
        if not is_named(etag_of(JSONRenderer().render(self.row(record))), tags):
            raise Stale(
                _("Somebody changed it since you read it. Read it again, compare, and send what is still to do.")
            )

    def row(self, record: Any) -> Any:
        """The record as the list shows it."""
        return self.get_serializer(self.get_queryset().get(pk=record.pk)).data

    def answer(self, request: Request, record: Any, status: int) -> Response:
        """The row with its ETag; a key that may not read the kind is told where it is, and no more."""
        row = self.row(record)
        headers = {"Location": self.address(request, record)} if status == 201 else {}
        if not self.may_read(request):
            return Response(status=201 if status == 201 else 204, headers=headers)
        return Response(row, status=status, headers=headers | {"ETag": etag_of(JSONRenderer().render(row))})

    def may_read(self, request: Request) -> bool:
        return self.scope in getattr(request.auth, "scopes", ())

    def refuse_unread(self, request: Request) -> None:
        """403 for a key that may not read the kind: what would become of a row tells the row."""
        if not self.may_read(request):
            raise PermissionDenied(f"This address needs a key with the scope {self.scope}, too.")

    def address(self, request: Request, record: Any) -> str:
        """Of a row of this list."""
        key = quote(str(getattr(record, self.lookup_field)), safe="")
        return request.build_absolute_uri(f"{request.path}{key}/")


def publicly(error: DomainError, body: Body) -> DomainError:
    """The error with the names that the body has for the fields of the form."""
    error.fields = {body.public(name): told for name, told in error.fields.items()}
    return error
