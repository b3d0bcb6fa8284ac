"""The OpenAPI document as data for a page: one entry an operation, with its parameters, what it
takes, and the fields of its rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]

PREFIX = "/api/v1/"

# What many operations take in the same sense: told once.
COMMON = ("fields", "limit", "cursor", "If-None-Match", "If-Match", "Idempotency-Key")


@dataclass(frozen=True)
class Entry:
    """A parameter or a field. `choices` are its codes where it has no others; its `type` says
    whether it may not be left out. In English, as the document is."""

    name: str
    type: str
    text: str
    nullable: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """`parameters` are those of its own, without the COMMON ones. `like` is the first operation of its kind that
    answers with the same fields, perhaps itself."""

    anchor: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: list[Entry]
    body: list[Entry]
    fields: list[Entry]
    curl: str
    like: "Operation | None" = None

    @property
    def kind(self) -> str:
        """What it is about: the first part of its path."""
        return self.path.removeprefix(PREFIX).partition("/")[0]


def generate(patterns: Sequence[Any]) -> Schema:
    """The document of these routes. It is the same for everybody, and in English."""
    with translation.override("en"):
        return dict(SchemaGenerator(patterns=list(patterns)).get_schema(request=None, public=True))


def operations(document: Schema, base_url: str) -> list[Operation]:
    """What the document offers, in its order."""
    components = document["components"]["schemas"]
    found = [
        _operation(path, method, operation, components, base_url)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return [replace(one, like=next(other for other in found if _are_alike(one, other))) for one in found]


def _are_alike(one: Operation, other: Operation) -> bool:
    return (one.kind, one.fields) == (other.kind, other.fields)


def common_parameters(document: Schema) -> list[Entry]:
    """The COMMON ones, each once."""
    components = document["components"]["schemas"]
    found = {
        parameter["name"]: _parameter(parameter, components)
        for methods in document["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
    }
    return [found[name] for name in COMMON if name in found]


def _parameter(found: Schema, components: Schema) -> Entry:
    kind = found["schema"] | {"description": found.get("description", "")}
    return _entry(found["name"], kind, components, is_needed=found.get("required", False))


def _operation(path: str, method: str, found: Schema, components: Schema, base_url: str) -> Operation:
    answer = found["responses"].get("200") or found["responses"]["201"]
    row = _row(answer["content"]["application/json"]["schema"], components)
    sent = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    needed = sent.get("required", [])
    return Operation(
        anchor=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["description"],
        scope=found["x-scope"],
        parameters=[_parameter(one, components) for one in found["parameters"] if one["name"] not in COMMON],
        body=[_entry(name, kind, components, is_needed=name in needed)
              for name, kind in sent.get("properties", {}).items()],
        fields=[_entry(name, kind, components) for name, kind in row["properties"].items()],
        curl=_curl(path, method, found, sent, base_url),
    )  # fmt: skip


def _curl(path: str, method: str, found: Schema, sent: Schema, base_url: str) -> str:
    """How the operation is called, with a body of what it needs at least."""
    lines = ['curl -H "Authorization: Bearer $KEY"']
    if method != "get":
        lines[0] += f" -X {method.upper()}"
        if any(p["name"] == "If-Match" and p.get("required") for p in found["parameters"]):
            lines.append("  -H 'If-Match: \"<ETag>\"'")
        names = sent.get("required") or list(sent["properties"])[:1]
        body = json.dumps({name: _example(sent["properties"][name]) for name in names}, ensure_ascii=False)
        lines.append(f"  -H 'Content-Type: application/json' -d '{body}'")
    lines.append(f'  "{base_url}{path.replace("{", "<").replace("}", ">")}"')
    return " \\\n".join(lines) if method != "get" else " ".join(line.strip() for line in lines)


def _example(kind: Schema) -> Any:
    """A value that the schema takes."""
    if "enum" in kind:
        return kind["enum"][0]
    if kind.get("format") == "date":
        return "2026-03-31"
    return kind.get("example", {"integer": 1, "boolean": True}.get(kind["type"], "…"))


def _row(schema: Schema, components: Schema) -> Schema:
    """The schema of one row, of a list or of the address itself."""
    found = _resolved(schema, components)
    rows = found.get("properties", {}).get("results")
    return _resolved(rows["items"], components) if rows else found


def _resolved(schema: Schema, components: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    return dict(components[schema["$ref"].rsplit("/", 1)[1]])


def _entry(name: str, kind: Schema, components: Schema, *, is_needed: bool = False) -> Entry:
    parts = [_resolved(part, components) for part in [kind, *kind.get("allOf", []), *kind.get("oneOf", [])]]
    choices = [str(code) for part in parts for code in part.get("enum", []) if code]
    types = [str(part.get("format") or part["type"]) for part in parts if "type" in part]
    return Entry(
        name=name,
        type=(types[0] if types else "string") + (", required" if is_needed else ""),
        text=str(kind.get("description", "")).partition("\n")[0],
        nullable=any(part.get("nullable") for part in parts),
        choices=tuple(choices),
    )
