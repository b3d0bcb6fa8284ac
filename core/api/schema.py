"""The OpenAPI document: what every operation shares is added here, once, so that no view can forget it."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS

from core.api import idempotency
from core.api.scopes import scope_of

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable; `errors` names the parameters or fields that are"
    " wrong, each with a message. Messages about fields are in the language that the client accepts.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "detail"],
                "properties": {"name": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "existing": {
            "type": "string",
            "format": "uri",
            "description": "With 409: the address of the row that has this key already.",
        },
    },
    "example": {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "unknown_parameter",
        "detail": "There is no parameter knd. Did you mean kind?",
        "errors": [{"name": "knd", "detail": "There is no parameter knd. Did you mean kind?"}],
    },
}

REFUSALS = {
    "400": "A parameter is unknown or malformed; `errors` names it.",
    "401": "No key, or one that is unknown, expired or revoked.",
    "403": "The key does not have the scope that this address needs.",
    "429": "More requests than the key may make a minute. `Retry-After` says how long to wait.",
}
MISSING = {"404": "There is nothing with this id."}
WRITING = REFUSALS | {
    "400": "The body is not JSON, or what it says is refused; `errors` names the fields.",
    "404": "There is nothing with this id, or what the body names is not there for this key.",
    "409": "It contradicts what is on record. `existing` is the address of the row that has this key already.",
    "413": "The body is larger than any record is.",
    "415": "The body is sent as something else than `application/json`.",
    "422": "The `Idempotency-Key` came with another request before.",
}
ON_A_ROW = {"412": "The row is no longer the one that `If-Match` names: read it again, and compare."}
CORRECTING = ON_A_ROW | {"428": "Without `If-Match` nothing is corrected."}
NO_ROW = "Done; a key that may not read the kind is not shown the row."

HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back as `If-None-Match`, or as `If-Match`."},
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "How many requests (q) in how many seconds (w)."},
    "RateLimit": {"schema": {"type": "string"}, "description": "How many are left (r), and seconds until reset (t)."},
}


LOCATION = {"Location": {"schema": {"type": "string", "format": "uri"}, "description": "The address of the new row."}}


ONCE = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "pattern": f"^{idempotency.PATTERN}$"},
    OpenApiParameter.HEADER,
    description="Of your own making, such as a UUID: for a day, whoever sends the same again gets the first answer.",
)


class PortalSchema(AutoSchema):
    """Adds to every operation its scope; `?fields=` and `If-None-Match` where it reads, body and `If-Match` where it
    writes."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        if self._writes():
            matching = [] if not self.view.detail else [_if_match(is_required=self.method == "PATCH")]
            return [*matching, ONCE]
        fields = OpenApiParameter("fields", str, description="Only these fields, with commas between.")
        known = OpenApiParameter(
            "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer that you have."
        )
        return [fields, known]

    def get_request_serializer(self) -> Any:
        return {"application/json": self.view.body_schema()} if self._writes() else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        row = super().get_response_serializers()
        if not self._writes():
            return row
        return {201: row} if self.view.action == "create" else {200: row, 204: OpenApiResponse(description=NO_ROW)}

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scope": scope_of(self.view, self.method)}

    def _writes(self) -> bool:
        return self.method not in SAFE_METHODS


def _if_match(*, is_required: bool) -> OpenApiParameter:
    text = "The ETag of the row that you have, or `*` for whatever it is now."
    return OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=is_required, description=text)


def add_problems(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's hook: errors, 304 and headers of every operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, description in _refusals(method, is_row="{" in path).items():
                operation["responses"][status] = _refusal(description)
            if method == "get":
                operation["responses"]["304"] = {"description": "Nothing has changed since the ETag that was sent."}
            else:
                operation["requestBody"]["required"] = True
            for status in {"200", "201"} & set(operation["responses"]):
                operation["responses"][status]["headers"] = HEADERS | (LOCATION if status == "201" else {})
            for parameter in operation.setdefault("parameters", []):
                if parameter["in"] == "path":
                    parameter["description"] = f"The row's `{parameter['name']}`, as the list shows it."
    return result


def _refusals(method: str, *, is_row: bool) -> dict[str, str]:
    match method:
        case "get":
            return REFUSALS | (MISSING if is_row else {})
        case "patch":
            return WRITING | CORRECTING
    return WRITING | (ON_A_ROW if is_row else {})


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
