"""The OpenAPI document: what every operation shares is added here, once, so that no view can forget it."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable; `errors` names the parameters that are wrong.",
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
MISSING = "There is nothing with this id."

HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back as `If-None-Match`."},
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "How many requests (q) in how many seconds (w)."},
    "RateLimit": {"schema": {"type": "string"}, "description": "How many are left (r), and seconds until reset (t)."},
}


class PortalSchema(AutoSchema):
    """Adds `?fields=`, `If-None-Match` and the scope to every operation that reads."""

    def get_override_parameters(self) -> list[Any]:
        fields = OpenApiParameter("fields", str, description="Only these fields, with commas between.")
        known = OpenApiParameter(
            "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer that you have."
        )
        return [fields, known]

    def get_extensions(self) -> dict[str, Any]:
        view: Any = self.view
        return {"x-scope": str(view.scope)}


def add_problems(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's hook: errors, 304 and headers of every operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for operation in operations.values():
            refusals = REFUSALS | ({"404": MISSING} if "{" in path else {})
            for status, description in refusals.items():
                operation["responses"][status] = _refusal(description)
            operation["responses"]["304"] = {"description": "Nothing has changed since the ETag that was sent."}
            operation["responses"]["200"]["headers"] = HEADERS
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["description"] = f"The row's `{parameter['name']}`, as the list shows it."
    return result


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
