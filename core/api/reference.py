"""The OpenAPI document as data for a page: one entry an address, with its parameters and the fields of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A parameter or a field. `choices` are its codes where it has no others."""

    name: str
    type: str
    text: str
    nullable: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    anchor: str
    path: str
    summary: str
    scope: str
    parameters: list[Entry]
    fields: list[Entry]
    curl: str


def generate(patterns: Sequence[Any]) -> Schema:
    """The document of these routes. It is the same for everybody, and in English."""
    with translation.override("en"):
        return dict(SchemaGenerator(patterns=list(patterns)).get_schema(request=None, public=True))


def operations(document: Schema, base_url: str) -> list[Operation]:
    """What the document offers, in its order."""
    components = document["components"]["schemas"]
    return [_operation(path, methods["get"], components, base_url) for path, methods in document["paths"].items()]


def _operation(path: str, found: Schema, components: Schema, base_url: str) -> Operation:
    example = path.replace("{", "<").replace("}", ">")
    row = _row(found["responses"]["200"]["content"]["application/json"]["schema"], components)
    return Operation(
        anchor=found["operationId"],
        path=path,
        summary=found["description"],
        scope=found["x-scope"],
        parameters=[_entry(p["name"], p["schema"] | {"description": p.get("description", "")}, components)
                    for p in found["parameters"]],
        fields=[_entry(name, kind, components) for name, kind in row["properties"].items()],
        curl=f'curl -H "Authorization: Bearer $KEY" "{base_url}{example}"',
    )  # fmt: skip


def _row(schema: Schema, components: Schema) -> Schema:
    """The schema of one row, of a list or of the address itself."""
    found = _resolved(schema, components)
    rows = found.get("properties", {}).get("results")
    return _resolved(rows["items"], components) if rows else found


def _resolved(schema: Schema, components: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    return dict(components[schema["$ref"].rsplit("/", 1)[1]])


def _entry(name: str, kind: Schema, components: Schema) -> Entry:
    parts = [_resolved(part, components) for part in [kind, *kind.get("allOf", []), *kind.get("oneOf", [])]]
    choices = [str(code) for part in parts for code in part.get("enum", []) if code]
    types = [str(part.get("format") or part["type"]) for part in parts if "type" in part]
    return Entry(
        name=name,
        type=types[0] if types else "string",
        text=str(kind.get("description", "")).partition("\n")[0],
        nullable=any(part.get("nullable") for part in parts),
        choices=tuple(choices),
    )
