"""Errors of the API: RFC 9457 `application/problem+json` for every one of them, with a stable `code`.

`code` names the kind (a client may switch on it), `detail` says what to do, `errors` lists what is wrong by parameter
or field. Also what no view ever saw: unknown addresses and failures below /api/.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import resolve
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import Conflict, DomainError

CONTENT_TYPE = "application/problem+json"

CODES = {
    400: "invalid_parameter",
    401: "not_authenticated",
    403: "scope_missing",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "precondition_failed",
    415: "unsupported_media_type",
    428: "precondition_required",
    429: "too_many_requests",
    500: "internal_error",
}


def problem(
    status: int, detail: str, *, code: str = "", errors: Sequence[Mapping[str, str]] = (), existing: str = ""
) -> dict[str, Any]:
    """The members of a problem. `type` is about:blank: the code tells the kinds apart, and the title is HTTP's.
    `existing` is the address of the row that is there already."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code or CODES.get(status, "refused"),
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    if existing:
        body["existing"] = existing
    return body


class Existing(Conflict):
    """What was to be entered is there already, at the address `existing`."""

    def __init__(self, error: DomainError, existing: str):
        super().__init__(error.message, code=error.code, fields=error.fields)
        self.existing = existing


class Stale(DomainError):
    """The row is no longer what the client has seen (412)."""

    status = 412
    code = "precondition_failed"


class Unconditional(DomainError):
    """A correction that does not say what it was made on (428)."""

    status = 428
    code = "precondition_required"


class Missing(DomainError):
    """Something that the body names is not there, or not for this key (404)."""

    status = 404
    code = "not_found"


class ParameterError(exceptions.ValidationError):
    """A query parameter that is unknown or cannot be read: names it, and what would be right."""

    def __init__(self, parameter: str, message: str, *, code: str = "invalid_parameter"):
        self.parameter = parameter
        super().__init__({parameter: [message]}, code=code)


def problem_response(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None lets Django answer with its 500, which `server_error` below words."""
    if isinstance(error, DomainError):
        existing = getattr(error, "existing", "")
        body = problem(error.status, str(error), code=error.code, errors=_by_field(error.fields), existing=existing)
        return Response(body, status=error.status, content_type=CONTENT_TYPE)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    response = _from_api_exception(error)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if isinstance(error, exceptions.Throttled):
        response["Retry-After"] = str(int(getattr(error, "wait", None) or 1))
    return response


def _from_api_exception(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        errors = _by_field(error.detail if isinstance(error.detail, dict) else {"": error.detail})
        codes = {str(code) for code in _flat(error.get_codes())}
        code = "unknown_parameter" if codes == {"unknown_parameter"} else ""
        return _answer(400, " ".join(item["detail"] for item in errors), code=code, errors=errors)
    return _answer(error.status_code, str(error.detail))


def _flat(codes: Any) -> list[Any]:
    if isinstance(codes, dict):
        return [code for inner in codes.values() for code in _flat(inner)]
    return [code for inner in codes for code in _flat(inner)] if isinstance(codes, list) else [codes]


def _by_field(fields: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "detail": str(message)}
        for name, messages in fields.items()
        for message in (messages if isinstance(messages, list) else [messages])
    ]


def _answer(status: int, detail: str, *, code: str = "", errors: Sequence[Mapping[str, str]] = ()) -> Response:
    return Response(problem(status, detail, code=code, errors=errors), status=status, content_type=CONTENT_TYPE)


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """The answer below the API to an address that does not exist; one that only lacks its last slash is led on."""
    if not request.path.endswith("/") and request.method in {"GET", "HEAD"} and _is_known(f"{request.path}/"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    body = problem(404, f"There is nothing at {request.path}. The addresses are listed at /api/.")
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def _is_known(path: str) -> bool:
    return resolve(path).func is not unknown_address


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a failure of ours: below the API a problem with nothing but the id under which it is logged."""
    if not request.path.startswith("/api/v"):
        return defaults.server_error(request)
    request_id = getattr(request, "request_id", "")
    body = problem(500, f"The portal failed to answer this request. It is logged as {request_id}.")
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
